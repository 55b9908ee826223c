"""The worker process on its pipe: every failure becomes an event, and the pipe's end is its own."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from dalang import events
from dalang.media.film import film_sound
from dalang.media.wav import read_wav
from dalang.task import RenderRequest
from tests.unit.media.recordings import click, film, tone, wav

ACTOR = Path(__file__).parents[1] / "actor.py"


def render(act: str) -> events.Render:
    request = RenderRequest(model="m", prompt=act, width=16, height=16, duration=1, fps=1, seed=0, sound=False)
    return events.Render("task", "none", request, "/nowhere")


class Pipe:
    """The server's end."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def send(self, *commands: events.Command) -> None:
        self.send_bytes(b"".join(events.pack(command) for command in commands))

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def receive(self) -> events.Event:
        assert self.process.stdout
        (length,) = struct.unpack("!I", self.process.stdout.read(4))
        event: events.Event = msgspec.msgpack.decode(self.process.stdout.read(length), type=events.Event)
        return event

    def answer(self, act: str) -> events.Event:
        self.send(render(act))
        return self.receive()

    def close(self) -> int:
        """The exit code, once the pipe is closed."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(10)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe(str(ACTOR))
    assert pipe.receive() == events.Ready()
    with pipe.process:
        yield pipe
        pipe.process.kill()


FAULTS = {
    "err": "ValueError: a bug",
    "lose a file": "FileNotFoundError",
    "run out of memory": "MemoryError",
    "err in the algorithm": "Wrong frames.",
    "quit": "SystemExit: 3",
}


def test_whatever_is_raised_becomes_an_event_and_the_process_lives(pipe: Pipe) -> None:
    for act, told in FAULTS.items():
        failed = pipe.answer(act)
        assert isinstance(failed, events.Failed)
        assert (failed.code, failed.is_fault, told in failed.message) == ("InternalError.Algo", True, True), act
    assert pipe.answer("object") == events.Failed("InvalidImage.ImageSize", "Too small.", False)
    hopeless = events.Failed("InternalError.Algo", "Too large for this GPU.", False)
    assert pipe.answer("ask too much") == hopeless, "another attempt would meet it too"
    full = pipe.answer("overfill")
    assert isinstance(full, events.Failed)
    assert (full.code, full.is_fault) == ("InternalError.Upload", False), "another attempt would fill the disk again"
    assert isinstance(pipe.answer("say who you are"), events.Rendered)


def test_a_stop_ends_the_work_in_hand_and_not_the_next(pipe: Pipe) -> None:
    pipe.send(render("go on and on"))
    assert pipe.receive() == events.Progress(0.1)
    pipe.send(events.Stop())
    while (event := pipe.receive()) == events.Progress(0.1):
        pass
    assert event == events.Stopped()
    pipe.send(events.Stop(), render("progress"))
    assert [pipe.receive() for _ in range(3)][-1] == events.Rendered(("done",)), "a late stop is for nobody"


@pytest.mark.parametrize("act", ["go on and on", "be deaf"])
def test_a_worker_ends_with_the_pipe_whatever_it_is_doing(pipe: Pipe, act: str) -> None:
    pipe.send(render(act))
    pipe.receive()
    assert pipe.close() == 0


def test_an_idle_worker_ends_with_the_pipe(pipe: Pipe) -> None:
    assert pipe.close() == 0


def test_a_pipe_that_breaks_within_a_command_has_ended_too(pipe: Pipe) -> None:
    pipe.send(render("be deaf"))
    pipe.receive()
    pipe.send_bytes(events.pack(render("progress"))[:-5])
    assert pipe.close() == 0


@pytest.fixture
def inspector() -> Iterator[Pipe]:
    pipe = Pipe("-m", "dalang.worker", "inspect")
    assert pipe.receive() == events.Ready()
    with pipe.process:
        yield pipe
        pipe.process.kill()


def test_an_inspector_answers_each_kind_of_input(inspector: Pipe, tmp_path: Path) -> None:
    source, target, still = (str(tmp_path / name) for name in ("source", "target", "still.jpg"))
    Image.new("RGB", (750, 1000), "red").save(source, "PNG")
    inspector.send(events.Inspect(source, target, "720P", 2**20))
    assert inspector.receive() == events.Inspected(816, 1104)
    inspector.send(events.Inspect(source, target, "720P", 2**20, (1280, 720), still))
    assert inspector.receive() == events.Inspected(1280, 720)
    assert max(Image.open(still).size) == 768
    Path(source).write_bytes(wav(tone(4)))
    inspector.send(events.InspectAudio(source, target, 5, 3, 30, 2**20))
    assert inspector.receive() == events.InspectedAudio(4)
    assert len(read_wav(Path(target))) == 5 * 48_000


def test_an_inspector_and_a_renderer_make_a_film_of_a_clip_and_a_sound(inspector: Pipe, tmp_path: Path) -> None:
    source, opening, last, voice, output = (
        str(tmp_path / n) for n in ("source", "o.mp4", "last.png", "a.wav", "x.mp4")
    )
    Path(source).write_bytes(film(np.full((360, 640, 3), 200, np.uint8) for _ in range(75)))
    inspector.send(events.InspectClip(source, opening, last, "480P", 30, 5, 2**24, still=str(tmp_path / "still.jpg")))
    assert inspector.receive() == events.InspectedClip(832, 464, 75)
    assert Image.open(tmp_path / "still.jpg").size == (768, 428)
    Path(source).write_bytes(wav(click(24_000, 3)))
    inspector.send(events.InspectAudio(source, voice, 5, 3, 30, 2**20))
    assert inspector.receive() == events.InspectedAudio(3)

    request = RenderRequest(
        model="m", prompt="p", width=832, height=464, duration=2.5, fps=30, seed=0, sound=False, image=last
    )
    finish = events.Finish(opening, 75, voice, watermark=True, metadata=(("seed", "7"),), stills=2)
    renderer = Pipe("-m", "dalang.worker", "render", "slate")
    with renderer.process:
        assert renderer.receive() == events.Ready()
        renderer.send(events.Render("task", "slate", request, output, finish))
        while isinstance(event := renderer.receive(), events.Progress):
            pass
        renderer.close()
    assert event == events.Rendered(())
    assert sorted(path.name for path in tmp_path.glob("x.mp4.*")) == ["x.mp4.0.jpg", "x.mp4.1.jpg"]
    with av.open(output) as file:
        assert file.metadata["seed"] == "7"
        assert sum(1 for _ in file.decode(video=0)) == 150
    sound = film_sound(output)
    assert sound is not None
    assert abs(int(np.abs(sound[:, 0]).argmax()) - 24_000) <= 1


def test_what_is_wrong_with_an_input_is_told_by_its_code(inspector: Pipe, tmp_path: Path) -> None:
    source, target = str(tmp_path / "source"), str(tmp_path / "target")
    Path(source).write_bytes(b"<html>")
    inspector.send(events.InspectAudio(source, target, 5, 3, 30, 2**20))
    refused = inspector.receive()
    assert isinstance(refused, events.Failed)
    assert (refused.code, refused.is_fault) == ("InvalidFile.Format", False)


def test_wrong_use_is_told() -> None:
    done = subprocess.run([sys.executable, "-m", "dalang.worker"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "usage" in done.stderr

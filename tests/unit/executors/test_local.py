"""Real child processes, under asyncio's loop and under the server's own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from dalang import events
from dalang.errors import ProtocolError, WorkerFault
from dalang.executors import local
from dalang.executors.local import LocalExecutor, explain_exit
from dalang.task import RenderRequest
from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import find_profile
from dalang.weights.setup import Setup

ACTOR = Path(__file__).parents[2] / "actor.py"


def render(act: str, setup: Setup | None = None) -> events.Render:
    request = RenderRequest(
        model="m", prompt=act, width=16, height=16, duration=1, fps=1, seed=0, sound=False, setup=setup
    )
    return events.Render("task", "none", request, "/nowhere")


def with_weights(name: str) -> Setup:
    row = checkpoints()["wan2.2-ti2v-5b"]
    return Setup(row, "/weights", find_profile("quality", row, {}), name=name)


class Slot:
    """An executor of one slot, or of one for each of `devices`, and a wake-up whenever one becomes idle."""

    def __init__(self, *devices: str) -> None:
        self.slots = len(devices) or 1
        self.executor = LocalExecutor((), self.slots, devices)
        self._idle = asyncio.Event()

    async def open(self) -> None:
        await self.executor.start(self._idle.set)
        await self.until_idle()

    async def until_idle(self) -> None:
        async with asyncio.timeout(20):
            while self.executor.idle < self.slots:
                self._idle.clear()
                await self._idle.wait()

    async def do(self, act: str, setup: Setup | None = None) -> list[events.Event]:
        async with asyncio.timeout(20), aclosing(self.executor.run(render(act, setup))) as heard:
            return [event async for event in heard]

    async def pid(self, setup: Setup | None = None) -> int:
        return int((await self.who(setup))[0])

    async def who(self, setup: Setup | None = None) -> tuple[str, ...]:
        """Its process, and the GPUs that it sees."""
        (event,) = await self.do("say who you are", setup)
        assert isinstance(event, events.Rendered)
        return event.warnings


@pytest.fixture
def actors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", make_script(tmp_path, f"exec {sys.executable} {ACTOR}"))
    monkeypatch.setattr(local, "RESPAWN_SECONDS", (0.0, 0.01))


@pytest.fixture
async def slot(actors: None) -> AsyncIterator[Slot]:
    slot = Slot()
    await slot.open()
    yield slot
    await slot.executor.close()


@pytest.fixture
async def pair(actors: None) -> AsyncIterator[Slot]:
    """Of slots, each with a GPU."""
    pair = Slot("GPU-a", "GPU-b")
    await pair.open()
    yield pair
    await pair.executor.close()


def make_script(folder: Path, command: str) -> str:
    """Stands where the interpreter would."""
    script = folder / "python"
    script.write_text(f"#!/bin/sh\n{command}\n")
    script.chmod(0o755)
    return str(script)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_worker_does_one_command_after_the_other_and_stays(slot: Slot) -> None:
    first = await slot.pid()
    assert await slot.do("progress") == [events.Progress(0.25), events.Progress(0.5), events.Rendered(("done",))]
    with pytest.raises(ProtocolError) as refusal:
        await slot.do("object")
    assert (refusal.value.code, refusal.value.message) == ("InvalidImage.ImageSize", "Too small.")
    with pytest.raises(WorkerFault, match="a bug"):
        await slot.do("err")
    assert slot.executor.idle == 1
    assert await slot.pid() == first, "neither a refusal nor an exception costs the process"


async def test_a_worker_that_dies_at_work_is_a_fault_and_replaced(slot: Slot) -> None:
    """Where it died while it was read, and where it died while it was written to."""
    first = await slot.pid()
    with pytest.raises(WorkerFault, match="SIGKILL"):
        await slot.do("die")
    await slot.until_idle()
    assert await slot.pid() != first


async def test_a_worker_that_died_idle_is_a_fault_or_replaced_and_never_a_bug(slot: Slot) -> None:
    os.kill(await slot.pid(), signal.SIGKILL)
    with pytest.raises(WorkerFault):
        await slot.do("progress")
    await slot.until_idle()
    assert await slot.do("progress")


async def test_without_an_idle_worker_nothing_is_run(slot: Slot) -> None:
    running = slot.executor.run(render("go on and on"))
    await anext(running)
    assert slot.executor.idle == 0
    with pytest.raises(WorkerFault):
        await slot.do("progress")
    await running.aclose()


async def test_who_closes_the_iterator_stops_the_work_politely(slot: Slot) -> None:
    first = await slot.pid()
    running = slot.executor.run(render("go on and on"))
    assert await anext(running) == events.Progress(0.1)
    await running.aclose()
    assert slot.executor.idle == 1
    assert await slot.pid() == first, "it heard, and lives on"


async def test_who_cancels_the_task_that_waits_stops_the_work(slot: Slot) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with aclosing(slot.executor.run(render("go on and on"))) as heard:
            async for _ in heard:
                begun.set()

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert slot.executor.idle == 1


async def test_a_worker_that_does_not_hear_is_killed_and_replaced(slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "STOP_SECONDS", 0.01)
    first = await slot.pid()
    running = slot.executor.run(render("be deaf"))
    await anext(running)
    await running.aclose()
    await slot.until_idle()
    assert await slot.pid() != first
    assert not is_alive(first)


async def test_a_worker_with_weights_may_end_its_step_before_it_stops(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "STOP_SECONDS", 0)
    first = await slot.pid()
    running = slot.executor.run(render("go on and on", with_weights("A")))
    await anext(running)
    await running.aclose()
    assert slot.executor.idle == 1
    assert await slot.pid() == first, "killed, it would have to load them again"


async def test_closing_does_not_wait_for_a_step(slot: Slot) -> None:
    running = slot.executor.run(render("be deaf", with_weights("A")))
    await anext(running)
    stopping = asyncio.create_task(running.aclose())
    await asyncio.sleep(0)
    await slot.executor.close()
    async with asyncio.timeout(local.STEP_SECONDS / 2):
        await stopping


async def test_weights_are_asked_of_the_worker_that_has_them(pair: Slot) -> None:
    first, other = with_weights("A"), with_weights("B")
    has_first, has_other = await pair.pid(first), await pair.pid(other)
    assert has_first != has_other
    assert sorted(pair.executor.wanted) == ["A", "B"]
    assert [await pair.pid(setup) for setup in (first, other, first)] == [has_first, has_other, has_first]


async def test_a_worker_that_takes_a_place_sees_the_gpus_of_its_slot(pair: Slot) -> None:
    pid, gpus = await pair.who(with_weights("A"))
    _, others = await pair.who(with_weights("B"))
    assert {gpus, others} == {"GPU-a", "GPU-b"}
    with pytest.raises(WorkerFault):
        await pair.do("die", with_weights("A"))
    await pair.until_idle()
    assert list(pair.executor.wanted) == ["B"], "who is new has no weights"
    next_pid, next_gpus = await pair.who(with_weights("A"))
    assert next_pid != pid
    assert next_gpus == gpus


async def test_closing_ends_every_worker(slot: Slot) -> None:
    pid = await slot.pid()
    await slot.executor.close()
    assert not is_alive(pid)


async def test_a_worker_that_cannot_be_started_is_tried_again(
    slot: Slot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script, good = tmp_path / "python", tmp_path / "good"
    move(script, good)
    with pytest.raises(WorkerFault):
        await slot.do("die")
    assert slot.executor.idle == 0
    move(good, script)
    await slot.until_idle()
    assert await slot.pid()


def move(source: Path, target: Path) -> None:
    source.rename(target)


def test_an_exit_is_explained() -> None:
    assert (explain_exit(-9), explain_exit(3)) == ("SIGKILL", "exit code 3")

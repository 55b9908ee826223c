"""What becomes of an engine's clip before it is a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.unit.media.recordings import click, film, tone

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest
from dalang.errors import InternalError
from dalang.events import Finish
from dalang.media.clip import prepare_clip
from dalang.media.finish import finished, lengthened
from dalang.media.wav import write_wav

WIDTH, HEIGHT, FPS = 832, 464, 30
SIZE = (WIDTH, HEIGHT)


def request(seconds: float = 2) -> RenderRequest:
    return RenderRequest(
        model="m", prompt="", width=WIDTH, height=HEIGHT, duration=seconds, fps=FPS, seed=0, sound=True
    )


def drawn(luma: int = 100, count: int = 60) -> Iterator[Frame]:
    for number in range(count):
        frame = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        frame[:HEIGHT] = luma + number
        yield frame


def finish_it(clip: Clip, finish: Finish, output: str = "") -> Clip:
    return finished(clip, lengthened(request(), finish), finish, output)


@pytest.fixture
def opening(tmp_path: Path) -> str:
    """A prepared clip of 2.5 white seconds, a click after one of them."""
    white = (np.full((360, 640, 3), 255, np.uint8) for _ in range(75))
    (tmp_path / "source").write_bytes(film(white, sound=click(SAMPLE_RATE, 2.5)))
    made = prepare_clip(tmp_path / "source", tmp_path / "o.mp4", tmp_path / "l.png", "480P", FPS, 15, 2**24)
    assert made == (WIDTH, HEIGHT, 75)
    return str(tmp_path / "o.mp4")


def test_nothing_asked_is_nothing_done() -> None:
    clip = finish_it(Clip(drawn(), tone(2), preset="ultrafast"), Finish())
    assert [int(frame[0, 0]) for frame in clip.frames] == list(range(100, 160))
    assert clip.sound is not None
    assert np.array_equal(clip.sound, tone(2))
    assert clip.preset == "ultrafast"


def test_an_opening_comes_first_with_its_own_sound(opening: str) -> None:
    asked = Finish(opening=opening, opening_frames=75)
    assert lengthened(request(), asked).frame_count == 135
    clip = finish_it(Clip(drawn(), tone(2)), asked)
    lumas = [int(frame[0, 0]) for frame in clip.frames]
    assert len(lumas) == 135
    assert min(lumas[:75]) > 230
    assert lumas[75:] == list(range(100, 160))
    assert clip.sound is not None
    assert clip.sound.shape == (135 * SAMPLE_RATE // FPS, 2)
    assert abs(int(np.abs(clip.sound[:, 0]).argmax()) - SAMPLE_RATE) <= 1
    assert np.array_equal(clip.sound[75 * SAMPLE_RATE // FPS :], tone(2))


def test_an_opening_of_a_silent_video_is_silent(opening: str) -> None:
    assert finish_it(Clip(drawn(), None), Finish(opening=opening, opening_frames=75)).sound is None


def test_an_opening_that_is_not_what_was_prepared_is_our_own_fault(tmp_path: Path, opening: str) -> None:
    for path, count in ((opening, 76), (str(tmp_path / "none.mp4"), 75)):
        with pytest.raises(InternalError, match="clip is missing or not"):
            list(finish_it(Clip(drawn(), None), Finish(opening=path, opening_frames=count)).frames)


def test_a_given_sound_takes_the_place_of_every_other(tmp_path: Path, opening: str) -> None:
    write_wav(tmp_path / "a.wav", tone(4.5, hertz=300))
    asked = Finish(opening=opening, opening_frames=75, audio=str(tmp_path / "a.wav"))
    sound = finish_it(Clip(drawn(), tone(2)), asked).sound
    assert sound is not None
    assert sound.shape == (135 * SAMPLE_RATE // FPS, 2)
    assert np.abs(sound - tone(4.5, hertz=300)).max() < 1e-4


def test_the_mark_is_on_each_frame(opening: str) -> None:
    clip = finish_it(Clip(drawn(), None), Finish(opening=opening, opening_frames=75, watermark=True))
    assert all(int(np.ptp(frame[HEIGHT // 2 : HEIGHT])) > 80 for frame in clip.frames)


@pytest.mark.parametrize(("count", "expected"), [(1, [130]), (2, [115, 145]), (3, [110, 130, 150])])
def test_stills_are_spread_evenly(tmp_path: Path, count: int, expected: list[int]) -> None:
    output = tmp_path / "a.mp4"
    clip = finish_it(Clip(drawn(), None), Finish(stills=count), str(output))
    assert len(list(clip.frames)) == 60
    lumas = []
    for number in range(count):
        with Image.open(f"{output}.{number}.jpg") as still:
            assert (still.format, still.size) == ("JPEG", (768, 428))
            lumas.append(round(still.getpixel((9, 9))[0] * 219 / 255 + 16))
    assert lumas == pytest.approx(expected, abs=2)
    assert len(list(tmp_path.glob("*.jpg"))) == count


def test_more_stills_than_frames_are_all_there(tmp_path: Path) -> None:
    clip = finished(Clip(drawn(count=2), None), request(2 / FPS), Finish(stills=5), str(tmp_path / "a.mp4"))
    assert len(list(clip.frames)) == 2
    assert len(list(tmp_path.glob("a.mp4.*.jpg"))) == 5

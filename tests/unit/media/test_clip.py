"""A user's clip: upright, in time and of our sides, with its sound; the rest is refused in a sentence."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.unit.media.recordings import TURN, click, film, mp3, tone, turned

from dalang.engines import SAMPLE_RATE, Frame, Sound
from dalang.errors import InvalidFile, ProtocolError
from dalang.media.clip import prepare_clip
from dalang.media.film import film_frames, film_sound

MB = 2**20
RED, GREY, BLUE = (200, 30, 30), (40, 40, 40), (30, 30, 200)


class Made(NamedTuple):
    width: int
    height: int
    frames: list[Frame]
    sound: Sound | None
    last: Image.Image


Prepare = Callable[..., Made]


@pytest.fixture
def prepare(tmp_path: Path) -> Prepare:
    """Bytes of a clip → what is prepared of it at 480P and 30 frames a second."""

    def run(data: bytes, duration: int = 15) -> Made:
        source, target, last = (tmp_path / name for name in ("source", "target.mp4", "last.png"))
        source.write_bytes(data)
        width, height, count = prepare_clip(source, target, last, "480P", 30, duration, 20 * MB)
        with Image.open(last) as picture:
            assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (width, height))
            picture.load()
        sound = film_sound(str(target))
        return Made(width, height, list(film_frames(str(target), count)), sound, picture)

    return run


def scenes(count: int, width: int = 320, height: int = 240) -> Iterator[NDArray[np.uint8]]:
    """Red at the upper left, blue at the lower right; a bright square in the middle from the second half on."""
    for number in range(count):
        picture = np.full((height, width, 3), GREY, np.uint8)
        picture[: height // 2, : width // 2] = RED
        picture[height // 2 :, width // 2 :] = BLUE
        if number >= count // 2:
            picture[height // 2 - 40 : height // 2 + 40, width // 2 - 40 : width // 2 + 40] = 255
        yield picture


def is_lit(frame: Frame) -> bool:
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    return bool(frame[height // 2, width // 2] > 150)


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    width, height = picture.size
    return [picture.getpixel((width * x // 8, height * y // 8)) for x, y in [(1, 1), (7, 1), (1, 7), (7, 7)]]


def assert_near(found: list[tuple[int, ...]], expected: list[tuple[int, ...]]) -> None:
    assert np.abs(np.subtract(found, expected)).max() <= 8, (found, expected)


@pytest.mark.parametrize("rate", [15, 24, Fraction(30_000, 1001), 60])
def test_what_happens_in_the_middle_happens_there_at_every_rate(rate: int | Fraction, prepare: Prepare) -> None:
    made = prepare(film(scenes(round(4 * rate)), rate))
    lit = [is_lit(frame) for frame in made.frames]
    assert (len(lit), lit.count(False)) == (120, pytest.approx(60, abs=1))
    assert lit == sorted(lit)


def test_pictures_of_uneven_times_show_until_the_next(prepare: Prepare) -> None:
    made = prepare(film(scenes(4), times=[0, 500, 1000, 3000]))
    lit = [is_lit(frame) for frame in made.frames]
    assert (lit.count(False), lit.index(True)) == (30, 30)
    assert len(lit) >= 90


def test_colours_are_kept_and_the_last_frame_is_left(prepare: Prepare) -> None:
    made = prepare(film(scenes(75)))
    assert (made.width, made.height) == (720, 544)
    assert_near(corners(made.last), [RED, GREY, GREY, BLUE])
    assert made.last.getpixel((360, 272)) >= (240, 240, 240)


SHOWN = {90: [GREY, RED, BLUE, GREY], 180: [BLUE, GREY, GREY, RED], 270: [GREY, BLUE, RED, GREY]}


@pytest.mark.parametrize("degrees", TURN)
def test_a_clip_of_a_camera_held_otherwise_is_turned_upright(degrees: int, prepare: Prepare) -> None:
    made = prepare(turned(film(scenes(60)), degrees))
    assert (made.width, made.height) == ((720, 544) if degrees == 180 else (544, 720))
    assert_near(corners(made.last), SHOWN[degrees])


def test_pixels_that_are_not_square_become_square(prepare: Prepare) -> None:
    made = prepare(film(scenes(60, 640, 480), pixel=Fraction(4, 3)))
    assert (made.width, made.height) == (832, 464)


def test_a_shape_between_the_steps_is_cut_never_stretched(prepare: Prepare) -> None:
    made = prepare(film(scenes(60, 1000, 250)))
    white = made.last.convert("L").point(lambda value: 255 * (value > 200)).getbbox()
    assert white is not None
    assert abs((white[2] - white[0]) - (white[3] - white[1])) <= 2, "the square must stay a square"


def test_full_range_and_deeper_samples_keep_their_colours(prepare: Prepare) -> None:
    for form in ("yuvj420p", "yuv444p", "yuv420p10le"):
        assert_near(corners(prepare(film(scenes(60), pix_fmt=form)).last), [RED, GREY, GREY, BLUE])


@pytest.mark.parametrize("form", [{"format": "mov"}, {"codec": "libx265"}, {"codec": "mpeg4"}])
def test_each_accepted_form_is_read(form: dict[str, str], prepare: Prepare) -> None:
    assert len(prepare(film(scenes(60), **form)).frames) == 60


def test_its_sound_comes_along_in_time_and_of_its_length(prepare: Prepare) -> None:
    for seconds in (2.5, 3.0, 8.0):
        made = prepare(film(scenes(90), sound=click(SAMPLE_RATE * 2, seconds)))
        assert made.sound is not None
        assert abs(int(np.abs(made.sound[:, 0]).argmax()) - 2 * SAMPLE_RATE) <= 1
        assert 0 <= len(made.sound) - 3 * SAMPLE_RATE < 1024, "three seconds, filled up to an AAC frame"


def test_its_sound_is_as_loud_as_it_was(prepare: Prepare) -> None:
    made = prepare(film(scenes(90), sound=tone(3)))
    assert made.sound is not None
    middle = made.sound[SAMPLE_RATE : 2 * SAMPLE_RATE]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.3 / 2**0.5, rel=0.02)


def test_a_silent_clip_stays_silent(prepare: Prepare) -> None:
    assert prepare(film(scenes(60))).sound is None


@pytest.mark.parametrize("pictures", [60, 300])
def test_lengths_at_the_limits_are_accepted(pictures: int, prepare: Prepare) -> None:
    assert len(prepare(film(scenes(pictures))).frames) == pictures


PLAIN = film(scenes(75))
INSIDE = PLAIN.index(b"mdat") + 2000

REFUSED = {
    "short": (film(scenes(58)), "Duration", r"1\.93 seconds long; 2 to 10 seconds are accepted"),
    "long": (film(scenes(310)), "Duration", r"10\.33 seconds long; 2 to 10 seconds are accepted"),
    "years": (film(scenes(3), times=[0, 10, 2**31]), "Duration", "seconds long; 2 to 10"),
    "small": (film(scenes(60, 320, 238)), "Resolution", "320x238 pixels; each side must be 240 to 4096"),
    "narrow": (film(scenes(60, 2000, 240)), "Resolution", "2000x240 pixels; its sides may differ 8-fold"),
    "empty": (b"", "Format", "send an MP4 or MOV"),
    "a web page": (b"<!DOCTYPE html>", "Format", "send an MP4 or MOV"),
    "a sound": (mp3(tone(3, 44_100)), "Format", "send an MP4 or MOV"),
    "a heic": (b"\0\0\0\x18ftypheic" + bytes(90), "Format", "damaged"),
    "a matroska": (film(scenes(60), format="matroska"), "Format", "send an MP4 or MOV"),
    "half": (PLAIN[: len(PLAIN) // 2], "Format", "damaged"),
    "garbage inside": (PLAIN[:INSIDE] + bytes(3000) + PLAIN[INSIDE + 3000 :], "Format", "damaged"),
    "too many pictures": (film(scenes(2500, 256, 240), 1250), "Format", "more than 2424 pictures"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_clips_are_refused_in_a_sentence(kind: str, prepare: Prepare) -> None:
    data, code, told = REFUSED[kind]
    with pytest.raises(InvalidFile, match=told) as caught:
        prepare(data)
    assert caught.value.code == f"InvalidFile.{code}"


def test_a_clip_must_leave_room_in_the_video(prepare: Prepare) -> None:
    assert len(prepare(film(scenes(60)), duration=3).frames) == 60
    with pytest.raises(InvalidFile, match="leaves no room in a video of 2 seconds") as caught:
        prepare(film(scenes(60)), duration=2)
    assert caught.value.code == "InvalidFile.Duration"


def test_a_file_over_the_byte_limit_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(bytes(MB + 1))
    with pytest.raises(InvalidFile, match="at most 1 MB") as caught:
        prepare_clip(tmp_path / "source", tmp_path / "t", tmp_path / "l", "480P", 30, 5, MB)
    assert caught.value.code == "InvalidFile.Size"


def test_flipped_bytes_end_in_a_clip_or_an_error_of_the_protocol(prepare: Prepare) -> None:
    draw, whole = random.Random(5), film(scenes(62, 256, 240), sound=tone(2.1))
    index = whole.index(b"moov")
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            data[draw.choice([draw.randrange(len(data)), draw.randrange(index, len(data))])] = draw.randrange(256)
        with contextlib.suppress(ProtocolError):
            prepare(bytes(data[: draw.choice([len(data), draw.randrange(len(data))])]))


def test_the_file_is_as_an_engines_would_be(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(film(scenes(60)))
    prepare_clip(tmp_path / "source", tmp_path / "t.mp4", tmp_path / "l.png", "720P", 30, 5, MB)
    with av.open(str(tmp_path / "t.mp4")) as file:
        video = file.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt, video.average_rate) == ("h264", "yuv420p", 30)

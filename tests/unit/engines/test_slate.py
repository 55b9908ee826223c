"""The card: right shape and length, a clock that runs, the input picture first, nothing outside the frame."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest, load_engine
from dalang.engines.slate import beeps, seconds, time_code, wrap
from dalang.errors import InternalError

REQUEST = RenderRequest(
    model="wan2.6-t2v",
    prompt="A cat runs on the grass",
    width=832,
    height=480,
    duration=2,
    fps=30,
    seed=7,
    sound=True,
)


def render(**changes: object) -> Clip:
    return load_engine("slate").render(msgspec.structs.replace(REQUEST, **changes), lambda _: None)


def drawn(**changes: object) -> list[Frame]:
    return [frame.copy() for frame in render(**changes).frames]


@pytest.mark.parametrize(("width", "height"), [(832, 480), (480, 832), (1440, 1440), (624, 624), (1920, 1088)])
def test_card_fits_any_size(width: int, height: int) -> None:
    frames = drawn(width=width, height=height, duration=1, seed=2147483647, prompt="word " * 300)
    assert [frame.shape for frame in frames] == [(height * 3 // 2, width)] * 30
    edge = frames[0][: height - height // 16, [0, 1, -2, -1]]
    assert np.ptp(edge) == 0, "text must not run into the frame's edge"


def test_only_clock_and_bar_change() -> None:
    first, *_, last = drawn()
    rows = np.flatnonzero((first != last)[:480].any(axis=1))
    assert len(rows) > 0
    assert rows.min() > 480 * 0.7


def test_every_frame_differs_from_the_one_before() -> None:
    frames = drawn()
    assert all((a != b).any() for a, b in pairwise(frames))


def changed(frame: Frame, other: Frame) -> list[int]:
    """Columns that differ between the time codes of two frames."""
    return np.flatnonzero((frame != other)[360:422].any(axis=0)).tolist()


def test_the_time_code_runs_in_its_last_digits_and_each_second_in_those_before() -> None:
    frames = drawn()
    for frame, other in pairwise(frames[:30]):
        assert min(changed(frame, other)) > 285
    for frame, later in zip(frames[:30], frames[30:], strict=True):
        assert max(changed(frame, later)) < 285


def test_same_request_same_frames_and_another_seed_another_card() -> None:
    once, again, other = drawn(duration=1), drawn(duration=1), drawn(duration=1, seed=8)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_prompt_is_written() -> None:
    assert (drawn(duration=1)[0] != drawn(duration=1, prompt="A dog")[0]).any()


def test_empty_million_character_and_unprintable_prompts_make_a_card() -> None:
    for prompt in ("", "x" * 1_000_000, "一只小猫在月光下奔跑" * 500, "a\n\tb\x00c \u200b🐱 แมว", " " * 700 + "x"):
        assert len(drawn(duration=1, prompt=prompt)) == 30


def test_input_picture_is_the_first_frame_and_labels_follow(tmp_path: Path) -> None:
    rows, columns = np.indices((480, 832))
    picture = np.stack([rows % 256, columns % 256, (rows + columns) // 6], axis=-1).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "in.png"), picture)
    first, second, *rest = drawn(image=str(tmp_path / "in.png"))
    assert np.array_equal(first, cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420))
    assert (first != second).any()
    assert len(rest) == 58


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "in.png"), np.zeros((10, 10, 3), np.uint8))
    with pytest.raises(InternalError):
        render(image=str(tmp_path / "in.png"))
    with pytest.raises(InternalError):
        render(image=str(tmp_path / "none.png"))


def test_sound_is_there_when_wanted_and_starts_a_tone_each_second() -> None:
    assert render(sound=False).sound is None
    sound = render().sound
    assert sound is not None
    assert (sound.shape, sound.dtype) == ((2 * SAMPLE_RATE, 2), np.float32)
    loud = np.abs(sound).reshape(2, -1).max(axis=1)
    assert (loud > 0.05).all()
    assert (loud < 0.2).all()


def test_the_tone_is_1_khz() -> None:
    spectrum = np.abs(np.fft.rfft(beeps(1)[:, 0]))
    assert abs(int(spectrum.argmax()) - 1000) <= 15


@pytest.mark.parametrize(("duration", "text"), [(5, "5 s"), (3.4, "3.4 s"), (3.375, "3.38 s"), (10, "10 s")])
def test_length_is_written_without_idle_zeros(duration: float, text: str) -> None:
    assert seconds(duration) == text


@pytest.mark.parametrize(("duration", "fps"), [(3.4, 30), (1 / 30, 30), (0.04, 30), (2.7, 10)])
def test_lengths_that_are_no_whole_seconds_are_exact(duration: float, fps: int) -> None:
    clip = render(duration=duration, fps=fps)
    assert len(list(clip.frames)) == round(duration * fps)
    assert clip.sound is not None
    assert len(clip.sound) == round(duration * SAMPLE_RATE)


def test_first_and_last_frames_are_the_pictures_given(tmp_path: Path) -> None:
    pictures = [np.full((480, 832, 3), value, np.uint8) for value in (90, 200)]
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    given = {"image": str(tmp_path / "0.png"), "last_image": str(tmp_path / "1.png")}
    frames = drawn(**given, duration=0.5, shots="multi")
    assert len(frames) == 15
    for frame, picture in zip((frames[0], frames[-1]), pictures, strict=True):
        assert np.array_equal(frame, cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420))
    assert not any(np.array_equal(frame, frames[-1]) for frame in frames[:-1])
    with pytest.raises(InternalError):
        render(**given | {"last_image": str(tmp_path / "none.png")})


def test_several_shots_are_two_cards_with_a_cut_half_way() -> None:
    for shots, expected in (("multi", [30]), ("single", []), (None, [])):
        steps = [np.abs(b.astype(int) - a).mean() for a, b in pairwise(drawn(shots=shots))]
        assert [number + 1 for number, step in enumerate(steps) if step > 10] == expected


def test_time_code_counts_frames_below_seconds() -> None:
    assert [time_code(n, 30) for n in (0, 29, 30, 1799, 1800, 108_000)] == [
        "00:00:00:00",
        "00:00:00:29",
        "00:00:01:00",
        "00:00:59:29",
        "00:01:00:00",
        "01:00:00:00",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one two three", ["one two", "three"]),
        ("a  \n b", ["a b"]),
        ("incomprehensible", ["incompre", "hensible"]),
        ("一二三四五六七八，九", ["一二三四五六七", "八，九"]),
        ("ab 一二三四五六七 cd", ["ab 一二三四五", "六七 cd"]),
    ],
)
def test_lines_break_at_spaces_cjk_and_in_long_words(text: str, lines: list[str]) -> None:
    assert wrap(text, 8, len) == lines

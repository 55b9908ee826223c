"""The mark: there, lower right, to be read on any picture, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from dalang.engines import Frame
from dalang.media.watermark import marked

SIZES = [(832, 480), (480, 832), (1920, 1080), (1080, 1920), (624, 624), (208, 1776), (1776, 208)]


def grey(luma: int, width: int, height: int) -> Frame:
    frame = np.full((height * 3 // 2, width), 128, np.uint8)
    frame[:height] = luma
    return frame


def box(frame: Frame, luma: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what differs from `luma` visibly."""
    rows, columns = np.nonzero(np.abs(frame[:height].astype(int) - luma) > 40)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


@pytest.mark.parametrize("luma", [16, 90, 160, 235])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_stands_lower_right_and_stands_out(width: int, height: int, luma: int) -> None:
    frame = next(marked(iter([grey(luma, width, height)]), width, height))
    left, top, right, bottom = box(frame, luma, height)
    assert width / 2 - left < right - width / 2, "on the right"
    assert top > height / 2
    assert 0 < width - right < width / 6
    assert 0 < height - bottom < height / 4
    assert bottom - top >= 14, "letters of a readable height, in pixels"
    corner = frame[top:bottom, left:right]
    assert int(corner.max()) - int(corner.min()) > 110, "light letters beside dark"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_rest_of_the_picture_is_untouched(width: int, height: int) -> None:
    clean = np.random.default_rng(0).integers(16, 235, (height * 3 // 2, width), np.uint8)
    frame = next(marked(iter([clean.copy()]), width, height))
    assert (frame != clean).mean() < 0.06
    assert np.array_equal(frame[: height // 2], clean[: height // 2])
    assert np.array_equal(frame[:height, : width // 20], clean[:height, : width // 20])


def test_letters_are_white_in_colourful_pictures() -> None:
    green = grey(120, 832, 480)
    green[480:] = 40
    frame = next(marked(iter([green]), 832, 480))
    rows, columns = np.nonzero(frame[:480] > 200)
    blue = frame[480:].reshape(2, 240, 416)[0]
    assert abs(float(np.median(blue[rows // 2, columns // 2])) - 128) < 20


def test_an_engine_that_draws_into_one_buffer_finds_it_as_it_left_it() -> None:
    buffer = grey(90, 832, 480)

    def drawing() -> Iterator[Frame]:
        for _ in range(3):
            assert (buffer[:480] == 90).all(), "a mark upon a mark grows too strong"
            yield buffer

    first, *others = [frame.copy() for frame in marked(drawing(), 832, 480)]
    assert all(np.array_equal(first, other) for other in others)


def test_frames_that_may_not_be_written_to_are_marked_all_the_same() -> None:
    fixed = grey(90, 832, 480)
    fixed.flags.writeable = False
    assert (next(marked(iter([fixed]), 832, 480)) != fixed).any()

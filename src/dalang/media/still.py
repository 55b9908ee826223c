"""Single pictures out of a video, for moderation: JPEG of at most 768 pixels a side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
from PIL import Image

from dalang.engines import Frame

LONGEST = 768
QUALITY = 85


def save_still(picture: Image.Image, target: str) -> None:
    """Leave `picture`, which is RGB, at `target`. Raises OSError where it cannot be written."""
    small = picture.copy()
    small.thumbnail((LONGEST, LONGEST))
    with Path(target).open("wb") as file:
        small.save(file, "JPEG", quality=QUALITY)


def picture_of(frame: Frame) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_YUV2RGB_I420))


def with_stills(frames: Iterator[Frame], of: int, count: int, output: str) -> Iterator[Frame]:
    """The frames, `of` in all; on their way `count` of them, the middles of so many parts, are left as
    `OUTPUT.N.jpg`."""
    wanted = [(2 * still + 1) * of // (2 * count) for still in range(count)]
    for number, frame in enumerate(frames):
        for still in [n for n, place in enumerate(wanted) if place == number]:
            save_still(picture_of(frame), f"{output}.{still}.jpg")
        yield frame

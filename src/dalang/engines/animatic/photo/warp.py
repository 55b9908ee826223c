"""A picture looked at from elsewhere: each pixel of a frame looks up another, as a smooth field on a grid says."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.engines.animatic.photo.relief import Plane
from dalang.engines.i420 import planes

CELL = 8
"""Pixels of luma from one knot of the field to the next."""
FINER = 1.5
"""How much larger the luma is that bilinear lookups read: as sharp as bicubic ones of the picture, at half the cost."""
COARSER = np.float32(1 / (2 * FINER))
"""Sides of the chroma over those of that luma."""
HALF = np.float32(0.5)
"""From a pixel's corner to its middle."""
LOOKUP, BEYOND = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE


@dataclass(frozen=True)
class Crop:
    """The part of the picture that a take shows: its corner and its side, in parts of the picture's."""

    left: float
    top: float
    side: float


WHOLE = Crop(0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Knots:
    """The grid over a frame: a knot more than it needs on every side."""

    width: int
    height: int
    x: Plane
    y: Plane
    """Of each knot, -1..1 within the frame."""
    scratch: tuple[Plane, Plane]
    """Two maps that each frame fills anew: fresh memory costs as much as filling it."""

    def sampled(self, plane: Plane) -> Plane:
        """`plane`, which covers the picture in cells of its own, at the knots."""
        rows, columns = plane.shape
        at_x = ((self.x + 1) / 2 * columns - 0.5).astype(np.float32)
        at_y = ((self.y + 1) / 2 * rows - 0.5).astype(np.float32)
        return np.asarray(cv2.remap(plane, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def knots(width: int, height: int, crop: Crop = WHOLE) -> Knots:
    """The knots of a frame of luma that shows `crop` of the picture."""
    columns, rows = -(-width // CELL) + 2, -(-height // CELL) + 2
    x = ((np.arange(columns, dtype=np.float32) - 0.5) * CELL * 2 / width - 1) * crop.side
    y = ((np.arange(rows, dtype=np.float32) - 0.5) * CELL * 2 / height - 1) * crop.side
    middle = 2 * crop.left + crop.side - 1, 2 * crop.top + crop.side - 1
    across, down = np.meshgrid(x + middle[0], y + middle[1])
    maps = np.empty((rows * CELL, columns * CELL), np.float32), np.empty((rows * CELL, columns * CELL), np.float32)
    return Knots(width, height, across.astype(np.float32), down.astype(np.float32), maps)


@dataclass(frozen=True)
class Source:
    """A picture, ready to be looked at."""

    luma: NDArray[np.uint8]
    """FINER times the frame's sides."""
    chroma: NDArray[np.uint8]
    """U and V side by side in the last axis, of half the frame's sides."""


def source_of(still: Frame) -> Source:
    luma, blue, red = planes(still)
    size = (round(luma.shape[1] * FINER), round(luma.shape[0] * FINER))
    return Source(
        np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_CUBIC), np.uint8), np.dstack((blue, red)).copy()
    )


def look(source: Source, knots: Knots, across: Plane, down: Plane) -> Frame:
    """The frame whose points look `across` and `down` from where they are, in half widths and half heights."""
    frame = np.empty((knots.height * 3 // 2, knots.width), np.uint8)
    luma, blue, red = planes(frame)
    x, y = knots.x + across, knots.y + down
    height, width = source.luma.shape
    # Two maps, since OpenCV 5.0.0 reads one with two channels wrongly where lookups are bilinear.
    at_x = _spread((x + 1) * np.float32(width / 2) - HALF, knots.scratch[0], luma)
    at_y = _spread((y + 1) * np.float32(height / 2) - HALF, knots.scratch[1], luma)
    cv2.remap(source.luma, at_x, at_y, LOOKUP, luma, BEYOND)
    cv2.split(cv2.remap(source.chroma, _coarser(at_x), _coarser(at_y), LOOKUP, None, BEYOND), [blue, red])
    return frame


def _coarser(places: Plane) -> Plane:
    """Where chroma looks, from where its four pixels of luma do."""
    rows, columns = places.shape
    half = np.asarray(cv2.resize(places, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA), np.float32)
    half += HALF
    half *= COARSER
    half -= HALF
    return half


def _spread(knots: Plane, scratch: Plane, target: Frame) -> Plane:
    """Values at knots for every pixel of `target`, left in `scratch`."""
    cv2.resize(knots, scratch.shape[::-1], dst=scratch, interpolation=cv2.INTER_LINEAR)
    return scratch[CELL : CELL + target.shape[0], CELL : CELL + target.shape[1]]

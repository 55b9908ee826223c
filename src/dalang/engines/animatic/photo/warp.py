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
    return Knots(width, height, across.astype(np.float32), down.astype(np.float32))


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
    cv2.remap(source.luma, *_places(x, y, source.luma, CELL, luma), LOOKUP, luma, BEYOND)
    colours = cv2.remap(source.chroma, *_places(x, y, source.chroma, CELL // 2, blue), LOOKUP, None, BEYOND)
    cv2.split(colours, [blue, red])
    return frame


def _places(x: Plane, y: Plane, picture: NDArray[np.uint8], cell: int, target: Frame) -> tuple[Plane, Plane]:
    """The pixel of `picture` that each pixel of `target` looks up: its column, its row.

    Two maps, since OpenCV 5.0.0 reads one with two channels wrongly where lookups are bilinear.
    """
    rows, columns = picture.shape[:2]
    at_x, at_y = (x + 1) * np.float32(columns / 2) - np.float32(0.5), (y + 1) * np.float32(rows / 2) - np.float32(0.5)
    return _spread(at_x, cell, target), _spread(at_y, cell, target)


def _spread(knots: Plane, cell: int, target: Frame) -> Plane:
    """Values at knots for every pixel of `target`."""
    full = cv2.resize(knots, None, fx=cell, fy=cell, interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[cell : cell + target.shape[0], cell : cell + target.shape[1]], np.float32)

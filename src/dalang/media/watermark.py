"""The mark "AI Generated" in the lower right corner: drawn once, then blended into each frame's own corner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame

TEXT = "AI Generated"
"""As documented for `watermark`."""

SANS, WEIGHT = cv2.FontFace("sans"), 600

# Parts of the square root of the frame's area, so that any shape of a tier has letters of one size.
SIZE, MARGIN = 0.034, 0.028

WIDEST = 0.8
"""Of the frame's width."""

WHITE, BLACK = 235, 16
"""Luma, limited range (ITU-R BT.601)."""

OPACITY, OUTLINE, SHADE = 0.92, 0.75, 0.5
"""Of the letters, and of the dark line and soft shade around them that set them off from a bright picture."""

ONE = 256
"""Full opacity."""

Plane = NDArray[np.uint16]


@dataclass(frozen=True)
class Stamp:
    """What one plane's corner becomes: `(old * keep + add) / 256`, for each sample."""

    top: int
    left: int
    keep: Plane
    add: Plane

    def on(self, plane: Frame) -> Frame:
        """The view of `plane` that the stamp covers."""
        height, width = self.keep.shape
        return plane[self.top : self.top + height, self.left : self.left + width]


def marked(frames: Iterator[Frame], width: int, height: int) -> Iterator[Frame]:
    """The frames with the mark on them. Each is lent: it is as it was once the next one is asked for, since an engine
    may draw on into the same buffer."""
    stamps = stamps_for(width, height)
    for frame in frames:
        lent = frame if frame.flags.writeable else frame.copy()
        corners = [stamp.on(plane) for stamp, plane in zip(stamps, _planes(lent, width, height), strict=True)]
        before = [corner.copy() for corner in corners]
        for stamp, corner in zip(stamps, corners, strict=True):
            corner[:] = (corner * stamp.keep + stamp.add) >> 8
        yield lent
        for corner, old in zip(corners, before, strict=True):
            corner[:] = old


def stamps_for(width: int, height: int) -> tuple[Stamp, Stamp, Stamp]:
    """Those of the Y, U and V planes of a frame of that size."""
    letters, edge = _drawn(width, height)
    shade = edge * (1 - letters)
    rows, columns = letters.shape
    margin = round(MARGIN * sqrt(width * height)) // 2 * 2
    top, left = max(0, height - margin - rows), max(0, width - margin - columns)
    luma = Stamp(top, left, _part(1 - letters - shade), _part(letters * WHITE + shade * BLACK))
    grey = (letters + shade).reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    chroma = Stamp(top // 2, left // 2, _part(1 - grey), _part(grey * 128))
    return luma, chroma, chroma


def _drawn(width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Opacity, 0..1, of the letters and of the dark around them; even sides."""
    size = _size(width, height)
    left, top, columns, rows = cv2.getTextSize((0, 0), TEXT, (0, 0), SANS, size, WEIGHT)
    line, shade = max(3, size // 14 * 2 + 1), max(5, size // 6 * 2 + 1)
    canvas = np.zeros((_even(rows + 2 * shade), _even(columns + 2 * shade), 3), np.uint8)
    cv2.putText(canvas, TEXT, (shade - left, shade - top), (255, 255, 255), SANS, size, WEIGHT)
    letters = canvas[:, :, 0] / 255
    outline = cv2.blur(cv2.dilate(letters, np.ones((line, line))), (2, 2))
    soft = cv2.blur(cv2.dilate(letters, np.ones((shade, shade))), (shade, shade))
    return letters * OPACITY, np.maximum(outline * OUTLINE, soft * SHADE)


def _size(width: int, height: int) -> int:
    """Of the letters, in pixels."""
    size = round(SIZE * sqrt(width * height))
    columns = cv2.getTextSize((0, 0), TEXT, (0, 0), SANS, size, WEIGHT)[2]
    return max(8, min(size, int(size * WIDEST * width / columns)))


def _planes(frame: Frame, width: int, height: int) -> tuple[Frame, Frame, Frame]:
    blue, red = frame[height:].reshape(2, height // 2, width // 2)
    return frame[:height], blue, red


def _part(values: NDArray[np.float64]) -> Plane:
    return np.rint(values * ONE).astype(np.uint16)


def _even(number: float) -> int:
    return ceil(number / 2) * 2

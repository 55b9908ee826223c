"""Where a still picture's subject probably is: what differs from its surroundings in colour, near the middle first."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.engines.i420 import planes

CELLS = (64, 36)
"""Columns and rows that the picture is looked at in."""

AROUND, SIZE = 10.0, 2.2
"""Cells, as deviations of a Gaussian: of the surroundings, and of a subject."""

WEIGHTS = (0.25, 0.7, 1.3)
"""Of lightness, of blue and of red: skin and fur are warmer than what is about them."""

ASIDE = 0.75
"""Part of its interest that a point in a corner loses."""


def interest(still: Frame) -> tuple[float, float]:
    """The point of the greatest interest, from 0, 0 in the upper left to 1, 1."""
    row, column = divmod(int(np.argmax(saliency(still))), CELLS[0])
    return (column + 0.5) / CELLS[0], (row + 0.5) / CELLS[1]


def saliency(still: Frame) -> NDArray[np.float32]:
    """How much of interest there is in each of CELLS."""
    fields = [_contrast(plane) * weight for plane, weight in zip(planes(still), WEIGHTS, strict=True)]
    x = np.linspace(-1, 1, CELLS[0], dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, CELLS[1], dtype=np.float32)[:, None]
    central = 1 - ASIDE * (x * x + y * y) / 2
    return np.asarray(cv2.GaussianBlur(np.asarray(np.sum(fields, axis=0) * central, np.float32), (0, 0), SIZE))


def _contrast(plane: Frame) -> NDArray[np.float32]:
    small = np.asarray(cv2.resize(plane, CELLS, interpolation=cv2.INTER_AREA), np.float32)
    return np.asarray(np.abs(small - cv2.GaussianBlur(small, (0, 0), AROUND)), np.float32)

"""A head on a hatter's block."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.bodies.clay import Points
from dalang.engines.animatic.bodies.heads import Features
from dalang.engines.animatic.canvas.composite import Picture, lay

FINE = 1.5
"""Pixels of a head's picture to one of the puppet's: it is turned when it is put on, and would be soft else."""


@dataclass(frozen=True)
class Block:
    """A head on a hatter's block: a canvas with the head's picture in it."""

    canvas: Picture
    features: Features
    left: float
    """Column of the head's picture."""
    top: float
    wide: float
    """Pixels of the head's picture."""
    high: float
    turn: float
    """How far the face looks to the right, -1..1; 0 also from behind."""
    fronted: bool
    """Whether the face is seen."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a place in the head's picture."""
        return self.left + x * self.wide, self.top + y * self.high

    @property
    def middle(self) -> float:
        """x of the brow's middle."""
        return self.features.middle + 0.05 * self.turn

    @property
    def skull(self) -> float:
        """Pixels of its width."""
        return self.features.wide * self.wide

    def brow(self) -> tuple[float, float]:
        return self.at(self.middle, self.features.brow)


def put(block: Block, art: Picture, x: float, y: float, scale: float, tall: float = 1.0, turn: float = 0.0) -> None:
    """`art` with its bottom centre at `x`, `y`, leaning by `turn` degrees about it."""
    rows, columns = art.shape[:2]
    move = cv2.getRotationMatrix2D((columns / 2, rows), -turn, 1.0)
    move = np.diag([scale, scale * tall]) @ move
    move[:, 2] += x - columns / 2 * scale, y - rows * scale * tall
    size = (block.canvas.shape[1], block.canvas.shape[0])
    lay(block.canvas, np.asarray(cv2.warpAffine(art, move, size, flags=cv2.INTER_AREA), np.uint8), 0, 0)


def ellipse(x: float, y: float, wide: float, high: float) -> Points:
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.column_stack([x + wide * np.cos(turn), y + high * np.sin(turn)])

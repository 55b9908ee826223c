"""Flats, as the theatre calls them: upright pictures that face the camera, and rows of them that go on for ever."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, add, over
from dalang.engines.animatic.places.street import Fronts


@dataclass(frozen=True)
class Flat:
    """One picture; where `reach` is given it stays in the frame, however far the camera goes aside."""

    view: Picture
    x: float
    """Metres, of its middle."""
    z: float
    low: float
    """Metres of its bottom over the ground."""
    lens: Lens
    grown: float = 1.0
    """How much larger it is painted than the camera sees it in the middle of a shot."""
    reach: float = math.inf
    """Metres that the camera seems to go aside at the most."""
    lit: bool = False
    """Whether it is light to add."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        per_metre, size = self.lens.scale(distance), self.z / distance / self.grown
        column = self.lens.middle + (self.x - held(pose.x, self.reach)) * per_metre - pose.turn
        foot = self.lens.row(distance) - self.low * per_metre
        left, top = column - self.view.shape[1] * size / 2, foot - self.view.shape[0] * size
        if size == 1 and not pose.turn and not pose.x:
            (add if self.lit else over)(canvas, self.view, round(left), round(top))
            return
        self._warp(canvas, left, top, size)

    def _warp(self, canvas: Picture, left: float, top: float, size: float) -> None:
        """Only what falls within the canvas is drawn."""
        right = min(canvas.shape[1], math.ceil(left + self.view.shape[1] * size))
        bottom = min(canvas.shape[0], math.ceil(top + self.view.shape[0] * size))
        first, upper = max(0, math.floor(left)), max(0, math.floor(top))
        if right <= first or bottom <= upper:
            return
        move = np.array([[size, 0, left - first], [0, size, top - upper]], np.float32)
        drawn = cv2.warpAffine(self.view, move, (right - first, bottom - upper), flags=cv2.INTER_LINEAR)
        (add if self.lit else over)(canvas, np.asarray(drawn, np.uint8), first, upper)


def held(x: float, reach: float) -> float:
    """`x`, but never further than `reach` from the middle."""
    return x if math.isinf(reach) else reach * math.tanh(x / reach)


def endless(view: Picture, lens: Lens, distance: float, grown: float) -> Fronts:
    """`view`, which goes on where it began, as a row that has no end; its bottom stands on the ground."""
    period = view.shape[1]
    columns = period + int(lens.width * max(1.0, grown * 1.4)) + 4
    row = np.hstack([view] * -(-columns // period))[:, :columns]
    return Fronts(np.ascontiguousarray(row), period, distance, grown, lens)

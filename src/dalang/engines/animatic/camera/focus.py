"""Depth of field: what lies behind a subject that is near goes out of focus, the ground under it does not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.camera.framing import Framing
from dalang.engines.animatic.canvas.composite import Picture
from dalang.scene.plan import Shot, View

SOFT = 1 / 105
"""Of the frame's shorter side, how far what is out of focus spreads."""
BEHIND = 1.4
"""From so many times the subject's distance on, all is out of focus."""
COARSE = 4
"""The soft picture is worked out at this part of the size."""


@dataclass(frozen=True)
class Focus:
    """Draws nothing: softens what is on the canvas by then."""

    soft: int
    """Rows from the top that are out of focus."""
    sharp: int
    """The first row that is in focus."""
    spread: float
    """Pixels."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        end = min(canvas.shape[0], self.sharp + round(3 * self.spread))
        blurred = self._blurred(canvas[:end])
        canvas[: self.soft] = blurred[: self.soft]
        if self.soft == self.sharp:
            return
        between = slice(self.soft, self.sharp)
        canvas[between] = _crossfade(blurred[between], canvas[between])

    def _blurred(self, view: Picture) -> Picture:
        rows, columns = view.shape[:2]
        half = cv2.resize(view, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
        small = cv2.resize(half, (columns // COARSE, rows // COARSE), interpolation=cv2.INTER_AREA)
        cv2.GaussianBlur(small, (0, 0), self.spread / COARSE, dst=small)
        return np.asarray(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_LINEAR), np.uint8)


def _crossfade(soft: Picture, sharp: Picture) -> Picture:
    part = np.linspace(0, 1, len(soft), dtype=np.float32)[:, None] * np.ones((1, soft.shape[1]), np.float32)
    return np.asarray(cv2.blendLinear(soft, sharp, 1 - part, part), np.uint8)


def focused(shot: Shot, framing: Framing) -> tuple[Focus, ...]:
    """The focus of a close shot on its subject; of others none, all of them is sharp."""
    if shot.view is not View.CLOSE or framing.stand is None:
        return ()
    lens, distance = framing.lens, framing.stand.distance
    soft, sharp = (min(lens.height, round(lens.row(away))) for away in (BEHIND * distance, distance))
    return (Focus(soft, sharp, SOFT * min(lens.width, lens.height)),)

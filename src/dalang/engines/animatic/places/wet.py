"""A wet road: a blurred mirror of the fronts and lamps over it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture

SHINE = 0.42
"""Of the mirrored light that a wet road sends on."""


@dataclass(frozen=True)
class Wet:
    lens: Lens
    distance: float
    """Metres to the wall that is mirrored."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        foot = round(self.lens.row(self.distance - pose.z)) + 1
        rows = min(canvas.shape[0] - foot, foot)
        seen = canvas[foot - rows : foot][::-1]
        small = cv2.resize(seen, (self.lens.width // 3, rows // 8), interpolation=cv2.INTER_AREA)
        soft = cv2.resize(cv2.blur(small, (1, 5)), (self.lens.width, rows), interpolation=cv2.INTER_LINEAR)
        road = canvas[foot : foot + rows]
        cv2.addWeighted(road, 1 - SHINE * 0.6, soft, SHINE, 0, dst=road)

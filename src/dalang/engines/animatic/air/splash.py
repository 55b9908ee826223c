"""Rain where it lands: drops that spring up from the ground, and the rings they leave."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, stamp
from dalang.engines.animatic.canvas.noise import generator

LIFE = 0.42
"""Seconds from a drop's fall to the end of its ring."""
STEPS = 7
DROPS = 84
WIDE = 0.075
"""Metres that a ring grows to, for eyes a metre over the ground."""


@dataclass(frozen=True)
class Splashes:
    looks: tuple[Picture, ...]
    """From the first moment to the last."""
    seeds: NDArray[np.float64]
    """Column and depth, 0..1, and phase of each, shape (3, n)."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        across, down, phase = self.seeds
        whole = time / LIFE + phase
        lap, age = np.floor(whole), whole % 1
        x = np.mod(across + lap * 0.6180, 1)
        y = np.mod(down + lap * 0.7548, 1) ** 1.25
        below = self.lens.height - self.lens.horizon
        row = self.lens.horizon + below * (0.06 + 0.94 * y)
        column = np.mod(x * self.lens.width - pose.turn - pose.x * self.lens.scale(self.lens.nearest), self.lens.width)
        sizes = (0.10 + 0.90 * y) * 1.1 / self.looks[0].shape[1] * self.lens.width * WIDE * 0.7
        for at, foot, part, size in zip(column.tolist(), row.tolist(), age.tolist(), sizes.tolist(), strict=True):
            look = self.looks[min(STEPS - 1, int(part * STEPS))]
            stamp(canvas, look, at, foot + 0.3 * look.shape[0] * size, size, lit=True)


def paint_splashes(seed: int, lens: Lens, light: Light) -> Splashes:
    rng = generator(seed, "splashes")
    tone = np.clip((rgb(light.horizon) * 0.55 + 60 * rgb(light.fill)), 26, 150)
    looks = tuple(_look(tone, (step + 0.5) / STEPS) for step in range(STEPS))
    return Splashes(looks, rng.random((3, DROPS)), lens)


def _look(tone: NDArray[np.floating], part: float) -> Picture:
    """A ring seen from low, and while it is small the drops over it."""
    wide, high = 96, 64
    view = np.zeros((high, wide, 4), np.uint8)
    fade = (1 - part) ** 1.1
    ink = (*(float(c) * fade for c in tone), 0)
    centre = (wide // 2 * 8, 48 * 8)
    cv2.ellipse(
        view, centre, (round((4 + 40 * part) * 8), round((1.2 + 10 * part) * 8)), 0, 0, 360, ink, 2, cv2.LINE_AA, 3
    )
    if part < 0.6:
        for side, reach in ((-1, 9), (0, 3), (1, 11)):
            lift = 60 * part * (1 - part / 0.62)
            spot = (
                round((wide / 2 + side * reach * (0.4 + part * 2)) * 8),
                round((47 - lift * (1.1 if side == 0 else 0.8)) * 8),
            )
            cv2.circle(view, spot, 14, ink, -1, cv2.LINE_AA, 3)
    return view

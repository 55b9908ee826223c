"""Fog that drifts in banks: behind the subject, and thinly before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import generator, smoothstep, tile2

SMALL = 4
"""Painted at this part of its size, being soft."""
PERIOD = 512
"""Small columns after which a bank repeats."""


@dataclass(frozen=True)
class Bank:
    views: tuple[Picture, Picture]
    """Two sheets that slide over each other, wider than the frame by a period."""
    top: int
    wind: float
    """Pixels a second."""
    distance: float
    """Metres at which it moves with the camera."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        gone = pose.turn + self.lens.scale(self.distance) * pose.x
        wide, high = -(-self.lens.width // SMALL), self.views[0].shape[0]
        sheets = []
        for view, speed in zip(self.views, (1.0, -0.45), strict=True):
            sheets.append(slide(view, ((gone - self.wind * speed * time) / SMALL) % PERIOD, wide))
        part = 0.5 + 0.18 * math.sin(0.35 * time)
        both = cv2.addWeighted(sheets[0], part, sheets[1], 1 - part, 0)
        whole = cv2.resize(both, (wide * SMALL, high * SMALL), interpolation=cv2.INTER_LINEAR)
        over(canvas, np.asarray(whole, np.uint8), 0, self.top)


def paint_bank(
    seed: int, name: str, lens: Lens, light: Light, rows: tuple[int, int], distance: float, thick: float
) -> Bank:
    """Fog between two rows of the canvas; `thick`: its cover where it is thickest, 0..1."""
    rng, high = generator(seed, name), max(4, (rows[1] - rows[0]) // SMALL)
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    swell = smoothstep(0.0, 0.45, y) * smoothstep(1.0, 0.62, y)
    views = []
    for cells in (4, 8):
        field = cv2.resize(
            tile2(rng, (128, PERIOD), (4, cells), 5, 0.55), (PERIOD, high), interpolation=cv2.INTER_LINEAR
        )
        cover = thick * swell * smoothstep(0.18, 0.85, np.asarray(field, np.float32) * (0.55 + 0.75 * swell))
        shown = picture(rgb(light.haze) * 1.03 * np.ones((high, PERIOD, 1), np.float32), cover)
        wide = -(-lens.width // SMALL) + PERIOD + 4
        views.append(np.tile(shown, (1, -(-wide // PERIOD), 1))[:, :wide])
    wind = float(rng.choice([-1, 1])) * lens.width * 0.016 * max(0.5, light.wind) * min(3.0, 8 / distance + 0.6)
    return Bank((views[0], views[1]), rows[0], wind, distance, lens)


def paint_fog(seed: int, lens: Lens, light: Light, distance: float) -> tuple[list[Bank], list[Bank]]:
    """Banks behind a subject `distance` metres away, and before it."""
    unit, foot = lens.height, round(lens.row(distance))
    far = paint_bank(seed, "far fog", lens, light, (round(lens.horizon - 0.20 * unit), foot), 4 * distance, 0.85)
    low = paint_bank(
        seed, "low fog", lens, light, (round(foot - 0.20 * unit), round(foot + 0.07 * unit)), distance, 0.5
    )
    near = paint_bank(
        seed, "near fog", lens, light, (round(foot - 0.12 * unit), lens.height + 40), 0.55 * distance, 0.5
    )
    return [far, low], [near]

"""Aurora: curtains of green light that wave, with rays in them and red above."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, add
from dalang.engines.animatic.canvas.noise import Field, Values, generator, tile2
from dalang.engines.animatic.effects.site import Depths, Site

SMALL = 8
"""Worked out at this part of its size, being soft."""
LOW = np.array((54, 255, 142), np.float32)
HIGH = np.array((150, 66, 214), np.float32)
TEXELS = 1024
CURTAINS = ((0.50, 0.52, 1.25, 0.0), (0.34, 0.40, 0.85, 2.4), (0.64, 0.34, 0.6, 4.1))
"""Where each hangs and how high it is, in parts of the sky; its brightness and its phase."""


@dataclass(frozen=True)
class Aurora:
    rays: Field
    """Brightness along a curtain (columns) as it changes (rows); both repeat."""
    lens: Lens
    strength: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        wide, high = self.lens.width // SMALL, max(4, self.lens.horizon // SMALL)
        x = (np.arange(wide, dtype=np.float32) * SMALL + pose.turn) / self.lens.width
        y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
        light = np.zeros((high, wide, 3), np.float32)
        for low, tall, bright, phase in CURTAINS:
            foot = low + 0.09 * np.sin(3.1 * x + phase + 0.21 * time) + 0.035 * np.sin(8.3 * x - 0.34 * time + phase)
            over_foot = (foot[None, :] - y) / (tall * (0.75 + 0.5 * self._ray(x * 90 + phase * 50, time * 1.3)))[
                None, :
            ]
            sheet = np.clip(over_foot * 12, 0, 1) * np.exp(-np.clip(over_foot, 0, 9) * 3.0)
            ray = 0.25 + 0.9 * self._ray(x * 420 + phase * 99 + time * 4, time * 2.2)
            part = (sheet * ray[None, :] * bright)[..., None]
            red = np.clip(over_foot * 1.5 - 0.25, 0, 1)[..., None]
            light += part * (LOW + (HIGH - LOW) * red)
        small = np.zeros((high, wide, 4), np.uint8)
        small[..., :3] = np.clip(light * self.strength, 0, 255)
        add(
            canvas,
            np.asarray(cv2.resize(small, (self.lens.width, self.lens.horizon), interpolation=cv2.INTER_CUBIC)),
            0,
            0,
        )

    def _ray(self, at: Values, row: float) -> Field:
        columns, rows = np.mod(at, TEXELS).astype(np.float32)[None, :], np.full((1, len(at)), row % 64, np.float32)
        return np.asarray(
            cv2.remap(self.rays, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)[0], np.float32
        )


def aurora(site: Site) -> Depths:
    day = float(np.mean(site.light.sky)) / 255
    rays = tile2(generator(site.seed, "aurora"), (64, TEXELS), (8, 64), 4, 0.6)
    return Depths(aloft=(Aurora(rays, site.lens, 0.95 - 0.6 * day),))

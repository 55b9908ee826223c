"""The edge of the sea: sand up to the camera, and foam that washes over it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import smoothstep, tile2


@dataclass(frozen=True)
class Foam:
    """The last of a wave, coming and going along the water's edge."""

    view: Picture
    period: int
    z: float
    """Metres to the water's edge."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        wash = 0.30 + 0.30 * math.sin(time * 0.9) + 0.08 * math.sin(time * 2.1)
        row = self.lens.row(distance) + (wash - 0.62) * self.view.shape[0]
        at = (pose.x * self.lens.scale(distance) + pose.turn) % self.period
        over(canvas, slide(self.view, at, self.lens.width), 0, round(row))


def paint_foam(rng: np.random.Generator, lens: Lens, light: Light, z: float) -> Foam:
    """A lace of bubbles, thickest at its lower edge, and a film of water behind it."""
    rows, period = max(8, int(lens.height * 0.075)), 1024
    wander = tile2(rng, (64, period), (1, 4), 4)[0]
    lace = tile2(rng, (128, period), (16, 32), 3, 0.7)
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    edge = 0.55 + 0.40 * wander[None, :]
    behind = edge - y
    lip = np.exp(-((behind / 0.05) ** 2))
    bubbles = np.asarray(cv2.resize(lace, (period, rows), interpolation=cv2.INTER_LINEAR), np.float32)
    film = smoothstep(0.0, 0.02, behind)
    holes = smoothstep(0.50, 0.66, bubbles) * np.clip(1 - behind * 2.2, 0, 1) * film
    cover = np.clip(lip * 0.9 + holes * 0.75 + film * 0.30, 0, 0.95)
    cover = cover * smoothstep(0.0, 0.35, y)
    white = rgb((250, 252, 255)) * (rgb(light.fill) + 0.6 * rgb(light.key))
    water = rgb(light.sky) * 0.72 + rgb(light.horizon) * 0.1
    share = np.clip(lip + holes, 0, 1)[..., None]
    strip = picture(water + (white - water) * share, np.asarray(cover, np.float32))
    return Foam(np.tile(strip, (1, 1 + -(-(lens.width + 4) // period), 1)), period, z, lens)

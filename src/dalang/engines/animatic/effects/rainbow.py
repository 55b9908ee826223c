"""A rainbow: a bow of light about the point opposite the sun, with a faint second one."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, add
from dalang.engines.animatic.canvas.noise import Field, Values, smoothstep
from dalang.engines.animatic.effects.site import Depths, Site

HALF = 2
"""Painted at this part of its size."""
HUES = (
    (0.0, (196, 40, 30)), (0.2, (214, 120, 26)), (0.38, (196, 186, 40)), (0.55, (56, 176, 66)),
    (0.75, (40, 104, 206)), (1.0, (112, 50, 176)),
)  # fmt: skip
WIDE = 0.085
"""Of the bow's radius."""


@dataclass(frozen=True)
class Bow:
    view: Picture
    lens: Lens
    spare: int

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        add(canvas, self.view, round(-self.spare - pose.turn), 0)


def _colour(part: Values) -> Field:
    stops = [stop for stop, _ in HUES]
    channels = [np.interp(part, stops, [colour[channel] for _, colour in HUES]) for channel in range(3)]
    return np.asarray(np.stack(channels, -1), np.float32)


def rainbow(site: Site) -> Depths:
    lens = site.lens
    spare = lens.width // 4
    wide, high = (lens.width + 2 * spare) // HALF, lens.horizon // HALF
    side = -1 if site.sun_x > lens.middle else 1
    radius = min(0.62 * lens.width, 1.05 * lens.horizon)
    middle = lens.middle + spare + side * 0.16 * lens.width, lens.horizon + 0.20 * radius
    x = (np.arange(wide, dtype=np.float32) * HALF - middle[0])[None, :]
    y = (np.arange(high, dtype=np.float32) * HALF - middle[1])[:, None]
    away = np.hypot(x, y) / radius
    total = np.zeros((high, wide, 3), np.float32)
    for at, strength, turned in ((1.0, 0.42, False), (1.24, 0.13, True)):
        part = np.clip((at + WIDE / 2 - away) / WIDE, 0, 1)
        band = smoothstep(0.0, 0.22, part) * smoothstep(1.0, 0.78, part)
        total += _colour(1 - part if turned else part) * (band * strength)[..., None]
    total += 16 * smoothstep(1.0, 0.75, away)[..., None] * (away < 1)[..., None]
    level = min(1.0, 0.35 + float(np.mean(site.light.fill) + 0.4 * np.mean(site.light.key)))
    low = smoothstep(1.0, 0.86, np.linspace(0, 1, high, dtype=np.float32))[:, None, None] * 0.4 + 0.6
    small = np.zeros((high, wide, 4), np.uint8)
    small[..., :3] = np.clip(cv2.GaussianBlur(total * low * level, (0, 0), 0.8), 0, 255)
    view = cv2.resize(small, (wide * HALF, high * HALF), interpolation=cv2.INTER_LINEAR)
    return Depths(aloft=(Bow(np.asarray(view, np.uint8), lens, spare),))

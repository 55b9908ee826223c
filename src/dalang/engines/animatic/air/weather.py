"""Rain and snow in the air: tiles of drops painted once, larger than the frame, and moved past it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture
from dalang.scene.plan import Weather

WET = frozenset({Weather.RAIN, Weather.STORM})
"""When the ground is wet."""


@dataclass(frozen=True)
class Fall:
    """One depth of what falls; its tile repeats after the frame's own size."""

    tile: NDArray[np.uint8]
    """Of the frame's size, white light to add or to lay over."""
    speed: float
    """Rows a second."""
    slant: float
    """Columns a row."""
    sway: float
    """Columns that flakes swing to each side."""
    near: float
    """How much of the camera's turning it shows."""
    bright: bool
    """Lighten what lies behind rather than add to it."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        height, width = canvas.shape[:2]
        fallen = self.speed * time
        aside = fallen * self.slant + self.sway * np.sin(time * 1.3 + self.speed) - pose.turn * self.near
        top = height - 1 - round(fallen) % height
        left = width - 1 - round(float(aside)) % width
        for rows, seen_rows in _halves(top, height):
            for columns, seen_columns in _halves(left, width):
                place = canvas[rows, columns]
                part = cv2.cvtColor(self.tile[seen_rows, seen_columns], cv2.COLOR_GRAY2RGBA)
                (cv2.max if self.bright else cv2.add)(place, part, dst=place)


def _halves(start: int, size: int) -> tuple[tuple[slice, slice], ...]:
    """Where a tile that repeats and begins at `start` lies on the frame, and which part of it."""
    first = slice(0, size - start), slice(start, size)
    return (first, (slice(size - start, size), slice(0, start))) if start else (first,)


def paint_weather(rng: np.random.Generator, lens: Lens, light: Light, weather: Weather) -> list[Fall]:
    """What falls, far to near; nothing in clear weather."""
    unit = lens.height / 720
    if weather in (Weather.RAIN, Weather.STORM):
        slant = float(rng.choice([-1, 1]) * rng.uniform(0.06, 0.16)) * max(1.0, light.wind)
        return [
            _rain(rng, lens, light, slant, unit * size, share) for size, share in ((0.6, 1.0), (1.0, 0.6), (1.7, 0.22))
        ]
    if weather is Weather.SNOW:
        slant = float(rng.uniform(-0.3, 0.3)) * max(1.0, light.wind)
        return [
            _snow(rng, lens, light, slant, unit * size, share) for size, share in ((0.9, 1.0), (1.7, 0.6), (3.2, 0.16))
        ]
    return []


def _rain(rng: np.random.Generator, lens: Lens, light: Light, slant: float, size: float, share: float) -> Fall:
    drops = np.zeros((lens.height, lens.width), np.uint8)
    tone = float(np.clip(rgb(light.horizon).mean() * 0.30, 22, 62))
    for _ in range(int(240 * share)):
        x, y = rng.integers(0, lens.width), rng.integers(0, lens.height)
        length = 42 * size * rng.uniform(0.6, 1.2)
        end = (int(x - slant * length), int(y - length))
        bright = tone * rng.uniform(0.4, 1.0)
        for across in (-lens.width, 0, lens.width):
            for down in (0, lens.height):
                start = (int(x) + across, int(y) + down)
                cv2.line(drops, start, (end[0] + across, end[1] + down), bright, max(1, round(1.1 * size)), cv2.LINE_AA)
    return Fall(drops, 1250 * size, slant, 0.0, 1.0, False)


def _snow(rng: np.random.Generator, lens: Lens, light: Light, slant: float, size: float, share: float) -> Fall:
    flakes = np.zeros((lens.height, lens.width), np.uint8)
    white = float(np.clip((rgb(light.fill) + 0.8 * rgb(light.key)).mean() * 300, 110, 255))
    for _ in range(int(760 * share)):
        x, y = rng.random() * lens.width, rng.random() * lens.height
        radius = size * rng.uniform(0.9, 1.7)
        bright = white * rng.uniform(0.7, 1.0)
        for across in (-lens.width, 0, lens.width):
            for down in (-lens.height, 0, lens.height):
                centre = (round((x + across) * 16), round((y + down) * 16))
                cv2.circle(flakes, centre, round(radius * 16), bright, -1, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(flakes, (0, 0), 0.35 + 0.3 * size, borderType=cv2.BORDER_WRAP)
    return Fall(np.asarray(soft, np.uint8), 95 * size, slant, 9 * size, 1.0, True)

"""Light that falls through leaves: beams that come and go, and what floats in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, add, glow, picture, stamp
from dalang.engines.animatic.canvas.noise import Field, generator, line, smoothstep

BREATH = 0.55
"""Radians a second at which one set of beams gives way to the other."""


@dataclass(frozen=True)
class Beams:
    """Two sets of beams from one sun; their sum shimmers."""

    first: Picture
    second: Picture

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        part = 0.5 + 0.5 * math.sin(BREATH * time)
        small = cv2.addWeighted(self.first, 1 - part, self.second, part, 0)
        size = (canvas.shape[1], canvas.shape[0])
        add(canvas, np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8), 0, 0)


def paint_beams(seed: int, lens: Lens, light: Light, sun_x: float, strength: float) -> Beams:
    """Beams fanning out from a sun over the top of the frame at column `sun_x`; painted at a quarter of the size."""
    columns, rows = max(2, lens.width // 4), max(2, lens.height // 4)
    x, y = np.meshgrid(np.linspace(0, 1, columns, dtype=np.float32), np.linspace(0, 1, rows, dtype=np.float32))
    angle = (x - sun_x / lens.width) * (lens.width / lens.height) / (y + 0.75)
    fall = smoothstep(1.05, 0.25, y) * smoothstep(1.5, 0.2, np.abs(angle))
    shown = [_fan(seed, f"beams {number}", angle) * fall * strength for number in range(2)]
    first, second = (picture(rgb(light.sun) * np.ones((rows, columns, 1), np.float32), each) for each in shown)
    return Beams(first, second)


def _fan(seed: int, name: str, angle: Field) -> Field:
    bright = line(generator(seed, name), 512, 12, 4, 0.6)
    at = (np.clip(angle / 4 + 0.5, 0, 1) * 511).astype(np.int32)
    return smoothstep(0.45, 0.95, bright[at])


@dataclass(frozen=True)
class Motes:
    """Dust or seeds in the sun, fireflies at night."""

    speck: Picture
    start: Field
    """Columns, rows, sizes and phases; shape (4, n)."""
    drift: float
    """Pixels a second."""
    blink: float
    """How much each comes and goes, 0..1."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        height, width = canvas.shape[:2]
        for x, y, size, phase in self.start.T.tolist():
            burn = 1 - self.blink * (0.5 + 0.5 * math.sin(time * 1.7 + phase * 3))
            column = (x + self.drift * (time + 0.9 * math.sin(time * 0.6 + phase)) - pose.turn * size) % width
            row = y + self.drift * 0.8 * math.sin(time * 0.8 + phase * 2) - self.drift * 0.2 * time
            stamp(canvas, self.speck, column, row % height, max(0.15, size * burn), lit=True)


def paint_motes(rng: np.random.Generator, lens: Lens, colour: Colour, count: int, radius: float, blink: float) -> Motes:
    """`count` of them, `radius` pixels at the most, over all but the lowest part of the frame."""
    start = np.stack(
        [
            rng.random(count) * lens.width,
            rng.uniform(0.15, 0.88, count) * lens.height,
            rng.uniform(0.3, 1.0, count),
            rng.uniform(0, 6.3, count),
        ]
    ).astype(np.float32)
    return Motes(glow(max(2, round(radius)), colour, 1.6), start, 0.014 * lens.width, blink)

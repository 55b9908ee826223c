"""Smoke: puffs that rise, widen, turn and thin out, put together small and laid over in one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, lay, over, picture
from dalang.engines.animatic.canvas.noise import generator, smoothstep, tile
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.engines.animatic.effects.source import Source, source

SMALL = 4
"""Put together at this part of its size, being soft."""
PUFFS = 15
AGES = 12
SIDE = 40
"""Pixels of a puff as it is painted."""
GREY: Colour = (186, 184, 186)


@dataclass(frozen=True)
class Smoke:
    source: Source
    looks: tuple[tuple[Picture, ...], ...]
    """Some shapes of puff, each from thick to thin."""
    lives: NDArray[np.float64]
    """Seconds, phase and turn of each puff, shape (3, n)."""
    lift: float
    """Heights of the source over its foot, where it begins."""
    wind: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        column, row, per_metre = self.source.place(pose)
        size = self.source.size * per_metre
        wide, high = int(3.8 * size / SMALL) + 2, int(4.0 * size / SMALL) + 2
        small = np.zeros((high, wide, 4), np.uint8)
        for number, (seconds, phase, turn) in enumerate(self.lives.T.tolist()):
            age = (time / seconds + phase) % 1
            self._puff(small, number, age, turn, size / SMALL, time)
        top, left = round(row - self.lift * size - high * SMALL), round(column - wide * SMALL / 2)
        grown = cv2.resize(small, (wide * SMALL, high * SMALL), interpolation=cv2.INTER_LINEAR)
        over(canvas, np.asarray(grown, np.uint8), left, top)

    def _puff(self, small: Picture, number: int, age: float, turn: float, size: float, time: float) -> None:
        look = self.looks[number % len(self.looks)][min(AGES - 1, int(age * AGES))]
        side = max(2, round(size * (0.55 + 1.25 * age)))
        drift = 0.22 * math.sin(turn + 0.6 * time) * age + 0.55 * self.wind * 0.4 * age**1.4
        x = small.shape[1] / 2 + size * (0.14 * math.sin(3 * turn) + drift)
        y = small.shape[0] - size * (0.25 + 3.0 * age)
        shown = np.asarray(cv2.resize(look, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)
        lay(small, shown, round(x - side / 2), round(y - side / 2))


def paint_smoke(site: Site, origin: Source, thick: float, lift: float = 0.0) -> Smoke:
    """`thick`: cover of a fresh puff, 0..1."""
    rng = generator(site.seed, "smoke")
    shapes = tuple(_ages(rng, site.light, thick) for _ in range(3))
    seconds = rng.uniform(3.6, 5.0, PUFFS)
    lives = np.stack([seconds, (np.arange(PUFFS) + rng.random(PUFFS) * 0.8) / PUFFS, rng.uniform(0, 6.3, PUFFS)])
    return Smoke(origin, shapes, lives, lift, min(1.5, site.light.wind))


def _ages(rng: np.random.Generator, light: Light, thick: float) -> tuple[Picture, ...]:
    axis = np.linspace(-1, 1, SIDE, dtype=np.float32)
    away = np.hypot(axis[:, None], axis[None, :])
    body = tile(rng, 64, 4, 3)[:SIDE, :SIDE]
    ragged = smoothstep(1.0, 0.25, away + 0.55 * (body - 0.5))
    level = rgb(light.fill) + 0.45 * rgb(light.key)
    colour = (
        rgb(mix(GREY, (205, 205, 208), 0.4)) * np.maximum(level, 0.26) * (0.80 + 0.35 * (1 - axis[:, None, None]) * 0.5)
    )
    paper = np.clip(colour * (0.85 + 0.3 * body[..., None]), 0, 255)
    fades = [thick * math.sin(math.pi * min(1.0, (age + 0.6) / AGES)) ** 0.7 * (1 - age / AGES) for age in range(AGES)]
    return tuple(picture(paper, np.asarray(ragged * fade, np.float32)) for fade in fades)


def smoke(site: Site) -> Depths:
    """From the ground beside the subject."""
    return Depths(behind=(paint_smoke(site, source(site, 1.9), 0.95),))

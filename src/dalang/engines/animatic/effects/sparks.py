"""Sparks: embers that rise from a fire, twisting, and go out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, scaled
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, stamp
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.effects.flurry import Drift, flurry, soft_dot
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.engines.animatic.effects.source import Source

EMBER: Colour = (255, 154, 54)
STEPS = 8
"""Brightnesses of an ember, as it goes out."""
DEPTHS = ((60, 10, 0.16, 9.0), (36, 16, 0.24, 5.0), (10, 36, 0.40, 2.4))
"""How many, their side in pixels of 720 rows, how fast they rise, and how far away they are: far to near."""


@dataclass(frozen=True)
class Embers:
    source: Source
    looks: tuple[Picture, ...]
    """From bright to out."""
    lives: NDArray[np.float64]
    """Seconds, phase, aside, height and turn of each, shape (5, n)."""
    wind: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        column, row, per_metre = self.source.place(pose)
        size = self.source.size * per_metre
        for seconds, phase, aside, high, turn in self.lives.T.tolist():
            whole = time / seconds + phase
            age, lap = whole % 1, math.floor(whole)
            way = aside + 0.3 * math.sin(12.9 * lap + turn)
            twist = (
                0.16 * math.sin(5 * age + turn) + 0.06 * math.sin(13 * age + 2 * turn) + 0.12 * self.wind * age * age
            )
            x, y = column + size * (way * (0.2 + 0.8 * age) + twist), row - size * (0.35 + high * age**0.8)
            look = self.looks[min(STEPS - 1, int(age * STEPS))]
            stamp(canvas, look, x, y, 1.0, lit=True)


def paint_embers(site: Site, origin: Source, count: int) -> Embers:
    rng = generator(site.seed, "embers")
    side = max(4, round(8 * site.unit))
    looks = tuple(soft_dot(side, scaled(EMBER, (1 - part) ** 0.8), 1.2) for part in np.linspace(0.0, 0.94, STEPS))
    lives = np.stack(
        [
            rng.uniform(1.1, 2.6, count),
            rng.random(count),
            rng.normal(0, 0.22, count),
            rng.uniform(1.2, 2.9, count),
            rng.uniform(0, 6.3, count),
        ]
    )
    return Embers(origin, looks, lives, site.light.wind)


def sparks(site: Site) -> Depths:
    """All over the picture, as beside a great fire."""
    layers = []
    for number, (count, side, speed, distance) in enumerate(DEPTHS):
        dot = soft_dot(max(4, round(side * site.unit)), EMBER, 1.3)
        way = Drift(-speed, 0.05 * site.light.wind, 0.03 + 0.1 * speed, blink=0.7)
        layers.append(
            flurry(site.seed, f"sparks {number}", site.lens, ((dot,),), count, way, lit=True, distance=distance)
        )
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))

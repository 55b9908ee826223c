"""Confetti: slips of bright paper that flutter down."""

from __future__ import annotations

from functools import partial

import numpy as np

from dalang.engines.animatic.air.light import Colour, Light
from dalang.engines.animatic.canvas.noise import Field
from dalang.engines.animatic.effects.flurry import Drift, flurry, lit_colour, tumbling
from dalang.engines.animatic.effects.site import Depths, Site

COLOURS: tuple[Colour, ...] = (
    (255, 76, 92), (255, 206, 66), (64, 178, 255), (110, 214, 110), (206, 110, 255), (255, 150, 60),
)  # fmt: skip
DEPTHS = ((70, 11, 0.14, 12.0), (44, 19, 0.20, 6.0), (12, 42, 0.36, 2.4))
"""How many, their side in pixels of 720 rows, how fast they fall, and how far away they are: far to near."""


def _slip(side: int, light: Light, colour: Colour) -> Field:
    x, y = np.linspace(-1, 1, side, dtype=np.float32)[None, :], np.linspace(-1, 1, side, dtype=np.float32)[:, None]
    cover = ((np.abs(x) < 0.62) & (np.abs(y) < 0.36)).astype(np.float32)
    return np.dstack([lit_colour(light, colour) * np.ones((side, side, 1)), 255 * cover]).astype(np.float32)


def confetti(site: Site) -> Depths:
    layers = []
    for number, (count, side, speed, distance) in enumerate(DEPTHS):
        size = max(4, round(side * site.unit))
        looks = tuple(tumbling(partial(_slip, light=site.light, colour=colour), size, 16, 3) for colour in COLOURS)
        way = Drift(speed, 0.03 * site.light.wind, 0.02 + 0.06 * speed, 0.9)
        layers.append(flurry(site.seed, f"confetti {number}", site.lens, looks, count, way, distance=distance))
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))

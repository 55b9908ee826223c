"""Petals that float down: lighter than leaves, slower, and pink."""

from __future__ import annotations

from functools import partial

import numpy as np

from dalang.engines.animatic.air.light import Colour, Light
from dalang.engines.animatic.canvas.noise import Field, smoothstep
from dalang.engines.animatic.effects.flurry import Drift, flurry, lit_colour, tumbling
from dalang.engines.animatic.effects.site import Depths, Site

PINKS: tuple[Colour, ...] = ((255, 182, 206), (255, 210, 224), (248, 146, 182))
DEPTHS = ((50, 10, 0.07, 14.0), (34, 17, 0.10, 7.0), (9, 40, 0.17, 2.6))
"""How many, their side in pixels of 720 rows, how fast they fall, and how far away they are: far to near."""


def petal(side: int, light: Light, colour: Colour) -> Field:
    """Broad, with a notch in its end, paler toward its foot."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
    away = np.hypot(x * (1.25 - 0.35 * y), y * 0.95)
    notch = np.clip(0.34 - np.hypot(x * 1.6, y - 0.98), 0, 1)
    cover = smoothstep(0.0, 0.10, 0.9 - away - notch * 2)
    tone = 0.97 + 0.06 * y - 0.05 * np.abs(x)
    return np.dstack([lit_colour(light, colour) * tone[..., None], 250 * cover])


def petals(site: Site, share: float = 1.0) -> Depths:
    """`share` of as many as there can be."""
    layers = []
    for number, (count, side, speed, distance) in enumerate(DEPTHS):
        size = max(4, round(side * site.unit))
        looks = tuple(tumbling(partial(petal, light=site.light, colour=colour), size, 12, 2) for colour in PINKS)
        way = Drift(speed, 0.05 * site.light.wind * (0.5 + 5 * speed), 0.03 + 0.10 * speed, 0.20)
        shown = max(2, round(count * share))
        layers.append(flurry(site.seed, f"petals {number}", site.lens, looks, shown, way, distance=distance))
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))

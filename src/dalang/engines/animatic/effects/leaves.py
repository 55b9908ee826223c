"""Leaves on the wind: they tumble as they fall, few near the camera, more behind the subject."""

from __future__ import annotations

from functools import partial

import numpy as np

from dalang.engines.animatic.air.foliage import FALLEN, GREENS
from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.canvas.noise import Field, smoothstep
from dalang.engines.animatic.effects.flurry import Drift, flurry, lit_colour, tumbling
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.scene.plan import Season

DEPTHS = ((40, 15, 0.10, 14.0), (26, 26, 0.15, 7.0), (8, 60, 0.26, 2.6))
"""How many, their side in pixels of 720 rows, how fast they fall, and how far away they are: far to near."""


def leaf(side: int, light: Light, colour: Colour) -> Field:
    """A pointed leaf with its rib, on the diagonal."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
    along, across = (x + y) * 0.7071, (x - y) * 0.7071
    half = 0.40 * np.clip(1 - (along / 0.94) ** 2, 0, 1) ** 0.75 * (1 - 0.35 * along)
    cover = smoothstep(0.0, 0.08, half - np.abs(across))
    rib = np.exp(-((across / 0.03) ** 2)) + 0.5 * np.exp(
        -(((np.mod(along * 3.2 + np.abs(across) * 2, 1) - 0.5) / 0.1) ** 2)
    )
    tone = (0.92 + 0.16 * np.sign(across)) * (1 - 0.30 * np.clip(rib, 0, 1))
    return np.dstack([rgb(colour) * tone[..., None] * lit_colour(light, (255, 255, 255)) / 255, 255 * cover])


def leaves(site: Site, share: float = 1.0) -> Depths:
    """`share` of as many as there can be."""
    autumnal = site.light.season in (None, Season.AUTUMN, Season.WINTER)
    colours = FALLEN[Season.AUTUMN] if autumnal else GREENS
    wind, layers = site.light.wind, []
    for number, (count, side, speed, distance) in enumerate(DEPTHS):
        size = max(4, round(side * site.unit))
        looks = tuple(tumbling(partial(leaf, light=site.light, colour=colour), size, 12) for colour in colours[:3])
        way = Drift(speed, 0.07 * wind * (0.5 + speed * 5), 0.030 + 0.08 * speed, 0.22 + 0.12 * wind)
        shown = max(2, round(count * share))
        layers.append(flurry(site.seed, f"leaves {number}", site.lens, looks, shown, way, distance=distance))
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))

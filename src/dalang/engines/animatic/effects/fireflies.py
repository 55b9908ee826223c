"""Fireflies: lights that wander low over the ground, and glow up and fade."""

from __future__ import annotations

from dalang.engines.animatic.air.light import Colour, scaled
from dalang.engines.animatic.effects.flurry import Drift, flurry, soft_dot
from dalang.engines.animatic.effects.site import Depths, Site

GREEN: Colour = (226, 255, 108)
DEPTHS = ((30, 20, 1.0, 9.0), (18, 36, 1.0, 5.0), (6, 70, 0.9, 2.4))
"""How many, their side in pixels of 720 rows, their brightness, and how far away they are: far to near."""


def fireflies(site: Site) -> Depths:
    layers = []
    for number, (count, side, bright, distance) in enumerate(DEPTHS):
        dot = soft_dot(max(5, round(side * site.unit)), scaled(GREEN, bright), 2.4)
        way = Drift(-0.008, 0.012, 0.045 + 0.02 * number, blink=1.0)
        layers.append(
            flurry(site.seed, f"fireflies {number}", site.lens, ((dot,),), count, way, lit=True, distance=distance)
        )
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))

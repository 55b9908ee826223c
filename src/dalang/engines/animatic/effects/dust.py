"""Dust that hangs in the light: motes that drift, the nearest out of focus."""

from __future__ import annotations

from dalang.engines.animatic.air.light import Colour, mix, scaled
from dalang.engines.animatic.effects.flurry import Drift, flurry, soft_dot
from dalang.engines.animatic.effects.site import Depths, Site

WARM: Colour = (255, 232, 190)
DEPTHS = ((70, 10, 0.75, 10.0), (40, 17, 0.62, 5.0), (11, 64, 0.26, 2.0))
"""How many, their side in pixels of 720 rows, their brightness, and how far away they are: far to near."""


def dust(site: Site) -> Depths:
    layers = []
    level = min(1.0, 0.45 + 0.5 * site.light.glow)
    colour = scaled(mix(WARM, site.light.sun, 0.4), level)
    for number, (count, side, bright, distance) in enumerate(DEPTHS):
        dot = soft_dot(max(4, round(side * site.unit)), scaled(colour, bright), 1.5 if number < 2 else 0.8)
        way = Drift(-0.012 * (1 + number), 0.020 * site.light.wind**2 * (1 + number), 0.012 * (1 + number), blink=0.5)
        layers.append(
            flurry(
                site.seed, f"dust {number}", site.lens, ((dot,),), count, way, (0.5, 1.2), lit=True, distance=distance
            )
        )
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))

"""Seasons: what they do to the light."""

from __future__ import annotations

from dataclasses import replace

from dalang.engines.animatic.air.light import Colour, Light, mix
from dalang.scene.plan import Season

TINTS: dict[Season, tuple[Colour, Colour, Colour, float]] = {
    Season.SPRING: ((1.0, 1.0, 0.98), (1.06, 1.04, 1.06), (226, 236, 244), 0.0),
    Season.SUMMER: ((1.08, 1.03, 0.90), (1.0, 1.0, 0.96), (214, 226, 230), 0.0),
    Season.AUTUMN: ((1.10, 0.98, 0.80), (1.04, 0.98, 0.92), (232, 208, 172), -0.10),
    Season.WINTER: ((0.96, 0.98, 1.02), (0.96, 1.0, 1.10), (214, 224, 240), -0.16),
}
"""What is done to direct light and to that from everywhere, the haze's colour by day, and how much lower the sun is."""


def seasonal(light: Light, season: Season | None) -> Light:
    """`light` in `season`, which plants then show too."""
    if season is None:
        return light
    key, fill, haze, lower = TINTS[season]
    day = 0.35 * min(1.0, sum(light.haze) / 570)
    return replace(
        light, season=season, key=_times(light.key, key), fill=_times(light.fill, fill),
        haze=mix(light.haze, haze, day), height=max(0.30, light.height + lower),
    )  # fmt: skip


def _times(colour: Colour, factor: Colour) -> Colour:
    return colour[0] * factor[0], colour[1] * factor[1], colour[2] * factor[2]

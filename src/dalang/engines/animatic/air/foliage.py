"""Leaves and grass by season, and what lies under the trees. Colours are RGB albedo, 0..255."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dalang.engines.animatic.canvas.noise import Field, Values, smoothstep
from dalang.scene.plan import Season

Colour = tuple[float, float, float]

GREENS: tuple[Colour, ...] = ((104, 158, 58), (82, 140, 62), (132, 164, 54), (72, 128, 74))
LEAVES: dict[Season | None, tuple[Colour, ...]] = {
    None: GREENS,
    Season.SPRING: ((246, 188, 206), (252, 214, 222), (118, 166, 72), (238, 164, 190)),
    Season.SUMMER: ((70, 128, 40), (60, 116, 44), (92, 138, 44), (52, 106, 50)),
    Season.AUTUMN: ((222, 120, 36), (198, 74, 34), (232, 172, 48), (170, 92, 40)),
    Season.WINTER: ((122, 104, 88), (108, 94, 84), (132, 116, 100), (116, 100, 90)),
}
"""Albedo of crowns, by turns of the trees; in spring most are in blossom."""
FALLEN: dict[Season, tuple[Colour, ...]] = {
    Season.AUTUMN: ((226, 128, 40), (204, 72, 32), (236, 184, 56), (158, 92, 44)),
    Season.SPRING: ((252, 206, 218), (255, 232, 236), (244, 178, 200)),
}
"""What lies about on the ground."""


RUST: Colour = (190, 96, 40)
OLIVE: Colour = (132, 112, 50)
STRAW: Colour = (196, 164, 82)


def _rgb(colour: Colour) -> Field:
    return np.asarray(colour, np.float32)


def _spring(albedo: Values) -> Values:
    return np.asarray(albedo * _rgb((1.03, 1.06, 0.94)) + _rgb((3, 5, 2)), np.float32)


def _summer(albedo: Values) -> Values:
    return np.asarray(albedo * _rgb((0.86, 0.94, 0.74)), np.float32)


def _autumn(albedo: Values) -> Values:
    """Woods to rust, grass to straw, by how far the green leaned to yellow."""
    level = albedo.max(-1, keepdims=True) / 150
    lean = albedo[..., :1] / np.maximum(albedo[..., 1:2], 1)
    olive = _rgb(RUST) + (_rgb(OLIVE) - _rgb(RUST)) * smoothstep(0.49, 0.56, lean)
    return np.asarray((olive + (_rgb(STRAW) - olive) * smoothstep(0.56, 0.86, lean)) * level, np.float32)


def _winter(albedo: Values) -> Values:
    """Faded and rimed."""
    grey = albedo.mean(-1, keepdims=True)
    return np.asarray(grey * _rgb((0.98, 0.90, 0.76)) * 0.72 + _rgb((40, 44, 50)), np.float32)


TURNS: dict[Season, Callable[[Values], Values]] = {
    Season.SPRING: _spring,
    Season.SUMMER: _summer,
    Season.AUTUMN: _autumn,
    Season.WINTER: _winter,
}


def turned(season: Season | None, albedo: Values) -> Values:
    """`albedo` (…, 3), 0..255, with what is green in it as it is in `season`; needles stay green."""
    if season is None:
        return albedo
    red, green, blue = (albedo[..., channel] for channel in range(3))
    part = smoothstep(1.04, 1.22, green / np.maximum(np.maximum(red, blue), 1)) * smoothstep(
        0.74, 0.58, np.asarray(blue / np.maximum(green, 1), np.float32)
    )
    return np.asarray(albedo + (TURNS[season](albedo) - albedo) * part[..., None], np.float32)


def littered(rng: np.random.Generator, season: Season | None, albedo: Field, deep: int) -> Field:
    """Ground `albedo`, a tile without a seam, with what has fallen from the trees in `season`, `deep` texels each."""
    if season not in FALLEN:
        return albedo
    shown = albedo.copy()
    rows, columns = albedo.shape[:2]
    for colour in FALLEN[season]:
        spots = rng.random((rows // deep, columns // (2 * deep)), np.float32) > 0.988
        lying = np.repeat(np.repeat(spots, deep, 0), 2 * deep, 1)[..., None]
        shown += (_rgb(colour) * rng.uniform(0.75, 1.0) - shown) * lying
    return shown

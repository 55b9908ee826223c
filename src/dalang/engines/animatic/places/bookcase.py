"""Shelves full of books, against a wall."""

from __future__ import annotations

import numpy as np

from dalang.engines.animatic.air.light import Colour, mix, scaled
from dalang.engines.animatic.canvas.easel import Easel

BOOKS: tuple[Colour, ...] = (
    (150, 62, 52), (46, 84, 104), (206, 168, 96), (72, 98, 70), (224, 212, 190), (98, 62, 84), (188, 112, 66),
)  # fmt: skip


def bookcase(easel: Easel, rng: np.random.Generator, left: float, right: float, high: float, wood: Colour) -> None:
    """Six rows of books, painted on the wall."""
    easel.slab(left, 0, right, high, wood)
    rows = 6
    for row in range(rows):
        low = 0.12 + row * (high - 0.2) / rows
        top = low + (high - 0.2) / rows - 0.05
        easel.fade(left + 0.05, low, right - 0.05, top, scaled(wood, 0.46), 0.62, 1.0)
        _books(easel, rng, left + 0.08, right - 0.08, low, top - low)


def _books(easel: Easel, rng: np.random.Generator, left: float, right: float, low: float, space: float) -> None:
    x = left
    while x < right - 0.08:
        if rng.random() < 0.07:
            x += float(rng.uniform(0.08, 0.26))
            continue
        wide, high = float(rng.uniform(0.022, 0.055)), space * float(rng.uniform(0.62, 0.92))
        cover = scaled(BOOKS[rng.integers(len(BOOKS))], float(rng.uniform(0.8, 1.1)))
        easel.fade(x, low, x + wide, low + high, cover, 1.05, 0.82)
        easel.box(x + wide * 0.8, low, x + wide, low + high, scaled(cover, 0.62))
        easel.box(x, low + high * 0.78, x + wide * 0.8, low + high * 0.83, mix(cover, (240, 220, 170), 0.6))
        x += wide + 0.004

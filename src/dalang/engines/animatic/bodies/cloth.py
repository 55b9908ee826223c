"""What garments are made of: dyes, and the tiles of woven and printed cloth."""

from __future__ import annotations

import functools
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.bodies.clay import Rgb
from dalang.engines.animatic.canvas.noise import generator, tile
from dalang.scene.performer import Colour

DYES: dict[Colour, Rgb] = {
    Colour.RED: (224, 44, 58),
    Colour.ORANGE: (250, 134, 38),
    Colour.YELLOW: (252, 204, 58),
    Colour.GREEN: (62, 158, 84),
    Colour.BLUE: (62, 116, 214),
    Colour.PURPLE: (132, 82, 192),
    Colour.PINK: (248, 132, 178),
    Colour.BROWN: (134, 88, 62),
    Colour.BEIGE: (216, 186, 146),
    Colour.BLACK: (54, 50, 62),
    Colour.GREY: (140, 142, 156),
    Colour.WHITE: (240, 238, 246),
    Colour.SILVER: (188, 194, 208),
    Colour.GOLD: (240, 186, 70),
    Colour.COPPER: (202, 122, 80),
    Colour.TURQUOISE: (54, 188, 188),
}
"""As Fluent's volumes are painted: pure, and never quite black or white."""

DENIM: Rgb = (66, 92, 146)

Tile = NDArray[np.uint8]
"""RGB of shape (64, 64, 3) that repeats."""
SIDE = 64


def lighter(colour: Rgb, part: float) -> Rgb:
    """Towards white by `part`; towards black where it is negative."""
    goal = 255 if part > 0 else 0
    red, green, blue = (c + (goal - c) * abs(part) for c in colour)
    return red, green, blue


def contrast(colour: Rgb) -> Rgb:
    """A trim that shows on `colour`."""
    return lighter(colour, 0.72) if sum(colour) < 420 else lighter(colour, -0.5)


def _ink(colour: Rgb) -> tuple[float, ...]:
    return tuple(float(round(c)) for c in colour)


def _flat(colour: Rgb) -> Tile:
    return np.full((SIDE, SIDE, 3), np.round(colour), np.uint8)


def striped(colour: Rgb) -> Tile:
    cloth = _flat(colour)
    for row in (0, 32):
        cloth[row : row + 12] = np.round(contrast(colour))
    return cloth


def checked(colour: Rgb) -> Tile:
    """A tartan: broad bands across each other, a thin light line between."""
    cloth = _flat(colour).astype(np.float32)
    dark = np.ones(SIDE, np.float32)
    dark[:26] = 0.62
    cloth *= (dark[:, None] * dark[None, :])[..., None]
    cloth[44:47] = cloth[44:47] * 0.4 + 0.6 * 245
    cloth[:, 44:47] = cloth[:, 44:47] * 0.4 + 0.6 * 245
    return cloth.astype(np.uint8)


def dotted(colour: Rgb) -> Tile:
    cloth = _flat(colour)
    for middle in ((16, 16), (48, 48)):
        cv2.circle(cloth, middle, 8, _ink(contrast(colour)), -1, cv2.LINE_AA)
    return cloth


def flowered(colour: Rgb) -> Tile:
    """Two blossoms and leaves."""
    cloth = _flat(colour)
    bloom = _ink(lighter(colour, 0.75) if sum(colour) < 560 else (236.0, 104.0, 140.0))
    for x, y, size in ((18, 18, 7), (48, 46, 8)):
        cv2.ellipse(cloth, (x + size + 4, y + size), (7, 3), 40, 0, 360, (74, 146, 92), -1, cv2.LINE_AA)
        for turn in range(5):
            angle = turn * 2 * np.pi / 5
            petal = int(x + size * np.cos(angle)), int(y + size * np.sin(angle))
            cv2.circle(cloth, petal, round(size * 0.62), bloom, -1, cv2.LINE_AA)
        cv2.circle(cloth, (x, y), round(size * 0.5), (250, 196, 70), -1, cv2.LINE_AA)
    return cloth


def batik(colour: Rgb) -> Tile:
    """Kawung: four ovals about a dot, light on dark, as wax left them."""
    cloth = _flat(lighter(colour, -0.25))
    light = _ink(lighter(colour, 0.62))
    for corner in ((16, 16), (48, 16), (16, 48), (48, 48)):
        slope = 45 if (corner[0] < 32) == (corner[1] < 32) else -45
        cv2.ellipse(cloth, corner, (16, 10), slope, 0, 360, light, -1, cv2.LINE_AA)
        cv2.ellipse(cloth, corner, (9, 4), slope, 0, 360, _ink(colour), -1, cv2.LINE_AA)
    for dot in ((32, 32), (0, 0), (63, 0), (0, 63), (63, 63), (32, 0), (0, 32)):
        cv2.circle(cloth, dot, 3, light, -1, cv2.LINE_AA)
    return cloth


def knitted(colour: Rgb) -> Tile:
    """Rows of slanted stitches."""
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    slant = np.abs((x % 16) - 8)
    light = 0.94 + 0.08 * (((y + slant) % 8) < 5)
    return np.clip(_flat(colour) * light[..., None], 0, 255).astype(np.uint8)


def quilted(colour: Rgb) -> Tile:
    """Padded rolls with seams between."""
    rows = np.abs(np.sin(np.arange(SIDE) * np.pi / 32))
    return np.clip(_flat(colour) * (0.90 + 0.12 * rows**0.6)[:, None, None], 0, 255).astype(np.uint8)


def plates(colour: Rgb) -> Tile:
    """Bands of metal, each bright along its upper edge."""
    rows = (np.arange(SIDE) % 64) / 64
    light = np.where(rows < 0.07, 1.12, np.where(rows > 0.95, 0.42, 0.86 - 0.30 * rows))
    return np.clip(_flat(colour) * light[:, None, None], 0, 255).astype(np.uint8)


def furry(colour: Rgb) -> Tile:
    light = 0.72 + 0.5 * tile(generator(3, "fur"), SIDE, 16, 2)
    streaks = cv2.blur(light, (1, 7), borderType=cv2.BORDER_REFLECT)
    return np.asarray(np.clip(_flat(colour) * streaks[..., None], 0, 255), np.uint8)


def grassy(colour: Rgb) -> Tile:
    light = 0.7 + 0.45 * (np.sin(np.arange(SIDE) * 2 * np.pi / 8) > 0)
    return np.clip(_flat(colour) * light[None, :, None], 0, 255).astype(np.uint8)


TILES: dict[str, Callable[[Rgb], Tile]] = {
    "striped": striped,
    "checked": checked,
    "dotted": dotted,
    "flowered": flowered,
    "batik": batik,
    "knitted": knitted,
    "quilted": quilted,
    "plates": plates,
    "furry": furry,
    "feathered": grassy,
}
"""By the pattern of a row of `wardrobe.toml`; other patterns are matters of cut."""


@functools.lru_cache(64)
def woven(pattern: str, colour: Rgb) -> Tile:
    """The tile of a pattern in a colour. KeyError: no cloth has that pattern."""
    return TILES[pattern](colour)

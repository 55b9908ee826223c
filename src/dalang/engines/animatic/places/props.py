"""What stands about in a set: trees, bushes, rocks, cacti, grass. A painter makes one of its kind from randomness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.foliage import LEAVES, turned
from dalang.engines.animatic.air.light import Colour, Light, mix, rgb, scaled
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.solid import Ball, Cone, Look, Rod, Shape, paint_solid
from dalang.scene.plan import Place, Season, Thing

BARK: Colour = (112, 78, 54)
NEEDLES: tuple[Colour, ...] = ((52, 112, 78), (64, 122, 72), (44, 98, 80))

Sun = NDArray[np.float32]
Painter = Callable[[np.random.Generator, Light, Sun, int], Picture]
"""(randomness, light, direction of the sun, height in pixels) to a picture whose bottom is its foot."""


@dataclass(frozen=True)
class Kind:
    """A kind of prop."""

    paint: Painter
    height: tuple[float, float]
    """Metres, from … to."""
    share: float
    """How common it is in its set."""
    thing: Thing
    """What it is, for those who do not want it."""
    variants: int = 2


def _tree(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    crown = LEAVES[light.season][rng.integers(4)]
    lean = rng.uniform(-0.04, 0.04)
    shapes: list[Shape] = [Rod((0, 0), (lean, 0.55), 0.042, 0.026, BARK)]
    for branch in (-1, 1):
        shapes.append(Rod((0, 0.28), (branch * 0.16, 0.52), 0.020, 0.012, BARK))
    for number in range(34):
        angle, out = number * 2.4 + rng.uniform(-0.3, 0.3), np.sqrt((number + 0.5) / 34)
        x, y = lean + np.cos(angle) * out * 0.28, 0.64 + np.sin(angle) * out * 0.22
        size = rng.uniform(0.085, 0.14) * (1.15 - 0.3 * out)
        tint = mix(scaled(crown, rng.uniform(0.86, 1.12)), (214, 206, 92), rng.uniform(0, 0.16))
        z = 0.20 * (1 - out) + rng.uniform(-0.05, 0.05)
        shapes.append(Ball(x, y, z, size, size * 0.9, tint, ragged=0.35))
    return paint_solid(rng, shapes, 0.86, rows, light, sun, Look(bump=0.85, grain=90))


def _pine(rng: np.random.Generator, light: Light, sun: Sun, rows: int, snow: float = 0.0) -> Picture:
    green = NEEDLES[rng.integers(len(NEEDLES))]
    shapes: list[Shape] = [Rod((0, 0), (0, 0.3), 0.035, 0.03, BARK)]
    tiers = int(rng.integers(5, 8))
    for tier in range(tiers):
        part = tier / tiers
        base = 0.09 + 0.74 * part
        wide = (0.25 + 0.02 * rng.random()) * (1 - part) ** 0.85 + 0.03
        top = min(0.995, base + 0.34 - 0.10 * part)
        tint = scaled(green, 0.84 + 0.34 * part)
        shapes.append(Cone(base, top, wide, tint, 0.04 * part, 11, rng.uniform(0, 3)))
    return paint_solid(rng, shapes, 0.60, rows, light, sun, Look(bump=0.6, grain=80, snow=snow))


def _bare_tree(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    """A trunk that forks into branches and twigs, with snow on what lies flat."""
    shapes: list[Shape] = []
    _branch(rng, shapes, (0.0, 0.0), 1.57, 0.34, 0.036, 5)
    return paint_solid(rng, shapes, 0.95, rows, light, sun, Look(bump=0.4, grain=60, snow=0.42))


def _branch(
    rng: np.random.Generator, shapes: list[Shape], foot: tuple[float, float], turn: float, long: float, thick: float,
    left: int,
) -> None:  # fmt: skip
    tip = foot[0] + long * np.cos(turn), foot[1] + long * np.sin(turn)
    shapes.append(Rod(foot, tip, thick, 0.68 * thick, (104, 84, 70), float(rng.uniform(-0.03, 0.03))))
    if not left:
        return
    for side in (-1, 1):
        part = float(rng.uniform(0.60, 0.76))
        spread = side * float(rng.uniform(0.24, 0.58))
        _branch(rng, shapes, tip, turn + spread, long * part, 0.66 * thick, left - 1)


def _white_pine(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _pine(rng, light, sun, rows, snow=0.62)


def _bush(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    green = LEAVES[light.season if light.season is Season.AUTUMN else None][rng.integers(4)]
    shapes: list[Shape] = []
    for _ in range(15):
        x = rng.uniform(-0.5, 0.5)
        y = rng.uniform(0.12, 0.62) * (1 - abs(x))
        size = rng.uniform(0.18, 0.30)
        shapes.append(Ball(x, y, rng.uniform(-0.2, 0.2), size, size, scaled(green, rng.uniform(0.8, 1.05)), 0.4))
    return paint_solid(rng, shapes, 1.7, rows, light, sun, Look(bump=0.85, grain=34))


def _rock(rng: np.random.Generator, light: Light, sun: Sun, rows: int, *, stone: Colour, snow: float) -> Picture:
    shapes: list[Shape] = []
    for _ in range(6):
        x = rng.uniform(-0.42, 0.42)
        wide, high = rng.uniform(0.26, 0.46), rng.uniform(0.34, 0.78) * (1.1 - abs(x))
        shapes.append(Ball(x, 0.0, rng.uniform(-0.2, 0.2), wide, high, scaled(stone, rng.uniform(0.9, 1.1)), 0.12))
    return paint_solid(rng, shapes, 1.7, rows, light, sun, Look(bump=0.5, grain=7, snow=snow, ground=0.3))


def _grey_rock(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _rock(rng, light, sun, rows, stone=(142, 140, 136), snow=0.0)


def _red_rock(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _rock(rng, light, sun, rows, stone=(196, 124, 82), snow=0.0)


def _white_rock(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _rock(rng, light, sun, rows, stone=(122, 126, 138), snow=0.9)


def _cactus(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    green: Colour = (92, 146, 84)
    shapes: list[Shape] = [Rod((0, 0), (0, 0.92), 0.070, 0.066, green, ribs=9)]
    for side in (-1, 1):
        if rng.random() < 0.15:
            continue
        low, out = rng.uniform(0.34, 0.52), rng.uniform(0.17, 0.22)
        tip = low + rng.uniform(0.18, 0.32)
        shapes.append(Rod((0, low), (side * out, low + 0.03), 0.042, 0.046, green, ribs=0))
        shapes.append(Rod((side * out, low + 0.02), (side * out, tip), 0.048, 0.046, green, z=0.01, ribs=7))
    return paint_solid(rng, shapes, 0.56, rows, light, sun, Look(bump=0.12, grain=60))


PETALS: tuple[Colour, ...] = ((250, 246, 240), (250, 206, 72), (226, 92, 104), (150, 120, 216))


def _blades(rng: np.random.Generator, light: Light, rows: int, *, dark: Colour, bright: Colour, count: int) -> Picture:
    """A tuft: blades from one root, leaning outward, the front ones brighter."""
    wide = round(rows * 1.5)
    fine = np.zeros((rows * 2, wide * 2, 4), np.uint8)
    lit = rgb(light.fill) + 0.62 * rgb(light.key)
    for number in range(count):
        part = number / count
        root, lean = rng.normal(wide, wide * 0.16), rng.normal(0, 0.42)
        tall = rows * 2 * rng.uniform(0.45, 0.98) * (1 - 0.25 * part)
        tip = (root + lean * tall * 0.8, rows * 2 - tall)
        bend = (root + lean * tall * 0.22, rows * 2 - tall * 0.55)
        half = rows * 0.035 + 0.6
        spots = [
            (root - half, rows * 2),
            (bend[0] - half * 0.8, bend[1]),
            tip,
            (bend[0] + half * 0.8, bend[1]),
            (root + half, rows * 2),
        ]
        colour = turned(light.season, rgb(mix(dark, bright, min(1.0, part * 0.8 + rng.random() * 0.3)))) * lit
        points = np.round(np.array(spots) * 16).astype(np.int32)
        cv2.fillPoly(fine, [points], (*np.clip(colour, 0, 255).tolist(), 255), cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(fine, (wide, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _tuft(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _blades(rng, light, rows, dark=(44, 92, 34), bright=(158, 192, 78), count=34)


def _dry_tuft(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _blades(rng, light, rows, dark=(140, 106, 58), bright=(226, 196, 124), count=24)


def _frosted_tuft(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _blades(rng, light, rows, dark=(136, 142, 132), bright=(236, 242, 248), count=20)


def _dark_tuft(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return _blades(rng, light, rows, dark=(28, 62, 26), bright=(104, 146, 58), count=26)


def _fern(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    """Fronds that arch out from one root, with leaflets on both sides."""
    wide = round(rows * 2.2)
    fine = np.zeros((rows * 2, wide * 2, 4), np.uint8)
    lit = rgb(light.fill) + 0.62 * rgb(light.key)
    leans = np.linspace(-1, 1, 9)
    for order, lean in enumerate(rng.permutation(leans)):
        tint = turned(light.season, rgb(mix((24, 58, 22), (92, 136, 50), order / 9))) * lit
        reach = rows * (0.95 + 1.05 * abs(lean)) * rng.uniform(0.8, 1.0)
        for part in np.linspace(0.10, 1.0, 21):
            x = wide + lean * reach * part
            y = rows * 2 - rows * 1.85 * (1 - 0.35 * abs(lean)) * np.sin(part * (1.55 + 0.75 * abs(lean)))
            leaflet = rows * 0.20 * (1.06 - part)
            for side in (-1, 1):
                spot = (round((x + leaflet * 0.45 * lean) * 16), round((y + side * leaflet * 0.5) * 16))
                axes = (round(leaflet * 16), round(leaflet * 3.6))
                cv2.ellipse(
                    fine, spot, axes, side * 50 * np.sign(lean) + 10, 0, 360, (*tint.tolist(), 255), -1, cv2.LINE_AA, 4
                )
    return np.asarray(cv2.resize(fine, (wide, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _reeds(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    """A stand of reeds, some with their brown heads."""
    view = _blades(rng, light, rows, dark=(62, 84, 40), bright=(172, 178, 92), count=30)
    lit = rgb(light.fill) + 0.6 * rgb(light.key)
    for _ in range(int(rng.integers(3, 7))):
        x, top = rng.normal(view.shape[1] / 2, rows * 0.2), rng.uniform(0.06, 0.3) * rows
        foot = (round(view.shape[1] / 2 + (x - view.shape[1] / 2) * 0.5), rows)
        stem, head = (rgb((120, 130, 62)) * lit).tolist(), (rgb((98, 64, 38)) * lit).tolist()
        cv2.line(view, foot, (round(x), round(top)), (*stem, 255), max(1, rows // 90), cv2.LINE_AA)
        centre, axes = (round(x * 16), round((top + rows * 0.05) * 16)), (round(rows * 0.28), round(rows * 1.1))
        cv2.ellipse(view, centre, axes, 0, 0, 360, (*head, 255), -1, cv2.LINE_AA, 4)
    return view


def _flowers(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    view = _blades(rng, light, rows, dark=(44, 96, 36), bright=(128, 172, 70), count=14)
    lit = np.clip(rgb(light.fill) + 0.7 * rgb(light.key), 0, 1.05)
    petal = rgb(PETALS[rng.integers(len(PETALS))]) * lit
    heart = rgb((244, 190, 60)) * lit
    for _ in range(int(rng.integers(4, 8))):
        x, y = rng.normal(view.shape[1] / 2, rows * 0.26), rng.uniform(0.12, 0.45) * rows
        size = rows * rng.uniform(0.045, 0.07)
        for number in range(5):
            angle = number * 2 * np.pi / 5
            centre = (round((x + np.cos(angle) * size) * 16), round((y + np.sin(angle) * size * 0.8) * 16))
            cv2.circle(view, centre, round(size * 13), (*petal.tolist(), 255), -1, cv2.LINE_AA, 4)
        cv2.circle(view, (round(x * 16), round(y * 16)), round(size * 10), (*heart.tolist(), 255), -1, cv2.LINE_AA, 4)
    return view


TREE = Kind(_tree, (5.0, 8.0), 1.0, Thing.TREES, variants=3)
PINE = Kind(_pine, (6.0, 10.0), 0.45, Thing.TREES)
BUSH = Kind(_bush, (0.7, 1.3), 0.6, Thing.BUSHES)
ROCK = Kind(_grey_rock, (0.4, 1.0), 0.25, Thing.ROCKS)
REED = Kind(_reeds, (0.5, 1.1), 1.0, Thing.GRASS, variants=3)
MEADOW_KINDS = (TREE, PINE, BUSH, ROCK)
MEADOW_TUFTS = (
    Kind(_tuft, (0.14, 0.30), 1.0, Thing.GRASS, variants=3),
    Kind(_flowers, (0.16, 0.26), 0.5, Thing.FLOWERS, variants=3),
)
FOREST_TUFTS = (
    Kind(_fern, (0.16, 0.34), 1.0, Thing.GRASS, variants=3),
    Kind(_dark_tuft, (0.12, 0.24), 0.5, Thing.GRASS, variants=2),
)
RIVER_TUFTS = (
    Kind(_tuft, (0.12, 0.26), 1.0, Thing.GRASS, variants=3),
    Kind(_flowers, (0.14, 0.22), 0.25, Thing.FLOWERS, variants=2),
    Kind(_grey_rock, (0.06, 0.18), 0.6, Thing.ROCKS, variants=3),
)
MOUNTAIN_TUFTS = (
    Kind(_tuft, (0.10, 0.20), 1.0, Thing.GRASS, variants=3),
    Kind(_flowers, (0.12, 0.20), 0.35, Thing.FLOWERS, variants=2),
    Kind(_grey_rock, (0.08, 0.24), 0.8, Thing.ROCKS, variants=3),
)
SNOW_TUFTS = (Kind(_frosted_tuft, (0.12, 0.26), 1.0, Thing.GRASS, variants=3),)
DESERT_TUFTS = (Kind(_dry_tuft, (0.16, 0.32), 1.0, Thing.GRASS, variants=3),)
SNOW_KINDS = (
    Kind(_white_pine, (5.0, 10.0), 1.0, Thing.TREES, variants=3),
    Kind(_bare_tree, (4.0, 7.0), 0.45, Thing.TREES),
    Kind(_white_rock, (0.5, 1.2), 0.25, Thing.ROCKS),
)
DESERT_KINDS = (
    Kind(_cactus, (2.2, 4.2), 0.7, Thing.CACTI, variants=3),
    Kind(_red_rock, (0.5, 1.8), 0.5, Thing.ROCKS, variants=3),
)

KINDS = {Place.MEADOW: MEADOW_KINDS, Place.SNOW: SNOW_KINDS, Place.DESERT: DESERT_KINDS}
TUFTS: dict[Place, tuple[Kind, ...]] = {
    Place.MEADOW: MEADOW_TUFTS,
    Place.SNOW: SNOW_TUFTS,
    Place.DESERT: DESERT_TUFTS,
    Place.FOREST: FOREST_TUFTS,
    Place.MOUNTAIN: MOUNTAIN_TUFTS,
    Place.RIVER: RIVER_TUFTS,
}


def wanted(kinds: tuple[Kind, ...], without: frozenset[Thing]) -> tuple[Kind, ...]:
    return tuple(kind for kind in kinds if kind.thing not in without)

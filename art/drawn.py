"""The pictures that no package has, drawn: name → its frames, premultiplied RGBA."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from buildings import (
    barn,
    bench,
    cabin,
    construction_crane,
    lighthouse,
    street_lamp,
    tent,
    wind_turbine,
    windmill,
)
from modelling import RED, WHITE, WOOD, YELLOW, Colour, Field, Point, Sheet

STEEL: Colour = (190, 192, 208)
BARK: Colour = (112, 74, 62)
STRAW: Colour = (238, 196, 104)
PETALS: tuple[Colour, ...] = ((255, 172, 200), (255, 194, 214), (250, 150, 186), (255, 214, 226))
LEAVES: tuple[Colour, ...] = ((72, 160, 62), (98, 184, 72), (54, 136, 58))


def submarine() -> list[Field]:
    sheet = Sheet(200)
    hull = YELLOW
    sheet.slab([(74, 50), (96, 66), (96, 14), (74, 30)], (226, 96, 60), bevel=2)
    for y in (54, 26):
        sheet.ball((97, y), 2.6, 12, STEEL)
    sheet.rod((-6, 70), (-6, 96), 2.0, STEEL)
    sheet.rod((-6, 96), (-16, 96), 2.6, STEEL)
    sheet.slab([(-30, 58), (22, 58), (16, 82), (-22, 82)], hull, bevel=5)
    sheet.box(-24, 18, 79, 83, (226, 96, 60), bevel=1.6)
    sheet.ball((0, 39), 92, 28, sheet.bands((hull, hull), 10))
    sheet.slab([(-86, 30), (-70, 16), (-30, 12.5), (30, 12.5), (72, 19), (86, 30)], (226, 96, 60), bevel=7, up=-0.4)
    sheet.slab([(20, 34), (52, 34), (60, 42), (26, 42)], (226, 96, 60), bevel=2)
    for x in (-58, -30, -2):
        sheet.ball((x, 44), 9, 9, (206, 120, 40))
        sheet.ball((x, 44), 6.6, 6.6, (116, 206, 244), gloss=0.4)
    return [sheet.frame]


def hot_air_balloon() -> list[Field]:
    sheet = Sheet(76)
    for x in (-5.5, -2, 2, 5.5):
        sheet.rod((x * 0.8, 8), (x * 1.5, 26), 0.3, (120, 86, 62))
    profile = [(24, 7), (27, 8.5), (34, 16), (44, 26), (54, 33), (64, 36), (74, 34.5), (84, 28), (91, 20), (96, 11)]
    profile += [(99, 3), (99.8, 0.4)]
    heights, radii = zip(*profile, strict=True)
    radius = np.interp(sheet.y, heights, radii).astype(np.float32)
    colours: tuple[Colour, ...] = (RED, (255, 158, 44), (255, 214, 70), WHITE, (64, 160, 232), (92, 92, 214))
    sheet.turned(profile, sheet.gores(colours, 0, radius, 12), gloss=0.16)
    sheet.turned([(23, 6.2), (26.4, 7.6)], (126, 58, 80))
    sheet.turned([(0, 5.2), (1, 5.8), (8, 6.2)], sheet.rough((176, 112, 62), 0.5, (1.4, 1.2), 5))
    sheet.turned([(7, 6.7), (9, 6.7)], (122, 74, 48))
    return [sheet.frame]


def typewriter() -> list[Field]:
    sheet = Sheet(128)
    sheet.box(-30, 30, 52, 99, (250, 248, 244), bevel=1)
    for y in range(90, 66, -6):
        sheet.box(-23, 23 if y > 74 else 4, y, y + 1.1, (146, 146, 168), bevel=0.4)
    body: Colour = (66, 142, 146)
    sheet.slab([(-46, 8), (46, 8), (42, 60), (-42, 60)], body, bevel=5)
    sheet.rod((-52, 62), (52, 62), 6.4, (52, 50, 66))
    for side in (-1, 1):
        sheet.rod((side * 52, 62), (side * 58, 62), 4.6, STEEL)
    sheet.rod((-56, 68), (-62, 78), 1.6, STEEL)
    sheet.slab([(-22, 44), (22, 44), (17, 55), (-17, 55)], (40, 38, 54), bevel=3, up=-0.5)
    sheet.slab([(-58, 2), (58, 2), (48, 40), (-48, 40)], (54, 120, 126), bevel=4, up=0.9)
    for row, count in enumerate((9, 8, 9)):
        for number in range(count):
            x = (number - (count - 1) / 2) * (9.4 - 0.5 * row)
            sheet.ball((x, 13.5 + 9 * row), 3.5, 3.0, (50, 48, 62))
            sheet.ball((x, 14.5 + 9 * row), 2.9, 2.3, (240, 234, 222))
    sheet.rod((-26, 5.4), (26, 5.4), 2.2, (240, 234, 222))
    return [sheet.frame]


def scarecrow() -> list[Field]:
    sheet = Sheet(86)
    rng = np.random.default_rng(4)
    sheet.rod((0, 1), (0, 66), 1.7, WOOD)
    sheet.rod((-38, 62), (38, 62), 1.4, WOOD)
    for side in (-1, 1):
        _straws(sheet, rng, (side * 33, 61), 0 if side > 0 else 180)
        _straws(sheet, rng, (side * 5, 20), 270)
    for side in (-1, 1):
        sheet.slab([(0, 42), (side * 10, 42), (side * 9, 19), (side * 1.4, 19)], (62, 92, 150), bevel=2.4)
    coat = sheet.rough((190, 66, 58), 0.16, (3, 3), 6)
    sheet.slab([(-34, 57), (-12, 60), (-12, 66), (-34, 66)], coat, bevel=3)
    sheet.slab([(34, 57), (12, 60), (12, 66), (34, 66)], coat, bevel=3)
    sheet.slab([(-12, 38), (12, 38), (13, 67), (-13, 67)], coat, bevel=4)
    sheet.slab([(-8, 45), (-2, 45), (-2, 51), (-8, 51)], (232, 176, 66), bevel=0.8)
    sheet.rod((-11, 41), (11, 41), 1.1, STRAW)
    sheet.ball((0, 76), 9.6, 10, sheet.rough((226, 190, 138), 0.12, (2, 2), 7))
    for side in (-1, 1):
        sheet.ball((side * 3.6, 78), 1.3, 1.5, (58, 42, 44), gloss=0.3)
    for x, y, to_x, to_y in ((-4.4, 73, -2, 71.4), (-2, 71.4, 2, 71.4), (2, 71.4, 4.4, 73)):
        sheet.rod((x, y), (to_x, to_y), 0.45, (110, 62, 52))
    sheet.slab([(-1.2, 76), (1.2, 76), (0, 73.6)], (230, 120, 54), bevel=0.5)
    _straws(sheet, rng, (0, 66.6), 270)
    hat = sheet.rough((206, 158, 76), 0.2, (4, 1), 8)
    sheet.ball((0, 84), 17, 3.4, hat)
    sheet.slab([(-9, 84), (9, 84), (6.4, 97), (-5, 98)], hat, bevel=3.4)
    sheet.slab([(-9, 84.4), (9, 84.4), (8.4, 88), (-8.4, 88)], (132, 52, 62), bevel=1)
    return [sheet.frame]


def _straws(sheet: Sheet, rng: np.random.Generator, at: Point, way: float) -> None:
    for _ in range(9):
        angle = math.radians(way + rng.uniform(-34, 34))
        far = rng.uniform(5, 8)
        sheet.rod(at, (at[0] + far * math.cos(angle), at[1] + far * math.sin(angle)), 0.6, STRAW, thin=0.25)


def cherry_tree() -> list[Field]:
    sheet = Sheet(112)
    rng = np.random.default_rng(11)
    _clusters(sheet, rng, [(-26, 60), (26, 62), (0, 78), (-8, 64), (12, 62)], 16, PETALS[2:3])
    bark = sheet.rough(BARK, 0.5, (1.2, 4), 2)
    sheet.slab([(-7, 0), (7, 0), (3.4, 10), (3.0, 40), (-3.0, 40), (-3.4, 10)], bark, bevel=2.6)
    for end, thick in (((-28, 58), 2.4), ((27, 60), 2.4), ((-6, 70), 2.0), ((14, 66), 1.8), ((-40, 50), 1.4)):
        sheet.rod((0, 34), end, thick, bark, thin=0.7)
    around = [(-40, 52), (40, 54), (-30, 66), (31, 68), (-16, 80), (17, 82), (0, 86), (-22, 54), (23, 54), (0, 68)]
    _clusters(sheet, rng, around, 13, PETALS)
    for _ in range(420):
        x, y = rng.uniform(-55, 55), rng.uniform(34, 99)
        if sheet.cover[min(767, int((100 - y) * 7.68)), min(859, int((x + 56) * 7.68))] and y > 40:
            size = rng.uniform(0.5, 1.1)
            sheet.ball((x, y), size, size, PETALS[int(rng.integers(4))], gloss=0.2)
    return [sheet.frame]


def _clusters(
    sheet: Sheet, rng: np.random.Generator, middles: list[Point], size: float, colours: tuple[Colour, ...]
) -> None:
    """Clouds of leaves or petals, each of many balls: upper ones before lower ones."""
    for x, y in sorted(middles, key=lambda middle: middle[1]):
        for _ in range(18):
            angle, far = rng.uniform(0, 2 * math.pi), size * math.sqrt(rng.uniform(0, 1)) * 0.75
            part = size * rng.uniform(0.26, 0.44)
            at = x + far * math.cos(angle), min(98 - part, y + 0.75 * far * math.sin(angle))
            sheet.ball(at, part, part * 0.9, colours[int(rng.integers(len(colours)))], gloss=0.05)


def frying_pan() -> list[Field]:
    sheet = Sheet(230)
    rim = [(-34 + 62 * math.cos(turn), 50 + 15 * math.sin(turn)) for turn in np.linspace(0, 2 * math.pi, 60)]
    sheet.rod((26, 44), (60, 54), 3.6, STEEL)
    sheet.rod((56, 53), (106, 67), 5.4, (64, 48, 52))
    sheet.turned([(24, 50), (28, 56), (47, 66), (50, 67)], (74, 72, 88), x=-34)
    sheet.ball((-34, 50), 68, 18.5, (112, 110, 128), gloss=0.05)
    sheet.slab(rim, (52, 50, 62), bevel=3, up=0.4)
    return [sheet.frame]


def fried_rice() -> list[Field]:
    sheet = Sheet(190)
    rng = np.random.default_rng(9)
    sheet.ball((0, 24), 92, 22, (236, 238, 246))
    sheet.ball((0, 28), 74, 15, (214, 218, 232), gloss=0.02)
    sheet.ball((0, 40), 58, 30, (206, 138, 60), gloss=0.0)
    colours: tuple[Colour, ...] = ((226, 160, 76), (240, 186, 104), (204, 132, 56), (110, 168, 66), (236, 108, 50))
    for _ in range(420):
        angle, far = rng.uniform(0, 2 * math.pi), math.sqrt(rng.uniform(0, 1))
        x, y = 56 * far * math.cos(angle), 40 + 28 * far * math.sin(angle)
        lean, kind = rng.uniform(-2.6, 2.6), int(rng.choice(5, p=(0.34, 0.3, 0.24, 0.07, 0.05)))
        sheet.rod((x - 2.4, y - lean / 2), (x + 2.4, y + lean / 2), 1.7, colours[kind])
    sheet.ball((4, 64), 27, 10, (250, 248, 244))
    sheet.ball((6, 68), 11, 7.5, (255, 178, 36), gloss=0.35)
    for x in (-66, -56, -46):
        sheet.ball((x, 26), 10, 5, (110, 186, 84))
        sheet.ball((x, 26.6), 7.6, 3.4, (206, 232, 160))
    return [sheet.frame]


def bamboo() -> list[Field]:
    sheet = Sheet(70)
    rng = np.random.default_rng(3)
    for x, top, thick in ((-18, 88, 2.2), (14, 92, 2.4), (-6, 99, 3.0), (22, 70, 1.8), (3, 82, 2.6)):
        joints = np.arange(0, top, 12.0)
        for low in joints:
            high, lean = min(low + 12, top), 0.05 * x
            start, end = (x + lean * low / 12, low), (x + lean * high / 12, high)
            sheet.rod(start, end, thick, LEAVES[1], thin=thick * 0.92)
            sheet.rod((start[0] - thick, low), (start[0] + thick, low), 0.7, (150, 196, 96))
            if low > 30:
                _fronds(sheet, rng, start)
    return [sheet.frame]


def _fronds(sheet: Sheet, rng: np.random.Generator, at: Point) -> None:
    """Narrow leaves that hang from a joint."""
    for _ in range(6):
        side, long = rng.choice((-1, 1)), rng.uniform(8, 13)
        angle = math.radians(rng.uniform(-50, 20))
        tip = at[0] + side * long * math.cos(angle), min(99.0, at[1] + long * math.sin(angle))
        middle = (at[0] + tip[0]) / 2, (at[1] + tip[1]) / 2 + 1.2
        sheet.slab(
            [at, (middle[0], middle[1] + 0.5), tip, (middle[0], middle[1] - 2)], LEAVES[int(rng.integers(3))], 0.6
        )


def lantern() -> list[Field]:
    sheet = Sheet(62)
    for side in (-1, 1):
        sheet.rod((side * 16, 20), (side * 13, 69), 1.3, (170, 52, 44))
    sheet.rod((-13, 69), (-10, 95), 0.9, STEEL)
    sheet.rod((13, 69), (10, 95), 0.9, STEEL)
    sheet.rod((-10, 95), (10, 95), 1.1, STEEL)
    sheet.turned([(2, 20), (5, 21), (14, 19), (22, 12)], (206, 62, 50), gloss=0.2)
    sheet.turned([(22, 9.5), (30, 12.5), (44, 14), (58, 12), (64, 9)], (255, 226, 158), gloss=0.4)
    sheet.ball((0, 36), 4, 8.5, (255, 168, 52), gloss=0.5)
    sheet.ball((0, 34), 2.4, 5, (255, 244, 190), gloss=0.5)
    for side in (-1, 1):
        sheet.rod((side * 13, 30), (side * 12, 58), 0.6, STEEL)
    sheet.turned([(63, 11), (67, 14), (73, 8), (80, 5.5), (83, 5.5)], (206, 62, 50), gloss=0.2)
    return [sheet.frame]


def seahorse() -> list[Field]:
    sheet = Sheet(60)
    amber: Colour = (255, 166, 64)
    spine = [(6, 84), (9, 76), (8, 68), (3, 60), (-2, 52), (-3, 44), (1, 36), (6, 28), (8, 20), (4, 12), (-4, 9)]
    spine += [(-9, 13), (-8, 19), (-3, 20), (-2, 17)]
    thick = np.interp(np.arange(len(spine)), (0, 1, 4, 5, 9, 14), (6, 5.4, 10.5, 10.5, 3.4, 1.6))
    sheet.slab([(10, 62), (22, 66), (24, 54), (20, 46), (6, 46)], (255, 206, 122), bevel=1.4)
    for number in reversed(range(len(spine) - 1)):
        sheet.rod(spine[number], spine[number + 1], thick[number], amber, thin=thick[number + 1])
    for number in range(2, 10):
        x, y = spine[number]
        sheet.ball((x - 0.45 * thick[number], y), 0.42 * thick[number], 0.26 * thick[number], (255, 214, 150))
    sheet.rod((-2, 83), (-19, 77), 3.2, amber, thin=2.3)
    sheet.ball((-19.4, 77), 2.2, 3.0, (236, 132, 58))
    for x, y in ((2, 95), (8, 96), (13, 91)):
        sheet.rod((5, 86), (x, y), 2.4, (236, 132, 58), thin=0.9)
    sheet.ball((3, 84), 9, 8.2, amber)
    sheet.ball((0, 86), 3.1, 3.5, WHITE, gloss=0.2)
    sheet.ball((-0.7, 86), 1.9, 2.3, (44, 36, 52), gloss=0.5)
    return [sheet.frame]


DRAWN: dict[str, Callable[[], list[Field]]] = {
    "lighthouse": lighthouse,
    "windmill": windmill,
    "wind-turbine": wind_turbine,
    "submarine": submarine,
    "hot-air-balloon": hot_air_balloon,
    "typewriter": typewriter,
    "scarecrow": scarecrow,
    "cherry-tree": cherry_tree,
    "construction-crane": construction_crane,
    "frying-pan": frying_pan,
    "fried-rice": fried_rice,
    "tent": tent,
    "cabin": cabin,
    "barn": barn,
    "bench": bench,
    "bamboo": bamboo,
    "street-lamp": street_lamp,
    "lantern": lantern,
    "seahorse": seahorse,
}

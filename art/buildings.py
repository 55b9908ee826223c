"""What stands in the open and no package has: buildings, mills, a tent, a crane."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from modelling import RED, WHITE, WOOD, YELLOW, Colour, Field, Point, Sheet

IRON: Colour = (66, 64, 84)
GLASS: Colour = (255, 224, 140)
STONE: Colour = (198, 188, 186)
SAILS = 12
"""Frames in which sails turn until one stands where the last stood."""


def lighthouse() -> list[Field]:
    sheet = Sheet(46)
    sheet.turned([(0, 19), (3, 17), (5, 15)], sheet.rough((150, 140, 140), 0.4, (5, 2.5), 1))
    sheet.turned([(4, 12.2), (72, 7.6)], sheet.bands((WHITE, RED), 11.4))
    for y, half in ((24, 1.7), (47, 1.5), (62, 1.3)):
        sheet.box(-half, half, y, y + 3.2 * half, (72, 84, 120), bevel=0.5)
    sheet.box(-2.6, 2.6, 4, 13, WOOD, bevel=0.7)
    sheet.turned([(71, 8), (73, 10.5), (75, 10.5)], IRON)
    sheet.turned([(75, 5.6), (85, 5.6)], GLASS, gloss=0.3)
    for x in (-5.2, -2.9, 0, 2.9, 5.2):
        sheet.rod((x, 75), (x, 85), 0.35, IRON)
    for x in np.linspace(-10, 10, 9):
        sheet.rod((x, 75), (x, 79), 0.3, IRON)
    sheet.rod((-10, 79), (10, 79), 0.4, IRON)
    sheet.turned([(84, 7.2), (86, 6.8), (90, 4.6), (93, 1.2)], RED)
    sheet.rod((0, 92), (0, 99), 0.5, IRON)
    return [sheet.frame]


def windmill() -> list[Field]:
    return [_windmill(90 * number / SAILS) for number in range(SAILS)]


def _windmill(angle: float) -> Field:
    sheet = Sheet(84)
    sheet.turned([(0, 16.5), (62, 10)], sheet.rough((236, 226, 208), 0.10, (4, 2), 3))
    sheet.turned([(0, 17), (5, 16.6)], sheet.rough(STONE, 0.3, (4, 2.5), 4))
    sheet.box(-3.4, 3.4, 4, 16, (92, 116, 138), bevel=0.8)
    for x, y in ((-4, 27), (4, 41)):
        sheet.box(x - 2, x + 2, y, y + 6, (80, 98, 128), bevel=0.7)
    sheet.turned([(60, 11.8), (64, 11.8), (70, 9.6), (75, 5.5), (77, 0.8)], (168, 82, 64))
    for turn in range(4):
        _sail(sheet, (0, 62), math.radians(angle + 90 * turn + 10))
    sheet.ball((0, 62), 2.4, 2.4, (120, 78, 56))
    return sheet.frame


def _sail(sheet: Sheet, hub: Point, angle: float) -> None:
    """A lattice with cloth on it, 36 units long."""
    along, aside = (math.sin(angle), math.cos(angle)), (math.cos(angle), -math.sin(angle))

    def at(far: float, side: float) -> Point:
        return hub[0] + far * along[0] + side * aside[0], hub[1] + far * along[1] + side * aside[1]

    sheet.slab([at(9, 0.4), at(36, 0.4), at(36, 7), at(9, 7)], (246, 236, 214), bevel=0.6)
    for far in np.linspace(9, 36, 6):
        sheet.rod(at(far, -1), at(far, 7), 0.32, (140, 92, 62))
    sheet.rod(at(9, 7), at(36, 7), 0.32, (140, 92, 62))
    sheet.rod(at(0, 0), at(37, 0), 0.9, (126, 80, 56), thin=0.55)


def wind_turbine() -> list[Field]:
    return [_turbine(120 * number / SAILS) for number in range(SAILS)]


def _turbine(angle: float) -> Field:
    sheet = Sheet(64)
    sheet.turned([(0, 2.2), (68, 1.2)], WHITE)
    sheet.ball((0.6, 68.6), 3.0, 2.0, WHITE)
    for turn in range(3):
        way = math.radians(angle + 120 * turn)
        tip = math.sin(way) * 30, 68.6 + math.cos(way) * 30
        sheet.rod((0, 68.6), tip, 1.4, WHITE, thin=0.35)
    sheet.ball((0, 68.6), 1.8, 1.8, (226, 228, 236))
    return sheet.frame


def construction_crane() -> list[Field]:
    sheet = Sheet(104)
    _lattice(sheet, (-14, 4), (-14, 78), 3.2, 14, YELLOW)
    sheet.box(-21, -7, 0, 4, (150, 148, 156), bevel=1)
    _lattice(sheet, (-40, 80), (50, 80), 2.2, 20, YELLOW)
    sheet.rod((-14, 82), (-14, 97), 0.9, YELLOW)
    for end in ((-38, 82), (20, 82), (46, 82)):
        sheet.rod((-14, 97), end, 0.28, IRON)
    sheet.box(-42, -33, 68, 78, (140, 138, 150), bevel=1)
    sheet.box(-10, -2, 70, 79, YELLOW, bevel=1)
    sheet.box(-8.6, -3, 73, 77.6, (120, 190, 226), bevel=0.6)
    for x in (29, 31):
        sheet.rod((x, 78), (30, 46), 0.25, IRON)
    sheet.ball((30, 45), 1.5, 1.9, IRON)
    for x in (22, 38):
        sheet.rod((30, 44), (x, 38), 0.22, IRON)
    sheet.box(20, 40, 35, 38, RED, bevel=0.7)
    return [sheet.frame]


def _lattice(sheet: Sheet, start: Point, end: Point, half: float, count: int, colour: Colour) -> None:
    """Two rails with struts between them, upright or level."""
    aside = (half, 0.0) if start[0] == end[0] else (0.0, half)

    def at(part: float, side: int) -> Point:
        return tuple(a + (b - a) * part + side * c for a, b, c in zip(start, end, aside, strict=True))  # type: ignore[return-value]

    for number in range(count):
        side = 1 if number % 2 else -1
        sheet.rod(at(number / count, side), at((number + 1) / count, -side), 0.38, colour)
    for side in (-1, 1):
        sheet.rod(at(0, side), at(1, side), 0.62, colour)


def tent() -> list[Field]:
    sheet = Sheet(150)
    side, front = sheet.rough((232, 122, 50), 0.10, (14, 10), 3), sheet.rough((250, 150, 66), 0.08, (14, 10), 4)
    sheet.slab([(-2, 92), (44, 84), (72, 4), (34, 2)], side, bevel=3, up=0.5, turn=0.8)
    sheet.slab([(-2, 94), (-54, 3), (36, 2)], front, bevel=2.4)
    sheet.slab([(-2, 78), (-22, 3), (12, 2.6)], (58, 44, 62), bevel=1)
    sheet.slab([(-2, 78), (-22, 3), (-33, 3), (-15, 42)], (255, 186, 108), bevel=1.6)
    sheet.slab([(-2, 78), (12, 2.6), (20, 2.4), (7, 42)], (240, 150, 80), bevel=1.6)
    sheet.rod((-2, 94), (46, 86), 1.1, (120, 66, 44))
    for start, end in (((-54, 4), (-70, 1)), ((70, 6), (74, 2)), ((44, 85), (73, 40))):
        sheet.rod(start, end, 0.6, (226, 216, 196))
    return [sheet.frame]


def cabin() -> list[Field]:
    sheet = Sheet(126)
    sheet.box(30, 41, 58, 97, sheet.rough(STONE, 0.4, (5, 3.5), 5), bevel=1)
    for row in range(8):
        y = 6 + 6.4 * row
        sheet.rod((-48, y), (48, y), 3.5, sheet.rough((168, 108, 66), 0.3, (12, 1.4), row))
    for row in range(8):
        for x in (-49, 49):
            sheet.ball((x, 6 + 6.4 * row), 3.6, 3.6, (206, 152, 100))
    sheet.slab([(-48, 54), (48, 54), (0, 84)], sheet.rough((176, 116, 72), 0.3, (1.6, 12), 20), bevel=1)
    sheet.box(-8, 8, 3, 34, (110, 62, 44), bevel=1.2)
    sheet.ball((4.6, 18), 1.2, 1.2, YELLOW, gloss=0.4)
    for x in (-29, 29):
        sheet.box(x - 9, x + 9, 18, 36, (96, 58, 42), bevel=1)
        sheet.box(x - 7, x + 7, 20, 34, (255, 216, 130), bevel=0.6)
        sheet.rod((x, 20), (x, 34), 0.7, (96, 58, 42))
        sheet.rod((x - 7, 27), (x + 7, 27), 0.7, (96, 58, 42))
    roof = sheet.rough((104, 74, 72), 0.35, (5, 2.5), 21)
    sheet.slab([(-60, 46), (-57, 52), (0, 92), (57, 52), (60, 46), (0, 82)], roof, bevel=1.6)
    return [sheet.frame]


def barn() -> list[Field]:
    sheet = Sheet(118)
    planks = sheet.rough((192, 54, 48), 0.28, (2.2, 40), 5)
    sheet.slab([(-46, 1), (46, 1), (46, 54), (30, 78), (0, 92), (-30, 78), (-46, 54)], planks, bevel=1)
    sheet.box(-17, 17, 1, 36, sheet.rough((168, 42, 42), 0.28, (2.2, 40), 6), bevel=0.8)
    for start, end in (((-17, 1), (-17, 36)), ((17, 1), (17, 36)), ((-17, 36), (17, 36)), ((0, 1), (0, 36))):
        sheet.rod(start, end, 1.1, WHITE)
    for side in (-1, 1):
        sheet.rod((side * 16, 2), (side * 1, 35), 0.8, WHITE)
        sheet.rod((side * 1, 2), (side * 16, 35), 0.8, WHITE)
    sheet.box(-8, 8, 56, 70, WHITE, bevel=0.8)
    sheet.box(-6.4, 6.4, 57.6, 68.4, (66, 42, 50), bevel=0.6)
    edge = [(-50, 51), (-31, 80), (0, 95), (31, 80), (50, 51)]
    for start, end in pairwise(edge):
        sheet.rod(start, end, 2.4, (92, 88, 104))
    return [sheet.frame]


def bench() -> list[Field]:
    sheet = Sheet(204)
    for side in (-1, 1):
        sheet.rod((side * 76, 40), (side * 82, 96), 4, IRON)
        sheet.rod((side * 70, 42), (side * 76, 2), 4, IRON)
        sheet.rod((side * 84, 36), (side * 88, 2), 4, IRON)
    for y in (60, 76, 92):
        sheet.rod((-94, y), (94, y), 6, sheet.rough((186, 122, 72), 0.3, (26, 2), y))
    for y in (42, 36):
        sheet.rod((-97, y), (97, y), 5, sheet.rough((196, 132, 80), 0.3, (26, 2), y))
    for side in (-1, 1):
        sheet.rod((side * 86, 36), (side * 88, 58), 3, IRON)
        sheet.rod((side * 78, 60), (side * 92, 60), 3.2, IRON)
    return [sheet.frame]


def street_lamp() -> list[Field]:
    sheet = Sheet(24)
    sheet.turned([(0, 3.4), (2, 3.2), (5, 2.0), (9, 1.4)], IRON)
    sheet.turned([(8, 1.1), (76, 0.8)], IRON)
    for y in (12, 46, 74):
        sheet.ball((0, y), 1.7, 1.0, IRON)
    sheet.rod((-4.4, 72), (4.4, 72), 0.6, IRON)
    sheet.turned([(77, 2.4), (90, 4.4)], GLASS, gloss=0.3)
    for start, end in (((-2.4, 77), (-4.4, 90)), ((2.4, 77), (4.4, 90)), ((0, 77), (0, 90))):
        sheet.rod(start, end, 0.4, IRON)
    sheet.turned([(89, 5.4), (91, 5.0), (95, 1.6), (98, 0.8)], IRON)
    return [sheet.frame]

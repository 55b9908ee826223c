"""An office: a desk with a screen and a green lamp, blinds, filing cabinets under shelves of binders, a clock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dalang.engines.animatic.air.light import Colour, scaled
from dalang.engines.animatic.canvas.easel import Easel, Glow
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.bookcase import bookcase
from dalang.engines.animatic.places.clock import hang_clock
from dalang.engines.animatic.places.daylight import assemble
from dalang.engines.animatic.places.ground import Albedo
from dalang.engines.animatic.places.houseplant import greenery
from dalang.engines.animatic.places.room import (
    Room,
    Window,
    chequers,
    furnish,
    glaze,
    paint_floor,
    piece,
    plan_room,
)
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing

WALLS: tuple[tuple[Colour, Colour], ...] = (
    ((198, 204, 206), (112, 84, 62)),
    ((176, 190, 186), (92, 72, 58)),
    ((206, 198, 184), (84, 78, 80)),
)
"""Plaster, and the wood of dado and desk."""
STEEL: Colour = (128, 138, 146)
BINDERS: tuple[Colour, ...] = ((52, 84, 122), (166, 62, 54), (60, 62, 70), (70, 118, 96), (216, 208, 190))
LAMP: Colour = (38, 124, 82)


def office(scene: Set) -> list[Layer]:
    """From far to near; at night a desk lamp, a screen and the town are all the light."""
    room = plan_room(scene)
    wall, wood = _palette(room)
    furnished = furnish(room, wall, scaled(wood, 0.9), (_desk_bay, _filing_bay, _board_bay), wood)
    return assemble(room, paint_floor(room, _carpet, 0.10), furnished)


def _carpet(rng: np.random.Generator) -> Albedo:
    return chequers(rng, (104, 112, 124), (94, 102, 114), 5)


def _palette(room: Room) -> tuple[Colour, Colour]:
    return room.pick(WALLS)


def _desk_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """A wide window behind blinds, the desk before it."""
    window = Window(x - 1.25, 1.05, x + 1.25, 2.50)
    glaze(room, easel, window, (226, 226, 222), (3, 1))
    _blinds(easel, window)
    wood = _palette(room)[1]
    burns = 255 if room.burning else 0
    if burns:
        room.glows.append(Glow(x - 0.62, 0.95, 0.95, scaled((1.1, 0.92, 0.5), room.burning)))
        room.glows.append(Glow(x + 0.35, 1.05, 0.7, scaled((0.22, 0.34, 0.48), room.burning)))
    lamp = Thing.LAMPS not in room.scene.shot.without
    desk = piece(room, x, 0.95, (2.0, 1.4), lambda on: _desk(on, wood, burns, lamp))
    return [piece(room, x - 0.1, 0.45, (0.8, 1.3), _chair), desk]


def _filing_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """Cabinets, binders over them, a clock."""
    rng = generator(room.scene.seed, f"binders {x:.1f}")
    for high in (1.62, 2.06):
        _binders(easel, rng, x - 1.5, x + 0.55, high)
    cabinets = piece(room, x - 0.5, 0.5, (2.1, 1.4), _cabinets)
    return [cabinets, hang_clock(room, easel, x + 1.25, 2.05), *greenery(room, x + 1.35, 0.45, 1.25)]


def _board_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """A white board with a chart, books, a water cooler."""
    rng = generator(room.scene.seed, f"board {x:.1f}")
    _board(easel, rng, x + 0.5)
    easel.shadow(x - 1.8, 0, x - 0.7, 2.15, 0.14, 0.3)
    bookcase(easel, rng, x - 1.85, x - 0.75, 2.1, _palette(room)[1])
    return [piece(room, x + 1.6, 0.45, (0.4, 1.3), _cooler)]


def _blinds(easel: Easel, window: Window) -> None:
    """Slats across the upper two thirds, the cords, the rail under them."""
    low, slat = window.low + 0.42, 0.052
    for number in range(int((window.high - low) / slat)):
        y = window.high - (number + 1) * slat
        easel.box(window.left, y, window.right, y + 0.024, (224, 222, 212))
        easel.box(window.left, y, window.right, y + 0.008, (168, 166, 160))
    easel.slab(window.left, low - 0.05, window.right, low, (214, 212, 202))
    for part in (0.16, 0.84):
        at = window.left + (window.right - window.left) * part
        easel.box(at, low, at + 0.012, window.high, (198, 196, 188))
    easel.slab(window.left - 0.08, window.high - 0.03, window.right + 0.08, window.high + 0.1, (226, 224, 216))


def _desk(on: Easel, wood: Colour, burns: int, lamp: bool) -> None:
    """Seen from its front: a panel, the screen's back edge aside, papers, the lamp."""
    on.slab(-0.98, 0.0, 0.98, 0.72, scaled(wood, 0.92))
    for left in (-0.92, -0.28, 0.36):
        on.slab(left, 0.08, left + 0.56, 0.62, wood)
        on.box(left + 0.06, 0.14, left + 0.50, 0.56, scaled(wood, 0.82))
        on.slab(left + 0.07, 0.145, left + 0.49, 0.555, scaled(wood, 0.96))
    on.slab(-1.02, 0.71, 1.02, 0.77, scaled(wood, 1.3))
    _screen(on, burns)
    if lamp:
        _banker(on, burns)
    for number, white in enumerate((0.96, 0.88, 1.0)):
        on.box(-0.28 + number * 0.02, 0.77 + number * 0.022, 0.06 - number * 0.03, 0.79 + number * 0.022,
               scaled((240, 236, 226), white))  # fmt: skip
    on.round(0.76, 0.77, 0.86, 0.88, (196, 72, 58), 0.02)


def _screen(on: Easel, burns: int) -> None:
    """A monitor with a few windows on it."""
    on.bar((0.42, 0.78), (0.42, 0.92), 0.05, (52, 54, 60))
    on.slab(0.28, 0.77, 0.56, 0.79, (58, 60, 66))
    on.slab(0.10, 0.88, 0.74, 1.28, (38, 40, 46))
    shine = max(burns, 150)
    on.box(0.125, 0.91, 0.715, 1.255, (58, 96, 140), shine)
    on.box(0.15, 0.95, 0.42, 1.20, (226, 234, 242), shine)
    for number in range(5):
        on.box(0.17, 1.15 - number * 0.04, 0.38 - number % 3 * 0.05, 1.165 - number * 0.04, (110, 128, 150), shine)
    for number, high in enumerate((0.08, 0.14, 0.11, 0.19)):
        on.box(0.46 + number * 0.055, 0.96, 0.50 + number * 0.055, 0.96 + high, (236, 176, 84), shine)


def _banker(on: Easel, burns: int) -> None:
    """A brass desk lamp with a green glass shade."""
    brass: Colour = (196, 156, 82)
    on.oval(-0.62, 0.785, 0.12, 0.02, brass)
    on.bar((-0.62, 0.78), (-0.62, 1.12), 0.024, brass)
    glow = round(burns * 0.62)
    shade = [(-0.84, 1.06), (-0.80, 1.15), (-0.70, 1.19), (-0.54, 1.19), (-0.44, 1.15), (-0.40, 1.06)]
    on.poly(shade, LAMP, glow)
    on.poly([(-0.78, 1.12), (-0.74, 1.16), (-0.56, 1.16), (-0.58, 1.12)], scaled(LAMP, 1.5), glow)
    on.box(-0.83, 1.045, -0.41, 1.068, (255, 236, 176) if burns else brass, burns)
    on.bar((-0.5, 1.05), (-0.5, 0.95), 0.006, brass)


def _chair(on: Easel) -> None:
    leather: Colour = (66, 54, 50)
    on.bar((0, 0.08), (0, 0.5), 0.05, (70, 70, 76))
    on.bar((-0.28, 0.04), (0.28, 0.04), 0.04, (60, 60, 66))
    on.round(-0.32, 0.44, 0.32, 0.56, leather, 0.05)
    on.round(-0.30, 0.56, 0.30, 1.26, leather, 0.12)
    for y in (0.78, 1.02):
        on.box(-0.24, y, 0.24, y + 0.012, scaled(leather, 0.6))


def _cabinets(on: Easel) -> None:
    """Three of steel, four drawers each, with labels."""
    for left in (-1.02, -0.34, 0.34):
        on.slab(left, 0.02, left + 0.66, 1.32, scaled(STEEL, 0.9))
        for number in range(4):
            low = 0.06 + number * 0.31
            on.slab(left + 0.03, low, left + 0.63, low + 0.29, STEEL)
            on.box(left + 0.24, low + 0.19, left + 0.42, low + 0.25, (236, 230, 212))
            on.bar((left + 0.25, low + 0.13), (left + 0.41, low + 0.13), 0.022, scaled(STEEL, 0.6))


def _binders(easel: Easel, rng: np.random.Generator, left: float, right: float, low: float) -> None:
    easel.shadow(left, low - 0.12, right + 0.04, low + 0.3, 0.10, 0.25)
    x = left + 0.04
    while x < right - 0.1:
        cover = scaled(BINDERS[rng.integers(len(BINDERS))], float(rng.uniform(0.85, 1.05)))
        easel.fade(x, low, x + 0.085, low + 0.32, cover, 1.08, 0.8)
        easel.box(x + 0.018, low + 0.18, x + 0.066, low + 0.28, (236, 230, 216))
        easel.oval(x + 0.042, low + 0.07, 0.018, 0.018, (40, 40, 44))
        x += 0.09 if rng.random() > 0.12 else 0.24
    easel.slab(left, low - 0.04, right, low, (112, 84, 62))


def _board(easel: Easel, rng: np.random.Generator, x: float) -> None:
    """A white board: a curve that rises, and bars."""
    easel.shadow(x - 0.82, 1.08, x + 0.9, 2.2, 0.10, 0.28)
    easel.slab(x - 0.86, 1.16, x + 0.86, 2.28, (172, 176, 180))
    easel.fade(x - 0.82, 1.2, x + 0.82, 2.24, (244, 246, 246), 1.0, 0.95)
    height, at = 1.42, x - 0.68
    for _ in range(6):
        rise = height + float(rng.uniform(-0.04, 0.17))
        easel.bar((at, height), (at + 0.12, rise), 0.016, (196, 62, 54))
        height, at = rise, at + 0.12
    easel.bar((x - 0.7, 1.34), (x + 0.08, 1.34), 0.01, (70, 74, 84))
    for number in range(4):
        left = x + 0.22 + number * 0.13
        easel.box(left, 1.34, left + 0.08, 1.34 + float(rng.uniform(0.15, 0.62)), (64, 112, 168))
    for number in range(3):
        easel.bar((x + 0.2, 2.14 - number * 0.06), (x + 0.7 - number * 0.09, 2.14 - number * 0.06), 0.012, (70, 74, 84))
    easel.slab(x - 0.5, 1.11, x + 0.5, 1.16, (150, 154, 158))


def _cooler(on: Easel) -> None:
    on.round(-0.16, 0.02, 0.16, 0.95, (228, 230, 228), 0.03)
    on.box(-0.10, 0.66, 0.10, 0.84, (120, 126, 132))
    on.round(-0.14, 0.95, 0.14, 1.30, (136, 186, 216), 0.06)
    on.box(-0.10, 1.0, -0.06, 1.24, (206, 232, 246))

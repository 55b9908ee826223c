"""A kitchen: a run of cupboards with a stove, a sink under the window, a fridge, pots that hang and one that steams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dalang.engines.animatic.air.light import Colour, mix, scaled
from dalang.engines.animatic.canvas.easel import Easel, Glow
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.daylight import assemble
from dalang.engines.animatic.places.ground import Albedo
from dalang.engines.animatic.places.houseplant import greenery
from dalang.engines.animatic.places.room import (
    BAY,
    Room,
    Window,
    chequers,
    furnish,
    glaze,
    paint_floor,
    piece,
    plan_room,
)
from dalang.engines.animatic.places.steam import steam
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing

COLOURS: tuple[tuple[Colour, Colour], ...] = (
    ((238, 220, 176), (104, 146, 142)),
    ((222, 228, 214), (206, 138, 82)),
    ((244, 226, 200), (74, 104, 138)),
)
"""Wall and cupboards."""
TOP: Colour = (196, 152, 104)
STEEL: Colour = (186, 192, 198)
COPPER: Colour = (206, 116, 66)
HALF = BAY / 2
COUNTER = 0.90
"""Metres high."""


def kitchen(scene: Set) -> list[Layer]:
    """From far to near; at night lamps hang over the counter."""
    room = plan_room(scene)
    furnished = furnish(room, _colours(room)[0], (226, 220, 206), (_stove_bay, _sink_bay, _fridge_bay))
    return assemble(room, paint_floor(room, _tiles, 0.30), furnished)


def _tiles(rng: np.random.Generator) -> Albedo:
    return chequers(rng, (226, 216, 198), (112, 96, 88), 8)


def _colours(room: Room) -> tuple[Colour, Colour]:
    return room.pick(COLOURS)


def _stove_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """A stove under its hood, copper pots on a rail, cupboards at both sides."""
    _backsplash(easel, x)
    wood = _colours(room)[1]
    _cupboard(easel, x - HALF + 0.06, x - 0.72, wood)
    _hood(easel, x)
    _rail(easel, x + 0.72, x + 1.86)
    if room.burning:
        room.glows.append(Glow(x, 1.2, 0.9, scaled((0.40, 0.30, 0.18), room.burning)))
    counter = piece(room, x, 0.62, (BAY, 1.35), lambda on: _stove_run(on, wood))
    return [counter, *_pendants(room, x), steam(room, x - 0.17, 0.4, 1.28)]


def _sink_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """The window over the sink, with herbs on the counter."""
    _backsplash(easel, x)
    glaze(room, easel, Window(x - 0.75, 1.16, x + 0.75, 2.36), (244, 240, 230), (2, 1))
    _valance(easel, x)
    wood = _colours(room)[1]
    _cupboard(easel, x + 1.08, x + HALF - 0.06, wood)
    _plates(easel, x - HALF + 0.2, x - 1.0)
    return [piece(room, x, 0.62, (BAY, 1.35), lambda on: _sink_run(on, wood, room))]


def _fridge_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """The fridge, a shelf of jars, a small table with fruit."""
    easel.shadow(x - 1.6, 0, x - 0.6, 1.95, 0.14, 0.3)
    _jars(easel, generator(room.scene.seed, f"jars {x:.1f}"), x - 0.2, x + 1.5)
    fridge = piece(room, x - 1.1, 0.66, (0.86, 1.95), _fridge)
    table = piece(room, x + 0.65, 0.55, (1.3, 1.1), _table)
    return [fridge, table, *greenery(room, x + 1.65, 0.4, 1.0)]


def _backsplash(easel: Easel, x: float) -> None:
    """White tiles over the counter; behind it, what is seen of its top from above."""
    easel.fade(x - HALF, COUNTER, x + HALF, 1.50, (232, 234, 228), 1.0, 0.9)
    for number in range(round(BAY / 0.15)):
        left = x - HALF + number * 0.15
        easel.box(left, COUNTER, left + 0.012, 1.50, (204, 204, 196))
    for number in range(5):
        easel.box(x - HALF, COUNTER + number * 0.15, x + HALF, COUNTER + number * 0.15 + 0.012, (204, 204, 196))
    easel.fade(x - HALF, 0, x + HALF, COUNTER, TOP, 0.82, 1.0)
    easel.shadow(x - HALF, COUNTER, x + HALF, COUNTER + 0.03, 0.06, 0.2)


def _cupboard(easel: Easel, left: float, right: float, wood: Colour) -> None:
    """On the wall, with two doors."""
    easel.shadow(left, 1.42, right + 0.05, 2.35, 0.10, 0.30)
    easel.slab(left, 1.55, right, 2.42, scaled(wood, 0.9))
    middle = (left + right) / 2
    for low, high, knob in ((left + 0.03, middle - 0.01, middle - 0.06), (middle + 0.01, right - 0.03, middle + 0.06)):
        _door(easel, low, 1.59, high, 2.38, wood)
        easel.oval(knob, 1.72, 0.018, 0.018, (226, 206, 150))


def _door(on: Easel, left: float, low: float, right: float, high: float, wood: Colour) -> None:
    on.slab(left, low, right, high, wood)
    on.box(left + 0.07, low + 0.07, right - 0.07, high - 0.07, scaled(wood, 0.78))
    on.slab(left + 0.085, low + 0.08, right - 0.08, high - 0.085, scaled(wood, 0.96))


def _hood(easel: Easel, x: float) -> None:
    easel.shadow(x - 0.5, 1.5, x + 0.56, 1.9, 0.10, 0.3)
    easel.fade(x - 0.19, 2.0, x + 0.19, 3.0, STEEL, 0.86, 1.0)
    easel.poly([(x - 0.52, 1.72), (x - 0.19, 2.06), (x + 0.19, 2.06), (x + 0.52, 1.72)], STEEL)
    easel.poly([(x + 0.1, 1.72), (x + 0.06, 2.06), (x + 0.19, 2.06), (x + 0.52, 1.72)], scaled(STEEL, 0.84))
    easel.slab(x - 0.54, 1.62, x + 0.54, 1.73, scaled(STEEL, 0.96))


def _rail(easel: Easel, left: float, right: float) -> None:
    """Pots and pans on hooks."""
    easel.bar((left, 2.24), (right, 2.24), 0.022, (64, 58, 56))
    for number, (size, metal) in enumerate(((0.17, COPPER), (0.13, (70, 70, 76)), (0.15, COPPER), (0.11, STEEL))):
        x = left + 0.16 + number * (right - left - 0.25) / 3.4
        easel.shadow(x - size * 0.5, 1.62, x + size, 2.0, 0.07, 0.22)
        easel.bar((x, 2.23), (x, 1.9), 0.024, scaled(metal, 0.7))
        easel.oval(x, 1.92 - size, size, size, scaled(metal, 0.72))
        easel.oval(x - 0.008, 1.926 - size, size * 0.9, size * 0.9, metal)
        easel.oval(x - size * 0.2, 1.93 - size * 0.8, size * 0.5, size * 0.5, scaled(metal, 1.16))


def _valance(easel: Easel, x: float) -> None:
    """A short curtain over the window, striped."""
    step = 1.9 / 15
    for number in range(15):
        left = x - 0.95 + number * step
        cloth: Colour = (206, 82, 70) if number % 2 else (244, 236, 220)
        easel.fade(left, 2.18, left + step, 2.52, cloth, 1.04, 0.84)
        easel.oval(left + step / 2, 2.18, step / 2, 0.045, scaled(cloth, 0.84))


def _plates(easel: Easel, left: float, right: float) -> None:
    """A rack of plates on edge."""
    for row in (1.66, 2.06):
        easel.slab(left, row - 0.04, right, row, TOP)
        for number in range(4):
            x = left + 0.12 + number * (right - left - 0.24) / 3
            easel.oval(x, row + 0.15, 0.115, 0.15, (176, 190, 200))
            easel.oval(x - 0.012, row + 0.15, 0.10, 0.138, (238, 240, 238))
            easel.oval(x - 0.012, row + 0.15, 0.06, 0.085, (140, 168, 190))


def _jars(easel: Easel, rng: np.random.Generator, left: float, right: float) -> None:
    for row in (1.45, 1.90):
        easel.shadow(left, row - 0.14, right, row - 0.04, 0.07, 0.28)
        easel.slab(left, row - 0.05, right, row, TOP)
        x = left + 0.05
        while x < right - 0.2:
            wide, high = float(rng.uniform(0.10, 0.17)), float(rng.uniform(0.16, 0.30))
            filling = mix((196, 92, 58), (216, 196, 140), float(rng.random()))
            easel.round(x, row, x + wide, row + high, filling, 0.03)
            easel.box(x + 0.01, row + high - 0.04, x + wide - 0.01, row + high + 0.015, (92, 78, 66))
            x += wide + float(rng.uniform(0.02, 0.09))


def _base(on: Easel, left: float, right: float, wood: Colour) -> None:
    """Cupboards under the counter: a drawer over each door."""
    on.box(left, 0.0, right, 0.10, (58, 50, 46))
    on.slab(left, 0.09, right, COUNTER - 0.04, scaled(wood, 0.88))
    count = max(1, round((right - left) / 0.52))
    step = (right - left) / count
    for number in range(count):
        one = left + number * step + 0.015
        on.slab(one, 0.68, one + step - 0.03, 0.84, wood)
        _door(on, one, 0.12, one + step - 0.03, 0.66, wood)
        on.bar((one + step * 0.36, 0.765), (one + step * 0.58, 0.765), 0.016, (226, 206, 150))
    on.slab(left, COUNTER - 0.05, right, COUNTER, scaled(TOP, 1.1))
    on.shadow(left, COUNTER - 0.11, right, COUNTER - 0.05, 0.04, 0.3)


def _stove_run(on: Easel, wood: Colour) -> None:
    _base(on, -HALF, -0.40, wood)
    _base(on, 0.40, HALF, wood)
    on.slab(-0.40, 0.02, 0.40, COUNTER, (222, 220, 214))
    on.slab(-0.34, 0.12, 0.34, 0.66, (64, 64, 70))
    on.fade(-0.28, 0.22, 0.28, 0.54, (40, 36, 38), 1.4, 0.7)
    on.bar((-0.30, 0.62), (0.30, 0.62), 0.026, STEEL)
    for knob in (-0.27, -0.09, 0.09, 0.27):
        on.oval(knob, 0.77, 0.036, 0.036, (52, 50, 52))
    on.box(-0.40, COUNTER - 0.02, 0.40, COUNTER + 0.015, (44, 44, 48))
    _pot(on, -0.17, COUNTER + 0.02, 0.19, 0.27, (196, 62, 50))
    _pot(on, 0.22, COUNTER + 0.02, 0.14, 0.13, STEEL)
    on.round(-1.42, COUNTER, -1.20, COUNTER + 0.26, (236, 222, 190), 0.07)
    for x in (-1.36, -1.31, -1.27):
        on.bar((x, COUNTER + 0.2), (x * 1.03, COUNTER + 0.42), 0.02, (150, 104, 64))
    on.slab(0.9, COUNTER, 1.35, COUNTER + 0.035, (170, 118, 72))
    on.round(0.96, COUNTER + 0.03, 1.26, COUNTER + 0.15, (206, 146, 78), 0.06)


def _pot(on: Easel, x: float, low: float, half: float, high: float, metal: Colour) -> None:
    on.round(x - half, low, x + half, low + high, metal, 0.035)
    on.box(x - half * 0.7, low + high * 0.2, x - half * 0.5, low + high * 0.85, scaled(metal, 1.3))
    on.box(x - half - 0.015, low + high - 0.03, x + half + 0.015, low + high, scaled(metal, 0.8))
    for side in (-1, 1):
        on.oval(x + side * (half + 0.03), low + high * 0.7, 0.035, 0.018, (48, 44, 46))


def _sink_run(on: Easel, wood: Colour, room: Room) -> None:
    _base(on, -HALF, HALF, wood)
    on.slab(-0.42, 0.62, 0.42, COUNTER + 0.01, (238, 238, 234))
    on.bar((0.0, COUNTER), (0.0, COUNTER + 0.30), 0.03, STEEL)
    on.bar((0.0, COUNTER + 0.30), (0.16, COUNTER + 0.30), 0.03, STEEL)
    on.bar((0.16, COUNTER + 0.31), (0.16, COUNTER + 0.22), 0.03, STEEL)
    if Thing.BUSHES not in room.scene.shot.without:
        for x in (-1.05, -0.78):
            _herbs(on, x)
    on.round(0.75, COUNTER, 1.15, COUNTER + 0.28, (196, 62, 50), 0.08)
    on.box(0.84, COUNTER + 0.20, 1.06, COUNTER + 0.215, (60, 40, 40))


def _herbs(on: Easel, x: float) -> None:
    low = COUNTER
    on.poly([(x - 0.08, low + 0.14), (x + 0.08, low + 0.14), (x + 0.06, low), (x - 0.06, low)], (190, 104, 70))
    for lean in (-0.07, 0.0, 0.07, -0.035, 0.035):
        green = mix((72, 122, 62), (126, 166, 84), lean * 7 + 0.5)
        on.oval(x + lean, low + 0.21 - abs(lean) * 0.5, 0.045, 0.075, green)


def _fridge(on: Easel) -> None:
    white: Colour = (226, 232, 228)
    on.round(-0.40, 0.03, 0.40, 1.92, white, 0.07)
    on.box(-0.40, 1.30, 0.40, 1.315, scaled(white, 0.62))
    on.fade(0.24, 0.08, 0.38, 1.86, scaled(white, 0.93), 1.0, 0.92)
    for low, high in ((1.38, 1.62), (0.92, 1.22)):
        on.bar((-0.31, low), (-0.31, high), 0.032, scaled(STEEL, 0.9))
    for x, y, colour in ((0.02, 1.02, (240, 206, 96)), (0.14, 1.10, (216, 96, 84)), (-0.04, 1.14, (236, 236, 240))):
        on.box(x, y, x + 0.10, y + 0.12, colour)


def _table(on: Easel) -> None:
    wood: Colour = (158, 108, 68)
    for leg in (-0.54, 0.54):
        on.slab(leg - 0.03, 0.0, leg + 0.03, 0.72, scaled(wood, 0.8))
    on.slab(-0.64, 0.70, 0.64, 0.76, scaled(wood, 1.15))
    for x, y, colour in ((-0.10, 0.90, (222, 84, 62)), (0.04, 0.92, (236, 170, 60)), (0.15, 0.89, (150, 176, 72))):
        on.oval(x, y, 0.075, 0.075, colour)
        on.oval(x - 0.02, y + 0.02, 0.03, 0.03, scaled(colour, 1.16))
    on.poly([(-0.24, 0.90), (0.28, 0.90), (0.16, 0.76), (-0.12, 0.76)], (84, 118, 140))


def _pendants(room: Room, x: float) -> list[Layer]:
    """Two lamps that hang before the counter."""
    if Thing.LAMPS in room.scene.shot.without:
        return []
    burns = round(255 * min(1.0, room.burning * 1.2))
    if room.burning:
        room.glows.extend(Glow(x + at, 1.75, 1.1, scaled((0.40, 0.30, 0.17), room.burning)) for at in (-1.1, 1.1))
    return [
        piece(room, x + at, 0.95, (0.44, 3.1), lambda on: _pendant(on, burns), grounded=False) for at in (-1.1, 1.1)
    ]


def _pendant(on: Easel, burns: int) -> None:
    on.bar((0, 3.0), (0, 2.42), 0.012, (40, 38, 38))
    on.poly([(-0.07, 3.02), (0.07, 3.02), (0.03, 2.96), (-0.03, 2.96)], (54, 50, 50))
    on.poly([(-0.20, 2.20), (-0.06, 2.44), (0.06, 2.44), (0.20, 2.20)], (64, 92, 96))
    on.poly([(-0.20, 2.20), (-0.10, 2.32), (-0.02, 2.32), (-0.06, 2.20)], (96, 128, 130))
    on.oval(0, 2.19, 0.17, 0.028, (255, 232, 184), burns)

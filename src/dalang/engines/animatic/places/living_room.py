"""A living room: a window with curtains, a sofa under pictures, a shelf of books, a floor lamp, a plant, a rug."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dalang.engines.animatic.air.light import Colour, mix, scaled
from dalang.engines.animatic.canvas.easel import Easel, Glow
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.bookcase import BOOKS, bookcase
from dalang.engines.animatic.places.curtain import hang
from dalang.engines.animatic.places.daylight import assemble
from dalang.engines.animatic.places.ground import Albedo
from dalang.engines.animatic.places.houseplant import greenery
from dalang.engines.animatic.places.room import (
    BAY,
    Room,
    Window,
    floorboards,
    furnish,
    glaze,
    paint_floor,
    piece,
    plan_room,
)
from dalang.engines.animatic.places.rug import lay_rug
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing

WALLS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((156, 178, 170), (196, 104, 66), (232, 222, 200)),
    ((226, 208, 178), (58, 104, 108), (196, 120, 84)),
    ((120, 142, 160), (206, 160, 84), (236, 226, 208)),
)
"""Colours that go together: wall, sofa, curtains."""
RUG: tuple[Colour, ...] = ((170, 72, 58), (232, 212, 176), (58, 82, 98), (206, 168, 110))
"""From its rim inward."""
OAK: Colour = (150, 102, 62)
LAMPSHADE: Colour = (255, 222, 164)


def living_room(scene: Set) -> list[Layer]:
    """From far to near; by day the sun lies on the boards, at night the lamp makes a pool of light."""
    room = plan_room(scene)
    furnished = furnish(room, _palette(room)[0], (236, 230, 218), (_window_bay, _picture_bay, _shelf_bay))
    rugs = [lay_rug(room, (number + 0.5) * BAY, RUG) for number in range(0, room.bays, 2)]
    return assemble(room, [*paint_floor(room, _boards, 0.20), *rugs], furnished)


def _boards(rng: np.random.Generator) -> Albedo:
    return floorboards(rng, (168, 116, 72), 20)


def _palette(room: Room) -> tuple[Colour, Colour, Colour]:
    return room.pick(WALLS)


def _window_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """A sofa before a window between curtains, a lamp and a plant at its sides."""
    glaze(room, easel, Window(x - 0.95, 0.95, x + 0.95, 2.50), (240, 236, 226), (2, 2))
    easel.bar((x - 1.6, 2.66), (x + 1.6, 2.66), 0.035, (110, 80, 52))
    _, colour, cloth = _palette(room)
    drapes = [hang(room, x + way * 1.18, 0.10, 2.68, cloth, 1.0 + way) for way in (-1, 1)]
    sofa = piece(room, x, 0.62, (2.25, 0.95), lambda on: _sofa(on, colour))
    return [*drapes, *greenery(room, x + 1.66, 0.35, 1.35), *_lamp(room, x - 1.58), sofa]


def _lamp(room: Room, along: float) -> list[Layer]:
    """A floor lamp, and at night its light on the wall."""
    if Thing.LAMPS in room.scene.shot.without:
        return []
    room.glows.append(Glow(along, 1.55, 1.5, scaled((0.95, 0.66, 0.36), room.burning)))
    burns = round(255 * min(1.0, room.burning * 1.2))
    return [piece(room, along, 0.5, (0.5, 1.75), lambda on: _floor_lamp(on, burns))]


def _picture_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """An armchair by a radiator, under three pictures."""
    rng = generator(room.scene.seed, f"pictures {x:.1f}")
    for at, wide, high in ((-1.0, 0.42, 0.56), (-0.2, 0.62, 0.80), (0.68, 0.46, 0.60)):
        _picture(easel, rng, x + at, 1.72, wide / 2, high / 2)
    _radiator(easel, x + 0.4)
    return [piece(room, x - 0.9, 0.75, (0.95, 0.95), lambda on: _armchair(on, (188, 150, 92)))]


def _radiator(easel: Easel, x: float) -> None:
    for number in range(16):
        left = x - 0.72 + number * 0.09
        easel.fade(left, 0.16, left + 0.075, 0.56, (232, 228, 218), 1.0, 0.84)


def _shelf_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """A wall of books, a low cabinet with a vase."""
    rng = generator(room.scene.seed, f"books {x:.1f}")
    easel.shadow(x - 1.7, 0.0, x + 0.3, 2.3, 0.16, 0.35)
    bookcase(easel, rng, x - 1.7, x + 0.2, 2.28, OAK)
    _picture(easel, rng, x + 1.2, 1.62, 0.42, 0.32)
    return [piece(room, x + 1.2, 0.4, (1.3, 1.1), lambda on: _cabinet(on, room))]


def _picture(easel: Easel, rng: np.random.Generator, x: float, y: float, half: float, tall: float) -> None:
    """A framed landscape of a few bands."""
    easel.shadow(x - half + 0.02, y - tall - 0.05, x + half + 0.04, y + tall - 0.02, 0.06, 0.34)
    easel.slab(x - half, y - tall, x + half, y + tall, (70, 50, 36))
    easel.box(x - half + 0.035, y - tall + 0.035, x + half - 0.035, y + tall - 0.035, (240, 234, 222))
    left, right, low, high = x - half + 0.09, x + half - 0.09, y - tall + 0.10, y + tall - 0.10
    sky = ((226, 190, 150), (166, 196, 206), (236, 210, 170))[rng.integers(3)]
    easel.fade(left, low, right, high, sky, 0.85, 1.08)
    level = low
    for number in range(3):
        rise = (high - low) * (0.62 - 0.2 * number) * float(rng.uniform(0.7, 1.1))
        hill = mix((52, 84, 92), (198, 120, 76), number / 2 * float(rng.random()))
        peak = left + (right - left) * float(rng.uniform(0.1, 0.9))
        end = level + rise * 0.4
        easel.poly([(left, low), (left, end), (peak, low + rise), (right, end * 0.98), (right, low)], hill)


def _sofa(on: Easel, cloth: Colour) -> None:
    """Back, two seats, arms and cushions, on short legs."""
    for leg in (-0.95, 0.95):
        on.bar((leg, 0.14), (leg * 1.02, 0.0), 0.05, (86, 58, 38))
    on.round(-1.04, 0.30, 1.04, 0.86, scaled(cloth, 0.84), 0.14)
    for left in (-0.90, 0.0):
        on.round(left, 0.44, left + 0.90, 0.88, scaled(cloth, 0.95), 0.12)
    on.round(-1.0, 0.12, 1.0, 0.34, scaled(cloth, 0.80), 0.05)
    on.shadow(-0.9, 0.44, 0.9, 0.52, 0.08, 0.35)
    for left in (-0.90, 0.0):
        on.round(left, 0.30, left + 0.90, 0.50, scaled(cloth, 1.08), 0.07)
    for left in (-1.12, 0.88):
        on.round(left, 0.12, left + 0.24, 0.64, cloth, 0.11)
    for x, colour in ((-0.64, (232, 214, 180)), (0.62, (206, 160, 92))):
        on.shadow(x - 0.18, 0.50, x + 0.2, 0.80, 0.05, 0.3)
        on.round(x - 0.21, 0.49, x + 0.21, 0.84, colour, 0.09)


def _armchair(on: Easel, cloth: Colour) -> None:
    for leg in (-0.34, 0.34):
        on.bar((leg, 0.18), (leg * 1.1, 0.0), 0.045, (86, 58, 38))
    on.round(-0.38, 0.30, 0.38, 0.94, scaled(cloth, 0.88), 0.16)
    on.round(-0.42, 0.16, 0.42, 0.38, scaled(cloth, 0.80), 0.06)
    on.round(-0.32, 0.36, 0.32, 0.52, scaled(cloth, 1.08), 0.07)
    for left in (-0.46, 0.28):
        on.round(left, 0.16, left + 0.18, 0.64, cloth, 0.09)


def _floor_lamp(on: Easel, burns: int) -> None:
    on.oval(0, 0.02, 0.16, 0.025, (60, 52, 46))
    on.bar((0, 0.02), (0, 1.40), 0.028, (84, 72, 58))
    shade = [(-0.24, 1.34), (-0.15, 1.70), (0.15, 1.70), (0.24, 1.34)]
    on.poly(shade, LAMPSHADE, burns)
    on.poly([(-0.24, 1.34), (-0.23, 1.38), (0.23, 1.38), (0.24, 1.34)], scaled(LAMPSHADE, 0.82), burns)


def _cabinet(on: Easel, room: Room) -> None:
    for leg in (-0.55, 0.55):
        on.bar((leg, 0.16), (leg * 1.04, 0.0), 0.04, scaled(OAK, 0.6))
    on.slab(-0.65, 0.15, 0.65, 0.62, scaled(OAK, 1.05))
    for left in (-0.62, -0.2, 0.22):
        on.slab(left, 0.19, left + 0.40, 0.56, scaled(OAK, 1.18))
        on.oval(left + 0.20, 0.48, 0.018, 0.018, (226, 196, 120))
    on.slab(-0.67, 0.60, 0.67, 0.65, scaled(OAK, 1.25))
    on.round(-0.46, 0.65, -0.26, 0.92, (74, 116, 128), 0.09)
    if Thing.FLOWERS not in room.scene.shot.without:
        for x, y in ((-0.44, 1.08), (-0.36, 1.14), (-0.27, 1.06)):
            on.bar((-0.36, 0.9), (x, y), 0.012, (78, 116, 62))
            on.oval(x, y, 0.045, 0.045, (226, 112, 96))
    for number, cover in enumerate(BOOKS[:3]):
        on.box(0.1, 0.65 + number * 0.04, 0.42 - number * 0.03, 0.685 + number * 0.04, cover)

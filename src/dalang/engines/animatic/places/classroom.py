"""A classroom: a green board with chalk on it under a clock, tall windows, a map, and rows of desks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, scaled
from dalang.engines.animatic.canvas.easel import Easel, Glow
from dalang.engines.animatic.canvas.noise import generator, tile
from dalang.engines.animatic.places.clock import hang_clock
from dalang.engines.animatic.places.daylight import assemble
from dalang.engines.animatic.places.ground import Albedo
from dalang.engines.animatic.places.houseplant import greenery
from dalang.engines.animatic.places.room import (
    Room,
    Window,
    floorboards,
    furnish,
    glaze,
    paint_floor,
    piece,
    plan_room,
)
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing

WALLS: tuple[tuple[Colour, Colour], ...] = (
    ((240, 226, 190), (134, 166, 158)),
    ((232, 232, 220), (126, 154, 182)),
    ((244, 220, 192), (190, 146, 104)),
)
"""Plaster, and the paint below it."""
WOOD: Colour = (192, 140, 84)
GREEN: Colour = (48, 92, 74)
CHALK: Colour = (226, 232, 222)


def classroom(scene: Set) -> list[Layer]:
    """From far to near."""
    room = plan_room(scene)
    wall, paint = room.pick(WALLS)
    furnished = furnish(room, wall, scaled(WOOD, 0.7), (_board_bay, _window_bay, _map_bay), paint)
    return assemble(room, paint_floor(room, _boards, 0.24), furnished)


def _boards(rng: np.random.Generator) -> Albedo:
    return floorboards(rng, (190, 148, 100), 24)


def _board_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """The board, the clock over it, the teacher's desk aside."""
    rng = generator(room.scene.seed, f"chalk {x:.1f}")
    _board(easel, rng, x)
    room.glows.append(Glow(x, 2.0, 1.8, scaled((0.16, 0.16, 0.14), room.burning)))
    clock = hang_clock(room, easel, x, 2.68)
    return [
        clock,
        *_tubes(room, x),
        piece(room, x - 1.35, 0.7, (1.25, 1.2), _teachers_desk),
        *_desks(room, x, (0.1, 1.15)),
    ]


def _window_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """Two tall windows with paper stars between them."""
    for middle in (x - 0.92, x + 0.92):
        glaze(room, easel, Window(middle - 0.62, 1.0, middle + 0.62, 2.62), (242, 240, 232), (2, 3))
    low = piece(room, x, 0.4, (2.6, 0.9), lambda on: _cubbies(on, generator(room.scene.seed, f"cubbies {x:.1f}")))
    return [low, *greenery(room, x + 1.72, 0.35, 1.0), *_desks(room, x, (-1.2, 0.0, 1.2))]


def _map_bay(room: Room, easel: Easel, x: float) -> Sequence[Layer]:
    """A map of the world, children's drawings on a line, a door."""
    rng = generator(room.scene.seed, f"map {x:.1f}")
    _map(easel, rng, x - 0.75)
    _drawings(easel, rng, x - 1.7, x + 0.3)
    _door(easel, x + 1.2)
    return _desks(room, x, (-1.2, 0.0))


def _board(easel: Easel, rng: np.random.Generator, x: float) -> None:
    easel.shadow(x - 1.55, 0.95, x + 1.6, 2.3, 0.12, 0.32)
    easel.slab(x - 1.6, 1.02, x + 1.6, 2.42, WOOD)
    easel.fade(x - 1.52, 1.09, x + 1.52, 2.35, GREEN, 1.05, 0.95)
    _smears(easel, rng, x)
    _sums(easel, x - 1.35)
    _lines(easel, rng, x - 0.1, x + 0.75)
    _figure(easel, x + 1.1)
    easel.slab(x - 1.3, 0.98, x + 1.3, 1.04, scaled(WOOD, 1.1))
    for at in (-0.4, -0.25, 0.5):
        easel.box(x + at, 1.04, x + at + 0.08, 1.06, CHALK)
    easel.slab(x + 0.7, 1.04, x + 0.9, 1.09, (120, 92, 70))


def _smears(easel: Easel, rng: np.random.Generator, x: float) -> None:
    """Where chalk was wiped away."""
    rows, columns = easel.rows(1.09, 2.35), easel.columns(x - 1.52, x + 1.52)
    patch = easel.paint[rows, columns, :3]
    dust = cv2.resize(tile(rng, 128, 4, 4), (patch.shape[1], patch.shape[0]))[..., None]
    patch[:] = np.clip(patch + 34 * np.clip(dust - 0.35, 0, 1), 0, 255).astype(np.uint8)


STROKES: dict[str, tuple[tuple[tuple[float, float], tuple[float, float]], ...]] = {
    "1": (((0.5, 0), (0.5, 1)), ((0.5, 1), (0.25, 0.75))),
    "2": (((0, 0), (1, 0)), ((0, 0), (1, 0.65)), ((1, 0.65), (0.7, 1)), ((0.7, 1), (0.1, 0.8))),
    "3": (((0, 1), (1, 1)), ((1, 1), (0.4, 0.55)), ((0.4, 0.55), (1, 0.3)), ((1, 0.3), (0, 0))),
    "4": (((0.8, 0), (0.8, 1)), ((0.8, 1), (0, 0.35)), ((0, 0.35), (1, 0.35))),
    "5": (((1, 1), (0.1, 1)), ((0.1, 1), (0.1, 0.55)), ((0.1, 0.55), (0.9, 0.45)), ((0.9, 0.45), (0.1, 0))),
    "7": (((0, 1), (1, 1)), ((1, 1), (0.35, 0))),
    "+": (((0, 0.5), (1, 0.5)), ((0.5, 0.1), (0.5, 0.9))),
    "=": (((0, 0.65), (1, 0.65)), ((0, 0.35), (1, 0.35))),
}
"""Strokes of chalk within a square, from and to."""


def _sums(easel: Easel, left: float) -> None:
    for row, text in enumerate(("2+3=5", "4+3=7", "1+1=2")):
        for number, sign in enumerate(text):
            x, y = left + number * 0.19, 2.02 - row * 0.32
            for (a, b), (c, d) in STROKES[sign]:
                easel.bar((x + a * 0.11, y + b * 0.18), (x + c * 0.11, y + d * 0.18), 0.018, CHALK)


def _lines(easel: Easel, rng: np.random.Generator, left: float, right: float) -> None:
    """Writing, too far away to read."""
    for row in range(5):
        at, y = left, 2.16 - row * 0.19
        end = right - (0.3 if row in (1, 4) else 0.0) * float(rng.random())
        last = y
        while at < end:
            up = y + float(rng.uniform(-0.045, 0.045))
            if rng.random() > 0.16:
                easel.bar((at, last), (at + 0.026, up), 0.012, scaled(CHALK, 0.92))
            at, last = at + 0.026, up


def _figure(easel: Easel, x: float) -> None:
    """A triangle and its circle."""
    corners = [(x - 0.25, 1.35), (x + 0.3, 1.35), (x - 0.25, 1.95)]
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        easel.bar(one, other, 0.016, (240, 222, 150))
    turn = np.linspace(0, 2 * np.pi, 25)
    ring = [(x - 0.09 + 0.155 * float(np.cos(t)), 1.51 + 0.155 * float(np.sin(t))) for t in turn]
    for one, other in pairwise(ring):
        easel.bar(one, other, 0.012, (232, 160, 150))


def _map(easel: Easel, rng: np.random.Generator, x: float) -> None:
    """Land and sea under a rod."""
    easel.shadow(x - 0.75, 1.2, x + 0.8, 2.1, 0.08, 0.25)
    easel.box(x - 0.76, 1.25, x + 0.76, 2.16, (240, 234, 214))
    easel.fade(x - 0.71, 1.30, x + 0.71, 2.10, (126, 172, 200), 1.0, 0.95)
    lands = ((-0.46, 1.86, 0.17, 0.13), (-0.33, 1.52, 0.09, 0.17), (0.02, 1.60, 0.11, 0.17), (0.04, 1.90, 0.10, 0.07),
             (0.34, 1.84, 0.26, 0.14), (0.44, 1.66, 0.10, 0.09), (0.54, 1.46, 0.10, 0.06))  # fmt: skip
    for a, b, wide, high in lands:
        colour = ((150, 176, 106), (214, 178, 106), (196, 140, 104))[rng.integers(3)]
        turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        reach = rng.uniform(0.75, 1.15, 14)
        easel.poly([(x + a + wide * r * float(np.cos(t)), b + high * r * float(np.sin(t)))
                    for t, r in zip(turn, reach.tolist(), strict=True)], colour)  # fmt: skip
    easel.bar((x - 0.82, 2.18), (x + 0.82, 2.18), 0.035, scaled(WOOD, 0.7))


def _drawings(easel: Easel, rng: np.random.Generator, left: float, right: float) -> None:
    easel.bar((left, 2.62), (right, 2.60), 0.008, (120, 110, 100))
    for number in range(6):
        x = left + 0.08 + number * (right - left) / 6
        tint: Colour = ((250, 244, 226), (226, 238, 246), (252, 230, 220))[rng.integers(3)]
        easel.box(x, 2.36, x + 0.22, 2.60, tint)
        sun = ((240, 186, 70), (214, 92, 80), (92, 140, 190))[rng.integers(3)]
        easel.oval(x + 0.08 + 0.06 * float(rng.random()), 2.50, 0.045, 0.045, sun)
        easel.box(x + 0.02, 2.375, x + 0.20, 2.41, (110, 160, 90))


def _door(easel: Easel, x: float) -> None:
    easel.shadow(x - 0.5, 0, x + 0.55, 2.1, 0.08, 0.25)
    easel.slab(x - 0.52, 0, x + 0.52, 2.14, (236, 230, 216))
    easel.slab(x - 0.44, 0, x + 0.44, 2.06, scaled(WOOD, 0.92))
    easel.fade(x - 0.26, 1.2, x + 0.26, 1.86, (150, 176, 188), 1.1, 0.8)
    for low, high in ((0.18, 0.58), (0.66, 1.06)):
        easel.slab(x - 0.30, low, x + 0.30, high, scaled(WOOD, 0.82))
    easel.oval(x + 0.36, 1.02, 0.035, 0.035, (226, 200, 130))


def _desks(room: Room, x: float, places: tuple[float, ...]) -> list[Layer]:
    """Two rows, the nearer only where the room is deep enough before the subject's feet."""
    stand = room.scene.framing.stand
    deep = (room.wall - stand.distance) / room.unit if stand else 4.0
    rows = [before for before in (1.05, 1.95) if before < deep - 0.35]
    return [
        piece(room, x + at + 0.12 * row, before, (0.86, 1.0), _desk) for row, before in enumerate(rows) for at in places
    ]


def _desk(on: Easel) -> None:
    """A pupil's desk and the chair behind it, seen from the back of the room."""
    for leg in (-0.36, 0.36):
        on.bar((leg, 0.0), (leg, 0.70), 0.03, (96, 102, 108))
    on.slab(-0.40, 0.50, 0.40, 0.64, scaled(WOOD, 0.72))
    on.slab(-0.44, 0.68, 0.44, 0.73, scaled(WOOD, 1.16))
    on.box(-0.30, 0.73, -0.06, 0.765, (78, 112, 150))
    on.box(-0.28, 0.765, -0.08, 0.79, (206, 96, 78))
    for leg in (-0.17, 0.17):
        on.bar((leg, 0.0), (leg, 0.84), 0.026, (70, 74, 80))
    on.slab(-0.20, 0.40, 0.20, 0.45, scaled(WOOD, 0.95))
    on.round(-0.21, 0.62, 0.21, 0.86, scaled(WOOD, 1.04), 0.05)


def _teachers_desk(on: Easel) -> None:
    on.slab(-0.62, 0.0, 0.62, 0.72, scaled(WOOD, 0.74))
    on.slab(-0.54, 0.10, 0.54, 0.62, scaled(WOOD, 0.84))
    on.slab(-0.66, 0.71, 0.66, 0.77, scaled(WOOD, 1.1))
    _globe(on, 0.36)
    for number, cover in enumerate(((164, 70, 60), (70, 104, 140), (206, 168, 96))):
        on.box(-0.48 + number * 0.02, 0.77 + number * 0.05, -0.12 - number * 0.03, 0.815 + number * 0.05, cover)
    on.oval(-0.30, 0.96, 0.05, 0.05, (204, 62, 52))
    on.bar((-0.30, 1.0), (-0.285, 1.04), 0.01, (90, 66, 44))


def _tubes(room: Room, x: float) -> list[Layer]:
    """A long lamp on two rods."""
    if Thing.LAMPS in room.scene.shot.without:
        return []
    burns = round(255 * room.burning)
    return [piece(room, x, 1.3, (1.9, 3.1), lambda on: _tube(on, burns), grounded=False)]


def _tube(on: Easel, burns: int) -> None:
    for x in (-0.6, 0.6):
        on.bar((x, 3.0), (x, 2.84), 0.014, (120, 122, 124))
        on.poly([(x - 0.06, 3.02), (x + 0.06, 3.02), (x + 0.03, 2.97), (x - 0.03, 2.97)], (150, 152, 154))
    on.poly([(-0.92, 2.78), (-0.86, 2.85), (0.86, 2.85), (0.92, 2.78)], (206, 208, 208))
    on.box(-0.9, 2.74, 0.9, 2.78, (255, 252, 238), burns)


def _globe(on: Easel, x: float) -> None:
    on.slab(x - 0.09, 0.77, x + 0.09, 0.79, scaled(WOOD, 0.6))
    on.bar((x, 0.78), (x, 0.86), 0.02, (196, 160, 90))
    on.oval(x, 0.99, 0.14, 0.14, (84, 142, 186))
    on.oval(x - 0.05, 1.03, 0.06, 0.05, (140, 172, 100))
    on.oval(x + 0.05, 0.94, 0.05, 0.06, (190, 170, 104))
    on.bar((x - 0.06, 1.14), (x + 0.02, 1.14), 0.014, (196, 160, 90))


def _cubbies(on: Easel, rng: np.random.Generator) -> None:
    """A low shelf under the windows, with boxes in it."""
    on.slab(-1.28, 0.0, 1.28, 0.80, scaled(WOOD, 1.05))
    for row in (0.07, 0.42):
        for number in range(6):
            left = -1.23 + number * 0.41
            on.fade(left, row, left + 0.37, row + 0.31, scaled(WOOD, 0.42), 0.8, 1.1)
            if rng.random() < 0.75:
                box = ((206, 92, 74), (84, 136, 176), (232, 190, 92), (120, 164, 106))[rng.integers(4)]
                on.slab(left + 0.03, row, left + 0.33, row + float(rng.uniform(0.14, 0.24)), box)

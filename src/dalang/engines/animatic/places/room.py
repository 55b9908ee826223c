"""A room seen toward its back wall: floor, wall and what they need to know of each other.

Bays of wall stand side by side, each with what hangs on it and what stands before it; a room as long as the camera's
way needs repeats them. Within a room metres are those of its furniture, `unit` times those of the lens.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, indoors, rgb, scaled
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.easel import Easel, Glow, blank, lit
from dalang.engines.animatic.canvas.noise import Field, generator
from dalang.engines.animatic.canvas.pigment import between, times, under
from dalang.engines.animatic.places.ground import TEXELS, Albedo, Plain, lay_band
from dalang.engines.animatic.places.grove import Prop
from dalang.engines.animatic.places.street import Fronts
from dalang.engines.animatic.scenery import Layer, Set

Choice = TypeVar("Choice")

BAY = 3.9
"""Metres of wall that one bay takes."""
CEILING = 3.0
NEAREST = 4.2
"""Metres from the camera to the wall, at least."""
SPARE = 1.55
"""Metres of the room between subject and wall, at least, for what stands there."""
BOARDS = 3.2
DEPTH = 12.8
"""Metres after which a floor repeats, across and away."""


@dataclass(frozen=True)
class Window:
    """A hole in the wall, in the room's metres along it and up."""

    left: float
    low: float
    right: float
    high: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Room:
    scene: Set
    wall: float
    """Metres of the lens from the camera to the wall."""
    unit: float
    """Metres of the lens to one of the room."""
    bays: int
    shift: float
    """x of the first bay's middle, in the room's metres."""
    air: Light
    glows: list[Glow] = field(default_factory=list)
    """Of lamps and windows, x from the left edge of the first bay."""
    windows: list[Window] = field(default_factory=list)

    @property
    def lens(self) -> Lens:
        return self.scene.framing.lens

    def pick(self, choices: Sequence[Choice]) -> Choice:
        """The seed's choice among colour schemes, the same for all that asks."""
        return choices[int(generator(self.scene.seed, "palette").integers(len(choices)))]

    @property
    def length(self) -> float:
        """Metres of the room after which it repeats."""
        return self.bays * BAY

    @property
    def grown(self) -> float:
        """How much larger than in the middle of the shot things are painted, for a camera that comes nearer."""
        return nearing(self.scene.shot.camera)

    @property
    def burning(self) -> float:
        """How brightly the lamps burn, 0..1."""
        return self.scene.light.lamps

    @property
    def daylight(self) -> Colour:
        """What comes in by a window."""
        light = self.scene.light
        return scaled(rgbs(light.fill, light.key, 0.55), 0.62)

    def x(self, along: float) -> float:
        """Metres of the lens from its axis, of a place `along` the wall from the first bay's left edge."""
        return (along - BAY / 2 + self.shift) * self.unit

    def column(self, along: float, pose_x: float, turn: float, distance: float) -> float:
        """Pixels, of the nearest repeat of a place along the wall, `distance` metres away."""
        scale = self.lens.scale(distance)
        period = self.length * self.unit
        aside = self.x(along) - pose_x - turn / scale
        aside -= period * round(aside / period)
        return self.lens.middle + aside * scale


def rgbs(one: Colour, other: Colour, part: float) -> Colour:
    """`one` and `part` of `other`, added."""
    return one[0] + part * other[0], one[1] + part * other[1], one[2] + part * other[2]


def plan_room(scene: Set) -> Room:
    """A room that is deep enough for the subject and long enough for the camera's way."""
    framing, lens = scene.framing, scene.framing.lens
    away = framing.stand.distance if framing.stand else NEAREST
    wall = max(NEAREST, away * 1.12 + 1.5) * (1.0 if framing.stand else 1.3)
    shown = lens.eye + lens.horizon * wall / lens.focal
    largest = max(1.3, (scene.star.subject.height if scene.star else 2.8) / 1.4)
    unit = float(np.clip(shown / (CEILING * 1.1), 0.8, largest))
    wall = max(wall, away + SPARE * unit) if framing.stand else wall
    seen = lens.width / lens.scale(wall) / unit * 1.2
    bays = math.ceil((seen + min(framing.travel / unit, 3 * BAY)) / BAY)
    shift = float(generator(scene.seed, "room").uniform(-1, 1)) * min(0.9, 0.1 * seen)
    return Room(scene, wall, unit, max(3, bays), shift, indoors(scene.light, scene.shot.place))


Bay = Callable[[Room, Easel, float], Sequence[Layer]]
"""Paint a bay on the wall, its middle at x; give what stands before it."""


def furnish(room: Room, wall: Colour, skirting: Colour, bays: Sequence[Bay], dado: Colour | None = None) -> list[Layer]:
    """The wall with its bays, and before it what stands in them."""
    tall = max(CEILING * 1.02, _top(room) / room.unit)
    easel = blank(room.length, tall, room.lens.scale(room.wall) * room.unit * room.grown)
    plaster(easel, room.length, wall, skirting, dado)
    pieces: list[Layer] = []
    for number in range(room.bays):
        bay = bays[number % len(bays)] if number < room.bays - 1 or number % len(bays) else bays[1]
        pieces += bay(room, easel, (number + 0.5) * BAY)
    pieces.sort(key=_depth)
    return [_wall(room, easel), *pieces]


def glaze(room: Room, easel: Easel, window: Window, frame: Colour, panes: tuple[int, int]) -> None:
    """Cut a window with its frame, sill and bars into the wall, and let the day in."""
    room.windows.append(window)
    room.glows.append(Glow(window.middle, 1.2, 2.3, scaled(room.daylight, 0.5)))
    left, low, right, high = window.left, window.low, window.right, window.high
    easel.shadow(left - 0.1, low - 0.16, right + 0.14, high + 0.06, 0.10, 0.22)
    easel.slab(left - 0.10, low - 0.06, right + 0.10, high + 0.10, frame)
    easel.box(left - 0.02, low - 0.02, right + 0.02, high + 0.02, scaled(frame, 0.68))
    easel.hole(left, low, right, high)
    for number in range(1, panes[0]):
        x = left + (right - left) * number / panes[0]
        easel.box(x - 0.028, low, x + 0.028, high, scaled(frame, 0.80))
    for number in range(1, panes[1]):
        y = low + (high - low) * number / panes[1]
        easel.box(left, y - 0.02, right, y + 0.02, scaled(frame, 0.86))
    easel.slab(left - 0.18, low - 0.11, right + 0.18, low - 0.03, frame)
    easel.shadow(left - 0.16, low - 0.17, right + 0.16, low - 0.11, 0.06, 0.3)


def _depth(layer: Layer) -> float:
    """Sorts what stands on the floor from far to near, behind it what hangs on the wall."""
    return -layer.z if isinstance(layer, Prop) else -math.inf


def plaster(easel: Easel, length: float, wall: Colour, skirting: Colour, dado: Colour | None) -> None:
    """The bare wall up to a cornice, and the ceiling over it."""
    high = easel.paint.shape[0] / easel.scale
    easel.fade(0, 0, length, CEILING, wall, 0.97, 1.03)
    if dado:
        easel.fade(0, 0, length, 1.05, dado, 1.0, 0.94)
        easel.box(0, 1.05, length, 1.10, scaled(dado, 0.78))
    easel.fade(0, CEILING, length, high, (236, 232, 224), 1.0, 0.80)
    easel.fade(0, CEILING - 0.11, length, CEILING, (242, 238, 230), 0.84, 1.02)
    easel.shadow(0, CEILING - 0.2, length, CEILING - 0.11, 0.10, 0.18)
    easel.slab(0, 0, length, 0.13, skirting)
    easel.shadow(0, 0, length, 0.04, 0.10, 0.30)


def _top(room: Room) -> float:
    """Metres of the lens over the floor that the frame shows of the wall at the most."""
    lens = room.lens
    return lens.eye + lens.horizon * room.wall * 1.18 / lens.focal + 0.05


def _wall(room: Room, easel: Easel) -> Fronts:
    """Three times round, that a light at one end reaches over to the other."""
    glows = [replace(glow, x=glow.x + way * room.length) for glow in room.glows for way in (-1, 0, 1)]
    view = lit(easel, room.air.fill, glows)
    lens, period = room.lens, view.shape[1]
    ahead = round((BAY / 2 - room.shift) * easel.scale - lens.width / 2)
    wide = period + int(lens.width * max(1.0, room.grown * 1.4)) + 4
    start = ahead % period
    rounds = np.hstack([view] * (2 + wide // period))
    return Fronts(np.ascontiguousarray(rounds[:, start : start + wide]), period, room.wall, room.grown, lens)


def piece(
    room: Room,
    along: float,
    before: float,
    size: tuple[float, float],
    draw: Callable[[Easel], None],
    grounded: bool = True,
) -> Prop:
    """Something `size` metres wide and high, drawn about x = 0, that stands or hangs `before` metres from the wall."""
    z = room.wall - before * room.unit
    scale = room.lens.scale(z) * room.unit * room.grown
    wide, high = size[0] + 0.3, size[1] + 0.12
    easel = blank(wide, high, scale, -wide / 2, 0.06)
    draw(easel)
    about = [replace(glow, x=_nearest(room, glow.x - along)) for glow in room.glows]
    view = lit(easel, room.air.fill, about)
    if grounded:
        view = _grounded(view, easel, size[0])
    below = round(0.06 * scale)
    return _sized(Prop(view, below, room.x(along), z, room.length * room.unit, room.lens), room.grown)


def _nearest(room: Room, aside: float) -> float:
    return aside - room.length * round(aside / room.length)


def _sized(prop: Prop, grown: float) -> Prop:
    if grown == 1:
        return prop
    small = cv2.resize(prop.view, None, fx=1 / grown, fy=1 / grown, interpolation=cv2.INTER_AREA)
    return replace(prop, view=np.asarray(small, np.uint8), below=round(prop.below / grown))


def _grounded(view: Picture, easel: Easel, wide: float) -> Picture:
    """`view` over its shadow on the floor."""
    high, columns = view.shape[:2]
    mask: Field = np.zeros((high, columns), np.float32)
    middle = (columns / 2, high - easel.below * easel.scale)
    cv2.ellipse(mask, (middle, (wide * easel.scale, 0.09 * easel.scale), 0), 0.55, -1, cv2.LINE_AA)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.5, 0.02 * easel.scale)), np.float32)
    rest = 1 - view[..., 3].astype(np.float32) / 255
    view[..., 3] = np.clip(view[..., 3] + mask * rest * 255, 0, 255)
    return view


Tiles = Callable[[np.random.Generator], Albedo]


def paint_floor(room: Room, tiles: Tiles, gloss: float) -> list[Layer]:
    """The floor from the wall to the camera; none where the camera looks over it. `gloss`: how it mirrors the wall."""
    lens = room.lens
    below = lens.height - lens.horizon
    top = int(lens.eye * lens.focal / (room.wall * 1.18))
    if top >= below - 2:
        return []
    albedo = tiles(generator(room.scene.seed, "floor"))
    size = BOARDS * room.unit, DEPTH * room.unit
    colour = under(albedo, room.air.fill, room.air.key, 0.10)
    band = lay_band(lens, picture(colour), size, top, below, 0)
    row = np.arange(below, dtype=np.float32) + 0.5
    near = row / below
    back = lens.eye * lens.focal / room.wall
    deep = np.clip((row - back) / max(1.0, below - back), 0, 1)
    part = 1.0 - 0.30 * np.exp(-deep * 16) - 0.16 * near**2
    clear = (part[:, None, None] * np.full((1, lens.width, 4), 255, np.float32)).astype(np.uint8)
    sheen = gloss * np.exp(-deep * 4.5)[:, None, None] * (rgb(room.air.fill) + rgb(room.daylight)) * 0.5
    veil = picture(sheen * np.full((1, lens.width, 1), 190, np.float32))
    return [Plain((band,), clear, veil, lens, top)]


def floorboards(rng: np.random.Generator, wood: Colour, boards: int) -> Albedo:
    """Boards that run away from the camera, each of its own tone, with grain along it and joints between."""
    tone = np.ones((TEXELS, TEXELS), np.float32)
    edges = np.linspace(0, TEXELS, boards + 1).astype(int)
    for left, right in pairwise(edges):
        grain = cv2.resize(rng.random((TEXELS // 64, (right - left) // 3)).astype(np.float32), (right - left, TEXELS))
        board = 0.86 + 0.16 * grain
        start = int(rng.integers(0, TEXELS // 3))
        for low in range(start - TEXELS // 3, TEXELS, TEXELS // 3):
            rows = slice(max(0, low), max(0, low + TEXELS // 3))
            board[rows] *= float(rng.uniform(0.82, 1.08))
            board[max(0, low) : max(0, low + 2)] *= 0.6
        tone[:, left:right] = board
        tone[:, left : left + 3] *= 0.62
    return between((0, 0, 0), wood, tone)


def chequers(rng: np.random.Generator, one: Colour, other: Colour, across: int) -> Albedo:
    """Square tiles in two colours with joints, a little uneven."""
    deep = round(across * DEPTH / BOARDS)
    number_x = (np.arange(TEXELS) * across // TEXELS)[None, :]
    number_y = (np.arange(TEXELS) * deep // TEXELS)[:, None]
    dark = ((number_x + number_y) % 2).astype(np.float32)
    uneven = rng.uniform(0.94, 1.04, (deep, across)).astype(np.float32)[number_y, number_x]
    joint = (np.arange(TEXELS) * across % TEXELS < 5 * across)[None, :] | (
        np.arange(TEXELS) * deep % TEXELS < 2 * deep
    )[:, None]
    tone = np.asarray(uneven * (1 - 0.22 * joint), np.float32)
    return times(between(one, other, dark), tone)

"""What comes in by a window: the view behind it, the sun's light on the floor, and the dust that shows in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, hazed, rgb, scaled, shade
from dalang.engines.animatic.air.weather import paint_weather
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, add, glow, picture, slide, stamp
from dalang.engines.animatic.canvas.noise import generator, line, smoothstep, tile
from dalang.engines.animatic.places.room import Room, Window, rgbs
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing, Weather

YONDER = 40.0
"""Metres to the trees and houses outside."""
SOFT = 4
"""The view outside is out of focus: painted at this part of its size."""
MOTES = 46
LOW = 1.25
"""Metres into the room for one down, of the light of a sun that stands low enough to come in."""


@dataclass(frozen=True)
class Outside:
    """The view behind the windows, far off and out of focus."""

    view: Picture
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        spare = self.view.shape[1] - self.lens.width
        at = spare / 2 + pose.turn + pose.x * self.lens.scale(YONDER)
        canvas[: self.view.shape[0]] = slide(self.view, at, self.lens.width)


def outside(scene: Set) -> list[Layer]:
    """The view with what falls there."""
    lens, light = scene.framing.lens, scene.light
    margin = scene.framing.margin(YONDER)
    wide, high = (lens.width + 2 * margin) // SOFT, lens.height // SOFT
    rng = generator(scene.seed, "outside")
    level = lens.horizon / SOFT
    y = (np.arange(high, dtype=np.float32) / level)[:, None, None]
    colour = rgb(light.sky) + (rgb(light.horizon) - rgb(light.sky)) * smoothstep(0.3, 1.0, y)
    cloud = cv2.resize(tile(rng, 256, 4, 4), (wide, high))[..., None] * light.cover
    colour = (colour + (rgb(light.cloud) - colour) * smoothstep(0.2, 0.75, cloud) * 0.8).astype(np.float32)
    if Thing.TREES not in scene.shot.without:
        _trees(rng, colour, level, scene)
    colour = cv2.GaussianBlur(colour, (0, 0), max(0.6, high / 160))
    size = lens.width + 2 * margin, lens.height
    view = np.asarray(cv2.resize(picture(colour), size, interpolation=cv2.INTER_CUBIC), np.uint8)
    if light.lamps > 0.3:
        _bokeh(rng, view, lens.horizon, light.lamps)
    falling = paint_weather(generator(scene.seed, "weather"), lens, light, scene.shot.weather)
    return [Outside(view, lens), *scene.aloft, *falling[:2]]


def _trees(rng: np.random.Generator, colour: np.ndarray, level: float, scene: Set) -> None:
    """Two rows of crowns; snow lies on the nearer where it falls."""
    high, wide = colour.shape[:2]
    rows = np.arange(high, dtype=np.float32)[:, None]
    snowy = scene.snowy
    for green, reach, lift, away in (((92, 132, 104), 0.34, 0.16, 900.0), ((70, 122, 62), 0.46, 0.02, 150.0)):
        crowns = level * (1 - lift - reach * line(rng, wide, max(4, wide // 40), 5, 0.6))[None, :]
        mask = np.clip(rows - crowns + 0.5, 0, 1)[..., None]
        coarse = (0.8 + 0.4 * rng.random((high // 4 + 1, wide // 4 + 1))).astype(np.float32)
        leaf = np.asarray(cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC), np.float32)[..., None]
        wood = (206, 216, 228) if snowy else green
        lit = hazed(scene.light, shade(scene.light, rgb(wood) * leaf, 0.6), away)
        colour += (lit - colour) * mask


def _bokeh(rng: np.random.Generator, view: Picture, level: int, lamps: float) -> None:
    """Lights of a town, each a disc."""
    high, wide = view.shape[:2]
    for _ in range(wide // 36):
        x, y = int(rng.integers(0, wide)), int(level * rng.uniform(0.5, 1.08))
        warm = ((255, 190, 104), (255, 220, 160), (170, 200, 255))[rng.integers(3)]
        colour = scaled(warm, float(rng.uniform(0.35, 0.8)) * lamps)
        disc = glow(max(2, round(high * float(rng.uniform(0.008, 0.02)))), colour, 0.35)
        add(view, disc, x, y)


@dataclass(frozen=True)
class Sunbeam:
    """The sun on the floor under a window, in panes, and the air between them lit."""

    room: Room
    window: Window
    colour: Colour
    """What it adds where it falls."""
    slant: float
    """Metres aside for one down."""
    motes: np.ndarray
    """Dust: part across, part down the beam, and speed; shape (n, 3)."""
    mote: Picture

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        """At a quarter of the size, being soft."""
        head = self._head(pose)
        if head[1][0] < -canvas.shape[1] or head[0][0] > 2 * canvas.shape[1]:
            return
        high, wide = canvas.shape[0] // 4 + 1, canvas.shape[1] // 4 + 1
        field = np.zeros((high, wide, 4), np.uint8)
        feet = [self._floor(x, y, pose) for x, y in self._corners(0.0, 1.0)]
        shaft = np.array([head[0], head[1], feet[1], feet[0]])
        self._fill(field, cv2.convexHull(shaft.astype(np.float32))[:, 0], 0.13)
        for first in (0.03, 0.53):
            pane = [self._floor(x, y, pose) for x, y in self._corners(first, first + 0.44)]
            self._fill(field, np.array(pane), 0.62)
        soft = cv2.GaussianBlur(field, (0, 0), max(0.8, high / 70))
        grown = cv2.resize(soft, (wide * 4, high * 4), interpolation=cv2.INTER_LINEAR)
        add(canvas, np.asarray(grown, np.uint8), 0, 0)
        self._dust(canvas, np.array([head[0], head[1], feet[2], feet[3]]), time)

    def _fill(self, field: Picture, corners: np.ndarray, part: float) -> None:
        colour = [int(min(255.0, c * part)) for c in self.colour]
        mask = np.zeros_like(field)
        cv2.fillConvexPoly(mask, np.round(corners * 4).astype(np.int32), (*colour, 0), cv2.LINE_AA, 4)
        cv2.add(field, mask, dst=field)

    def _corners(self, first: float, last: float) -> list[tuple[float, float]]:
        """Of a part of the window's width: two at its head, two at its sill."""
        one, wide = self.window, self.window.right - self.window.left
        left, right = one.left + first * wide, one.left + last * wide
        return [(left, one.high), (right, one.high), (right, one.low), (left, one.low)]

    def _floor(self, along: float, up: float, pose: Pose) -> tuple[float, float]:
        """Pixels where the light that comes in at a place of the window meets the floor."""
        lens, room = self.room.lens, self.room
        z = room.wall - LOW * up * room.unit - pose.z
        z = max(z, 0.35 * room.wall)
        middle = room.column(self.window.middle, pose.x, pose.turn, room.wall - pose.z)
        home = (middle - lens.middle) / lens.scale(room.wall - pose.z) + pose.turn / lens.scale(room.wall - pose.z)
        aside = (along - self.window.middle + self.slant * up) * room.unit
        return lens.middle + (home + aside) * lens.scale(z) - pose.turn, lens.row(z)

    def _head(self, pose: Pose) -> list[tuple[float, float]]:
        """Pixels of the window's upper corners."""
        lens, room, distance = self.room.lens, self.room, self.room.wall - pose.z
        row = lens.row(distance) - self.window.high * room.unit * lens.scale(distance)
        middle = room.column(self.window.middle, pose.x, pose.turn, distance)
        half = (self.window.right - self.window.left) / 2 * room.unit * lens.scale(distance)
        return [(middle - half, row), (middle + half, row)]

    def _dust(self, canvas: Picture, corners: np.ndarray, time: float) -> None:
        """Motes sink through the beam and come in again at its head."""
        for across, down, speed in self.motes:
            part = (down + speed * time) % 1.0
            side = across + 0.05 * math.sin(time * speed * 40 + across * 9)
            top = corners[0] + (corners[1] - corners[0]) * side
            foot = corners[3] + (corners[2] - corners[3]) * side
            at = top + (foot - top) * part
            size = 0.4 + 0.6 * math.sin(math.pi * part)
            stamp(canvas, self.mote, float(at[0]), float(at[1]), size, lit=True)


def assemble(room: Room, floor: list[Layer], furnished: list[Layer]) -> list[Layer]:
    """The layers of a room from far to near, of its floor and what `furnish` gave."""
    return [*outside(room.scene), *floor, furnished[0], *sunbeams(room), *furnished[1:]]


def sunbeams(room: Room) -> list[Layer]:
    """The sun through each window; none at night or under cloud."""
    light = room.scene.light
    if room.scene.shot.weather is not Weather.CLEAR or light.stars > 0.5 or not light.glow:
        return []
    rng = generator(room.scene.seed, "dust")
    colour = scaled(light.key, 128.0)
    side = -float(np.sign(room.scene.sun[0])) * 0.32
    size = max(1, round(room.lens.height / 260))
    mote = glow(size, scaled(rgbs(light.key, (0.2, 0.2, 0.2), 1.0), 110.0), 1.2)
    return [
        Sunbeam(room, window, colour, side, np.column_stack(
            [rng.random(MOTES), rng.random(MOTES), rng.uniform(0.008, 0.03, MOTES)]), mote)
        for window in room.windows
    ]  # fmt: skip

"""Small solid things: round shapes put together before a depth buffer, then lit.

Shapes live in a box of height 1, x from -width/2 to width/2 and y from 0 (the ground) up; z points to the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, shade
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import Field, Values, sample, tile
from dalang.engines.animatic.canvas.pigment import between, times, toward

SHARP = 2
"""Painted this many times larger, then averaged down."""
EMPTY = -9.0
"""Depth where there is nothing."""


@dataclass(frozen=True)
class Surface:
    """What a shape shows at each point of the box; where `there` is False the rest means nothing."""

    there: NDArray[np.bool_]
    depth: Values
    normal: tuple[Values, Values, Values]


Bounds = tuple[float, float, float, float]
"""Left, right, low, high."""


class Shape(Protocol):
    @property
    def colour(self) -> Colour: ...

    @property
    def bounds(self) -> Bounds: ...

    def surface(self, x: Field, y: Field, ragged: Field) -> Surface:
        """The front of the shape. `ragged`, 0..1, eats into its rim."""


@dataclass(frozen=True)
class Ball:
    """An ellipsoid."""

    x: float
    y: float
    z: float
    wide: float
    high: float
    colour: Colour
    ragged: float = 0.0

    @property
    def bounds(self) -> Bounds:
        return self.x - self.wide, self.x + self.wide, self.y - self.high, self.y + self.high

    def surface(self, x: Field, y: Field, ragged: Field) -> Surface:
        u, v = (x - self.x) / self.wide, (y - self.y) / self.high
        square = u * u + v * v
        front = np.sqrt(np.clip(1 - square, 0, 1))
        return Surface(
            square < 1 - self.ragged * ragged, self.z + self.wide * front, (u, v * self.wide / self.high, front)
        )


@dataclass(frozen=True)
class Rod:
    """A rod with round ends between two points, thinning from `thick` to `thin`."""

    start: tuple[float, float]
    end: tuple[float, float]
    thick: float
    thin: float
    colour: Colour
    z: float = 0.0
    ribs: int = 0

    @property
    def bounds(self) -> Bounds:
        (x, y), (to_x, to_y), r = self.start, self.end, max(self.thick, self.thin)
        return min(x, to_x) - r, max(x, to_x) + r, min(y, to_y) - r, max(y, to_y) + r

    def surface(self, x: Field, y: Field, ragged: Field) -> Surface:
        way_x, way_y = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = way_x * way_x + way_y * way_y
        part = np.clip(((x - self.start[0]) * way_x + (y - self.start[1]) * way_y) / length, 0, 1)
        off_x, off_y = x - self.start[0] - part * way_x, y - self.start[1] - part * way_y
        radius = self.thick + (self.thin - self.thick) * part
        u, v = off_x / radius, off_y / radius
        front = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
        if self.ribs:
            groove = np.sin(np.arcsin(np.clip(u, -1, 1)) * self.ribs)
            u = u + 0.5 * groove
        return Surface(off_x**2 + off_y**2 < radius**2, self.z + radius * front, (u, v, front))


@dataclass(frozen=True)
class Cone:
    """A standing cone with a scalloped skirt."""

    base: float
    top: float
    wide: float
    colour: Colour
    z: float = 0.0
    scallops: int = 9
    turn: float = 0.0

    @property
    def bounds(self) -> Bounds:
        return -self.wide, self.wide, self.base, self.top

    def surface(self, x: Field, y: Field, ragged: Field) -> Surface:
        radius = self.wide * (self.top - y) / (self.top - self.base)
        safe = np.maximum(radius, 1e-4)
        u = np.clip(x / safe, -1, 1)
        angle = np.arcsin(u)
        skirt = self.base + (self.top - self.base) * 0.10 * np.abs(np.sin(angle * self.scallops / 2 + self.turn))
        there = (np.abs(x) < radius * (1 - 0.25 * ragged)) & (y > skirt) & (y < self.top)
        front = np.sqrt(np.clip(1 - u * u, 0, 1))
        return Surface(there, self.z + radius * front, (u, np.full_like(u, 0.45), front))


@dataclass(frozen=True)
class Look:
    """How a thing takes light."""

    bump: float = 0.0
    """How rough its surface is, 0..1."""
    grain: float = 40.0
    """Bumps along its height."""
    snow: float = 0.0
    """How much of what faces up lies under snow, 0..1."""
    ground: float = 0.45
    """How much darker it is near the ground."""


def paint_solid(
    rng: np.random.Generator, shapes: list[Shape], width: float, rows: int, light: Light,
    sun: NDArray[np.float32], look: Look,
) -> Picture:  # fmt: skip
    """Paint `shapes` in a box `width` wide (its height is 1) at `rows` pixels' height."""
    high, wide = rows * SHARP, max(2, round(rows * width)) * SHARP
    x = np.asarray((np.arange(wide)[None, :] + 0.5) / high - width / 2, np.float32)
    y = np.asarray(1 - (np.arange(high)[:, None] + 0.5) / high, np.float32)
    rough = tile(rng, 256, 16, 4, 0.6)
    u, v = (np.broadcast_to(part * np.float32(look.grain * 16), (high, wide)) for part in (x, y))
    ragged = sample(rough, u * 0.5, v * 0.5)
    front = _front(shapes, x, y, ragged, width)
    if look.bump:
        front.normal[0] += (sample(rough, u, v) - 0.5) * 2 * look.bump
        front.normal[1] += (sample(rough, u + 71, v + 37) - 0.5) * 2 * look.bump
    front.normal[:] /= np.sqrt((front.normal**2).sum(0)) + 1e-6
    if look.snow:
        lying = np.clip((front.normal[1] + (ragged - 0.5) * 0.5 - 0.75 + look.snow * 0.6) * 4, 0, 1)
        front.albedo[:] = toward(front.albedo, (246, 250, 255), lying)
    big = picture(_lit(front, y, light, sun, look), (front.depth > EMPTY).astype(np.float32))
    return np.asarray(cv2.resize(big, (wide // SHARP, rows), interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True)
class Relief:
    """What is in front at each pixel."""

    depth: Field
    normal: Field
    """Shape (3, height, width)."""
    albedo: Field
    """Shape (height, width, 3)."""


def _front(shapes: list[Shape], x: Field, y: Field, ragged: Field, width: float) -> Relief:
    high, wide = ragged.shape
    depth, normal = np.full((high, wide), EMPTY, np.float32), np.zeros((3, high, wide), np.float32)
    shown = np.zeros((high, wide), np.uint8)
    for number, shape in enumerate(shapes):
        rows, columns = part = _window(shape.bounds, width, high, wide)
        seen = shape.surface(x[:, columns], y[rows], ragged[part])
        nearer = seen.there & (seen.depth > depth[part])
        np.copyto(depth[part], seen.depth, where=nearer, casting="same_kind")
        for axis in range(3):
            np.copyto(normal[axis][part], seen.normal[axis], where=nearer, casting="same_kind")
        np.copyto(shown[part], np.uint8(number), where=nearer)
    return Relief(depth, normal, np.array([shape.colour for shape in shapes], np.float32)[shown])


def _lit(front: Relief, y: Field, light: Light, sun: NDArray[np.float32], look: Look) -> Field:
    """Sun and sky on the relief, darker in its nooks and near the ground, with a glint on the sun's side."""
    across, up, toward = front.normal
    facing = across * sun[0] + up * sun[1] + toward * 0.42
    behind = _around(front.depth)
    nook = np.clip((front.depth - behind) * 7, -0.35, 0.12) * (front.depth > EMPTY)
    dark = (1 - look.ground * np.clip(1 - y * 1.3, 0, 1) ** 2) * (1 + nook)
    glint = 0.16 * np.clip(across * sun[0], 0, 1) ** 2 * light.glow
    lit = times(shade(light, front.albedo, facing), dark)
    return np.asarray(cv2.add(lit, between((0, 0, 0), light.sun, glint)), np.float32)


def _around(depth: Field) -> Field:
    """The depth round each point, worked out at a quarter of the size."""
    high, wide = depth.shape
    small = cv2.resize(depth, (max(1, wide // 4), max(1, high // 4)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.3, high * 0.005))
    return np.asarray(cv2.resize(soft, (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)


def _window(bounds: Bounds, width: float, high: int, wide: int) -> tuple[slice, slice]:
    """The pixels in which a shape can show."""
    left, right, low, top = bounds
    columns = slice(max(0, int((left + width / 2) * high)), min(wide, int((right + width / 2) * high) + 2))
    return slice(max(0, int((1 - top) * high) - 1), min(high, int((1 - low) * high) + 2)), columns

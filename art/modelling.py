"""Solids for the pictures that no package has: turned, rolled, cut and painted over one another, lit from one side.

Lengths are units of which a sheet is 100 high; x counts from its middle, y from its foot up. Angles are degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.bodies.volume import LIGHT, SHADE

Field = NDArray[np.float32]
Point = tuple[float, float]
Colour = tuple[int, int, int]
WHITE: Colour = (244, 242, 240)
RED: Colour = (226, 44, 62)
WOOD: Colour = (150, 96, 62)
YELLOW: Colour = (250, 184, 42)
PIXELS = 7.68
"""A unit: three pixels for one of the finished picture."""
DROP = 0.30
"""Of the light, that a part takes from what is right behind it."""
FLAT = 0.12
"""How far a wall that is cut from a sheet looks up."""


@dataclass
class Sheet:
    """What has been painted so far."""

    wide: float
    rgb: Field = field(init=False)
    cover: Field = field(init=False)
    x: Field = field(init=False)
    y: Field = field(init=False)

    def __post_init__(self) -> None:
        rows, columns = round(100 * PIXELS), round(self.wide * PIXELS)
        down, right = np.mgrid[:rows, :columns].astype(np.float32)
        self.x, self.y = (right + 0.5) / PIXELS - self.wide / 2, 100 - (down + 0.5) / PIXELS
        self.rgb, self.cover = np.zeros((rows, columns, 3), np.float32), np.zeros((rows, columns), np.float32)

    @property
    def frame(self) -> Field:
        """Premultiplied RGBA, 0..255."""
        return np.dstack([self.rgb * self.cover[..., None], self.cover * 255]).astype(np.float32)

    def part(self, left: float, right: float, low: float, high: float) -> tuple[slice, slice]:
        """The pixels of a box and of the shade about it."""
        middle, room = self.wide / 2, 4.0
        columns = slice(max(0, int((left - room + middle) * PIXELS)), max(1, int((right + room + middle) * PIXELS)))
        return slice(max(0, int((100 - high - room) * PIXELS)), max(1, int((100 - low + room) * PIXELS))), columns

    def turned(self, profile: Sequence[Point], colour: Colour | Field, x: float = 0.0, gloss: float = 0.1) -> None:
        """A body turned on a lathe; `profile` is (y, radius) from its foot up."""
        heights, radii = (np.array(values, np.float32) for values in zip(*profile, strict=True))
        widest = float(radii.max())
        part = self.part(x - widest, x + widest, float(heights[0]), float(heights[-1]))
        y = self.y[part]
        radius = np.interp(y, heights, radii).astype(np.float32)
        slope = -np.interp(y, heights, np.gradient(radii, heights)).astype(np.float32)
        across = (self.x[part] - x) / np.maximum(radius, 1e-3)
        there = (np.abs(across) < 1) & (y > heights[0]) & (y < heights[-1])
        self.paint(part, there, (across, np.clip(slope, -2, 2), _front(across * across)), colour, gloss)

    def ball(self, at: Point, wide: float, high: float, colour: Colour | Field, gloss: float = 0.12) -> None:
        """An ellipsoid by its half axes."""
        part = self.part(at[0] - wide, at[0] + wide, at[1] - high, at[1] + high)
        across, up = (self.x[part] - at[0]) / wide, (self.y[part] - at[1]) / high
        square = across * across + up * up
        self.paint(part, square < 1, (across, up, _front(square)), colour, gloss)

    def rod(self, start: Point, end: Point, thick: float, colour: Colour | Field, thin: float = 0.0) -> None:
        """A rod with round ends, `thick` in radius, `thin` at its end if that is less."""
        way = np.array(end, np.float32) - np.array(start, np.float32)
        length = max(float(way @ way), 1e-6)
        (left, right), (low, high) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        part = self.part(left - thick, right + thick, low - thick, high + thick)
        x, y = self.x[part] - start[0], self.y[part] - start[1]
        along = np.clip((x * way[0] + y * way[1]) / length, 0, 1)
        radius = thick + ((thin or thick) - thick) * along
        across, up = (x - along * way[0]) / radius, (y - along * way[1]) / radius
        square = across * across + up * up
        self.paint(part, square < 1, (across, up, _front(square)), colour, 0.1)

    def slab(
        self, corners: Sequence[Point], colour: Colour | Field, bevel: float = 0.8, up: float = FLAT, turn: float = 0.0
    ) -> None:
        """A board cut to a polygon, its rim rounded over `bevel`; it looks `up`, and to the right by `turn`."""
        mask = np.zeros(self.cover.shape, np.uint8)
        pixels = [((x + self.wide / 2) * PIXELS, (100 - y) * PIXELS) for x, y in corners]
        cv2.fillPoly(mask, [np.round(pixels).astype(np.int32)], 255)
        deep = cv2.distanceTransform(mask, cv2.DIST_L2, 5) / (bevel * PIXELS)
        round_ = cv2.GaussianBlur(np.minimum(deep, 1), (0, 0), 0.5 * bevel * PIXELS)
        right = cv2.Sobel(round_, cv2.CV_32F, 1, 0, scale=0.125) * bevel * PIXELS
        down = cv2.Sobel(round_, cv2.CV_32F, 0, 1, scale=0.125) * bevel * PIXELS
        front = np.ones_like(right)
        self.paint((slice(None), slice(None)), mask > 0, (turn - 0.8 * right, up + 0.8 * down, front), colour, 0.05)

    def box(self, left: float, right: float, low: float, high: float, colour: Colour | Field, **look: float) -> None:
        """A slab with upright sides."""
        self.slab([(left, low), (right, low), (right, high), (left, high)], colour, **look)

    def paint(
        self,
        part: tuple[slice, slice],
        there: NDArray[np.bool_],
        normal: tuple[Field, Field, Field],
        colour: Colour | Field,
        gloss: float,
    ) -> None:
        """Lay a part over all others, in the light of the picture; they lie in its shade where they are close."""
        shade = cv2.GaussianBlur(np.roll(there.astype(np.float32), (5, 3), (0, 1)), (0, 0), 1.2 * PIXELS)
        self.rgb[part] *= 1 - DROP * shade[..., None]
        length = np.sqrt(sum(axis * axis for axis in normal)) + 1e-6
        faced = sum(axis * light for axis, light in zip(normal, LIGHT, strict=True)) / length
        turned = np.clip((faced + 0.45) / 1.25, 0, 1)
        turned = turned * turned * (3 - 2 * turned)
        own = colour[part] if isinstance(colour, np.ndarray) else np.float32(colour)
        lit = own * (SHADE + (1.03 - SHADE) * turned[..., None]) + (255 * gloss * np.clip(faced, 0, 1) ** 4)[..., None]
        self.rgb[part][there] = np.clip(lit, 0, 255)[there]
        self.cover[part][there] = 1.0

    def bands(self, colours: Sequence[Colour], high: float, lean: float = 0.0) -> Field:
        """Stripes `high` units wide that rise by `lean` a unit to the right, as the colour of a part."""
        return self._picked(colours, np.floor((self.y - lean * self.x) / high))

    def gores(self, colours: Sequence[Colour], x: float, radius: Field, count: int) -> Field:
        """The strips that a balloon is sewn from."""
        angle = np.arcsin(np.clip((self.x - x) / np.maximum(radius, 1e-3), -1, 1)) / np.pi + 0.5
        return self._picked(colours, np.floor(angle * count))

    def rough(self, colour: Colour, depth: float, grain: Point, seed: int) -> Field:
        """A colour that varies by `depth`, 0..1, in patches `grain` units wide and high."""
        rng = np.random.default_rng(seed)
        rows, columns = self.cover.shape
        coarse = rng.random((max(2, round(100 / grain[1])), max(2, round(self.wide / grain[0])))).astype(np.float32)
        patches = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.float32(colour) * (1 + depth * (patches - 0.5))[..., None], np.float32)

    def _picked(self, colours: Sequence[Colour], number: Field) -> Field:
        return np.array(colours, np.float32)[number.astype(np.int32) % len(colours)]


def _front(square: Field) -> Field:
    return np.sqrt(np.clip(1 - square, 0, 1)).astype(np.float32)

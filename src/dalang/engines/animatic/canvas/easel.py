"""Flat drawing in metres: boxes, rounds and soft shadows of plain colours, then the light of a room over all of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, scaled
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import Field, Values

SHIFT = 4
"""Binary places of a pixel in which corners are given."""
COARSE = 8
"""Pixels of the drawing to one of its field of light."""


@dataclass(frozen=True)
class Glow:
    """A lamp's or a window's light on what stands about it."""

    x: float
    y: float
    reach: float
    """Metres to where two thirds of it are gone."""
    colour: Colour
    """What it adds to a white surface, 0..1 a channel and over."""


@dataclass(frozen=True)
class Easel:
    """A drawing of x from its left edge and y up from the ground, in metres at `scale` pixels each."""

    paint: Picture
    """Straight RGBA; `lit` premultiplies it."""
    shine: NDArray[np.uint8]
    """How much of its colour each pixel shows without any light, 0..255."""
    scale: float
    left: float = 0.0
    """x of the left edge."""
    below: float = 0.0
    """Metres of the drawing under the ground line."""

    def box(self, left: float, low: float, right: float, high: float, colour: Colour, shine: int = 0) -> None:
        """Fill a rectangle; `shine` 255 for what burns by itself."""
        rows, columns = self.rows(low, high), self.columns(left, right)
        self.paint[rows, columns] = (*_bytes(colour), 255)
        self.shine[rows, columns] = shine

    def fade(self, left: float, low: float, right: float, high: float, colour: Colour, top: float, foot: float) -> None:
        """Fill a rectangle with shades of one colour, from `top` to `foot` of its brightness."""
        rows, columns = self.rows(low, high), self.columns(left, right)
        part = np.linspace(top, foot, rows.stop - rows.start, dtype=np.float32)[:, None, None]
        shades = np.clip(np.asarray(colour, np.float32) * part, 0, 255).astype(np.uint8)
        self.paint[rows, columns] = np.concatenate([shades, np.full_like(shades[..., :1], 255)], axis=2)
        self.shine[rows, columns] = 0

    def slab(self, left: float, low: float, right: float, high: float, colour: Colour) -> None:
        """A board or a door: lighter along its upper edge, darker to its foot and at its sides."""
        edge = 0.02
        self.fade(left, low, right, high, scaled(colour, 0.72), 1.0, 0.9)
        self.fade(left + edge, low + edge, right - edge, high, colour, 1.04, 0.88)
        self.box(left + edge, high - edge, right - edge, high, scaled(colour, 1.18))

    def poly(self, points: list[tuple[float, float]], colour: Colour, shine: int = 0) -> None:
        """Fill a convex outline of (x, y)."""
        corners = self._corners(points)
        cv2.fillConvexPoly(self.paint, corners, (*_bytes(colour), 255), cv2.LINE_AA, SHIFT)
        cv2.fillConvexPoly(self.shine, corners, (shine,), cv2.LINE_AA, SHIFT)

    def oval(self, x: float, y: float, wide: float, high: float, colour: Colour, shine: int = 0) -> None:
        """Fill an ellipse about (x, y) of half axes `wide` and `high`."""
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        self.poly([(x + wide * float(np.cos(t)), y + high * float(np.sin(t))) for t in turn], colour, shine)

    def round(self, left: float, low: float, right: float, high: float, colour: Colour, corner: float) -> None:
        """A soft box: its corners round, its upper edge caught by the light, its foot in shade."""
        for part, inset in ((0.74, 0.0), (1.0, 0.018), (1.1, 0.05)):
            self._rounded(
                left + inset, low + inset * 1.6, right - inset, high - inset * 0.6, scaled(colour, part), corner
            )
        self._rounded(left + 0.07, low + 0.07, right - 0.07, high - 0.09, scaled(colour, 1.02), corner)

    def _rounded(self, left: float, low: float, right: float, high: float, colour: Colour, corner: float) -> None:
        corner = max(0.001, min(corner, (right - left) / 2, (high - low) / 2))
        turn = np.linspace(0, np.pi / 2, 8)
        points = []
        for start, x, y in (
            (0, right - corner, high - corner),
            (1, left + corner, high - corner),
            (2, left + corner, low + corner),
            (3, right - corner, low + corner),
        ):
            angles = turn + start * np.pi / 2
            points += [(x + corner * float(np.cos(a)), y + corner * float(np.sin(a))) for a in angles]
        self.poly(points, colour)

    def bar(self, start: tuple[float, float], end: tuple[float, float], wide: float, colour: Colour) -> None:
        """A straight rod between two points."""
        along = np.subtract(end, start)
        across = np.array([-along[1], along[0]]) / (np.hypot(*along) + 1e-6) * wide / 2
        x, y = float(across[0]), float(across[1])
        (a, b), (c, d) = start, end
        self.poly([(a + x, b + y), (c + x, d + y), (c - x, d - y), (a - x, b - y)], colour)

    def shadow(self, left: float, low: float, right: float, high: float, soft: float, dark: float) -> None:
        """Darken what is painted under a rectangle whose edges fade over `soft` metres."""
        rows, columns = self.rows(low - soft, high + soft), self.columns(left - soft, right + soft)
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.float32)
        inner_rows, inner = self.rows(low, high), self.columns(left, right)
        mask[inner_rows.start - rows.start : inner_rows.stop - rows.start,
             inner.start - columns.start : inner.stop - columns.start] = dark  # fmt: skip
        mask = cv2.GaussianBlur(mask, (0, 0), max(0.5, soft * self.scale * 0.5))
        part = self.paint[rows, columns, :3]
        part[:] = (part * (1 - mask[..., None])).astype(np.uint8)

    def hole(self, left: float, low: float, right: float, high: float) -> None:
        """Cut out a rectangle, to show what lies behind."""
        self.paint[self.rows(low, high), self.columns(left, right)] = 0

    def rows(self, low: float, high: float) -> slice:
        foot = self.paint.shape[0] - self.below * self.scale
        top = min(max(0, round(foot - high * self.scale)), self.paint.shape[0])
        return slice(top, min(max(top, round(foot - low * self.scale)), self.paint.shape[0]))

    def columns(self, left: float, right: float) -> slice:
        first = min(max(0, round((left - self.left) * self.scale)), self.paint.shape[1])
        return slice(first, min(max(first, round((right - self.left) * self.scale)), self.paint.shape[1]))

    def _corners(self, points: list[tuple[float, float]]) -> NDArray[np.int32]:
        foot = self.paint.shape[0] - self.below * self.scale
        at = [((x - self.left) * self.scale - 0.5, foot - y * self.scale - 0.5) for x, y in points]
        return np.round(np.asarray(at) * (1 << SHIFT)).astype(np.int32)


def blank(wide: float, high: float, scale: float, left: float = 0.0, below: float = 0.0) -> Easel:
    """An empty easel `wide` metres by `high`, of which `below` are under the ground line."""
    shape = max(4, round(high * scale)), max(4, round(wide * scale))
    return Easel(np.zeros((*shape, 4), np.uint8), np.zeros(shape, np.uint8), scale, left, below)


def lit(easel: Easel, base: Colour, glows: list[Glow]) -> Picture:
    """The drawing in the light of a room: `base` from everywhere, more from `glows`."""
    high, wide = easel.shine.shape
    light = cv2.resize(_field(easel, base, glows), (wide, high), interpolation=cv2.INTER_LINEAR)
    own = np.asarray(easel.shine * np.float32(1 / 255), np.float32)
    *paints, cover = cv2.split(easel.paint)
    parts = [_lit(paint, part, own) for paint, part in zip(paints, cv2.split(light), strict=True)]
    return np.asarray(cv2.merge([*(cv2.multiply(part, cover, scale=1 / 255) for part in parts), cover]), np.uint8)


def _lit(paint: cv2.typing.MatLike, light: cv2.typing.MatLike, own: Field) -> NDArray[np.uint8]:
    """One channel of a drawing; what is brighter than white is held back."""
    held: Values = np.minimum(light, np.float32(0.95 * 0.7) + np.float32(0.3) * light)
    return np.asarray(cv2.multiply(paint, held + (1 - held) * own, dtype=cv2.CV_8U), np.uint8)


def _field(easel: Easel, base: Colour, glows: list[Glow]) -> Field:
    """What the light does to a white surface, coarsely; shape (rows, columns, 3)."""
    high, wide = easel.shine.shape
    step = COARSE / easel.scale
    x = easel.left + (np.arange(-(-wide // COARSE), dtype=np.float32)[None, :] + 0.5) * step
    y = high / easel.scale - easel.below - (np.arange(-(-high // COARSE), dtype=np.float32)[:, None] + 0.5) * step
    low = 0.80 + 0.20 * np.clip(y / 1.4, 0, 1)
    field = low[..., None] * np.asarray(base, np.float32) * np.ones((1, x.shape[1], 1), np.float32)
    for glow in glows:
        away = ((x - glow.x) ** 2 + (y - glow.y) ** 2) / glow.reach**2
        field = field + np.exp(-away)[..., None] * np.asarray(glow.colour, np.float32)
    return np.asarray(field, np.float32)


def _bytes(colour: Colour) -> tuple[int, int, int]:
    r, g, b = (int(min(max(part, 0), 255)) for part in colour)
    return r, g, b

"""Towers, walls and roofs of stone as seen from afar, painted before a light that comes from one side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, rgb, scaled
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import Field, tile

SHARP = 2
"""Painted this many times larger, then averaged down."""
STONE: Colour = (214, 202, 184)
WARM: Colour = (255, 200, 110)
FLANK = 0.55
"""How bright the wall of a round tower is on the side away from the sun, of the brightest."""


@dataclass(frozen=True)
class Tower:
    """Round, in units of the castle: middle, width, height of its wall, height of its roof (0: battlements)."""

    x: float
    wide: float
    high: float
    roof: float


@dataclass(frozen=True)
class Mason:
    """A sheet of stonework: `unit` pixels a unit, x from the middle, y up from the bottom."""

    sheet: NDArray[np.float32]
    """Colour, 0..255, and cover, 0..255; shape (rows, columns, 4)."""
    unit: float
    light: Light
    side: float
    """Where the sun is: -1 left, 1 right."""
    rough: Field
    """The stone's own unevenness, as large as the sheet, 0..1."""
    roof: Colour

    def columns(self, left: float, right: float) -> slice:
        middle = self.sheet.shape[1] / 2
        return slice(max(0, round(middle + left * self.unit)), max(0, round(middle + right * self.unit)))

    def rows(self, low: float, high: float) -> slice:
        foot = self.sheet.shape[0]
        return slice(max(0, round(foot - high * self.unit)), max(0, round(foot - low * self.unit)))

    def lit(self, colour: Colour, facing: NDArray[np.floating] | float) -> NDArray[np.float32]:
        part = np.asarray(facing, np.float32)[..., None]
        return np.asarray(rgb(colour) * (rgb(self.light.fill) + rgb(self.light.key) * part), np.float32)

    def wall(self, left: float, right: float, low: float, high: float, facing: NDArray[np.floating] | float) -> None:
        """Stone, darker toward the ground, in courses."""
        place = self.rows(low, high), self.columns(left, right)
        rough = self.rough[place]
        up = np.linspace(1.06, 0.80, rough.shape[0], dtype=np.float32)[:, None] if rough.size else rough
        tone = (0.82 + 0.36 * rough) * up
        self.sheet[(*place, slice(0, 3))] = self.lit(STONE, facing) * tone[..., None]
        self.sheet[(*place, 3)] = 255

    def battlements(
        self, left: float, right: float, top: float, size: float, facing: NDArray[np.floating] | float
    ) -> None:
        """Merlons along a wall's top, over a ledge in shade."""
        count = max(2, round((right - left) / size / 2)) * 2 + 1
        step = (right - left) / count
        shade = np.broadcast_to(np.asarray(facing, np.float32), (self.sheet[0, self.columns(left, right), 0].shape))
        for number in range(0, count, 2):
            start, end = left + number * step, left + (number + 1) * step
            first = self.columns(left, start).stop - self.columns(left, right).start
            part = self.columns(start, end)
            self.wall(start, end, top, top + size, shade[first : first + part.stop - part.start])
        place = self.rows(top - size * 0.7, top - size * 0.35), self.columns(left, right)
        self.sheet[(*place, slice(0, 3))] *= 0.66

    def tower(self, tower: Tower) -> None:
        half = tower.wide / 2
        self.wall(tower.x - half, tower.x + half, 0.0, tower.high, self._round(tower.x - half, tower.x + half))
        crown, size = half * 1.22, tower.wide * 0.13
        low = tower.high - size * 1.6
        self.wall(tower.x - crown, tower.x + crown, low, tower.high, self._round(tower.x - crown, tower.x + crown))
        under = self.rows(low - size * 0.6, low), self.columns(tower.x - half, tower.x + half)
        self.sheet[(*under, slice(0, 3))] *= 0.6
        around = self._round(tower.x - crown, tower.x + crown)
        self.battlements(tower.x - crown, tower.x + crown, tower.high, size, around)
        if tower.roof:
            self.cone(tower.x, half * 1.12, tower.high + size * 0.2, tower.high + tower.roof)

    def cone(self, x: float, half: float, low: float, high: float) -> None:
        """A pointed roof of slates, a little hollow in its slope."""
        place = self.rows(low, high), self.columns(x - half, x + half)
        rows, columns = place[0].stop - place[0].start, place[1].stop - place[1].start
        down = np.linspace(0, 1, max(1, rows), dtype=np.float32)[:, None]
        across = np.linspace(-1, 1, max(1, columns), dtype=np.float32)[None, :]
        reach = down**1.12 + 0.012
        u = np.clip(across / reach, -1, 1)
        facing = 0.12 + 0.88 * np.clip(0.45 * np.sqrt(1 - u * u) + 0.75 * u * self.side, 0, 1)
        slates = 1 - 0.16 * (np.mod(down * rows / 7, 1) < 0.22) - 0.10 * self.rough[place]
        there = np.abs(across) <= reach
        part = self.sheet[place]
        part[there, :3] = (self.lit(self.roof, facing) * slates[..., None])[there]
        part[there, 3] = 255

    def _round(self, left: float, right: float) -> NDArray[np.float32]:
        """How squarely the sun meets each column of something round."""
        place = self.columns(left, right)
        u = np.linspace(-0.98, 0.98, max(1, place.stop - place.start), dtype=np.float32)
        return np.asarray(
            np.clip(0.30 + 0.50 * np.sqrt(1 - u * u) * FLANK + 0.62 * u * self.side, 0.0, 1.1), np.float32
        )

    def opening(self, x: float, y: float, wide: float, high: float, burning: float) -> None:
        """A window with a round head: dark, or lit from within by `burning`, 0..1."""
        middle, foot = self.sheet.shape[1] / 2, self.sheet.shape[0]
        dark = rgb((34, 32, 44)) * (rgb(self.light.fill) + 0.3)
        colour = dark + (rgb(WARM) - dark) * burning
        left, right = round(middle + (x - wide / 2) * self.unit), round(middle + (x + wide / 2) * self.unit)
        top, bottom = round(foot - (y + high) * self.unit), round(foot - y * self.unit)
        shown = (*(float(c) for c in colour), 255.0)
        cv2.rectangle(self.sheet, (left, top), (right, bottom), shown, -1)
        cv2.circle(self.sheet, (round((left + right) / 2), top), max(1, round((right - left) / 2)), shown, -1)

    def done(self) -> Picture:
        """The sheet at its own size, premultiplied."""
        sheet = np.clip(self.sheet, 0, 255).astype(np.uint8)
        return np.asarray(cv2.resize(sheet, None, fx=1 / SHARP, fy=1 / SHARP, interpolation=cv2.INTER_AREA), np.uint8)


def mason(
    rng: np.random.Generator, size: tuple[int, int], unit: float, light: Light, side: float, roof: Colour
) -> Mason:
    """An empty sheet of `size` (columns, rows) pixels."""
    columns, rows = size[0] * SHARP, size[1] * SHARP
    broad = cv2.resize(tile(rng, 256, 8, 5, 0.6), (columns, rows), interpolation=cv2.INTER_LINEAR)
    course = max(3.0, unit * SHARP * 0.016)
    y = np.arange(rows, dtype=np.float32)[:, None]
    rough = broad - 0.30 * (np.mod(y / course, 1) < 0.2)
    return Mason(
        np.zeros((rows, columns, 4), np.float32), unit * SHARP, light, side, np.asarray(rough, np.float32),
        scaled(roof, 1.0),
    )  # fmt: skip

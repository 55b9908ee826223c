"""A fire: flames that noise licks out of a hot bed, what it burns on, and the light it throws."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, scaled
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, add, glow, over, stamp
from dalang.engines.animatic.canvas.noise import Field, Values, generator, smoothstep, tile
from dalang.engines.animatic.canvas.solid import Ball, Look, Rod, Shape, paint_solid
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.engines.animatic.effects.smoke import paint_smoke
from dalang.engines.animatic.effects.source import Source, flicker, source
from dalang.engines.animatic.effects.sparks import paint_embers

ROWS, COLUMNS = 160, 128
"""The sheet of flames, which is drawn larger."""
TEXELS = 256
HEAT: tuple[tuple[float, Colour], ...] = (
    (0.0, (0, 0, 0)), (0.16, (120, 18, 4)), (0.38, (236, 82, 12)), (0.66, (255, 160, 36)), (0.90, (255, 226, 120)),
    (1.0, (255, 252, 226)),
)  # fmt: skip
GLOW: Colour = (255, 148, 58)
BARK: Colour = (72, 50, 36)
STONE: Colour = (118, 114, 110)
IRON: Colour = (54, 52, 56)
HIGH = 1.15
"""Of a fire's height, that the sheet of flames is."""


@dataclass(frozen=True)
class Flames:
    """Heat that rises through noise, as colour."""

    body: Field
    """How hot the bed keeps each place of the sheet."""
    across: Field
    up: Field
    coarse: Field
    fine: Field
    colours: NDArray[np.uint8]

    def sheet(self, time: float) -> Picture:
        """Premultiplied RGBA of shape (ROWS, COLUMNS, 4)."""
        lick = self._noise(self.coarse, self.across * 84, self.up * 84 + time * 150)
        curl = self._noise(self.fine, self.across * 150 + time * 9, self.up * 130 + time * 235)
        high = 1 - self.up
        heat = self.body - (0.28 + 1.15 * high) * (0.62 * lick + 0.38 * curl)
        index = np.clip(heat * 255, 0, 255).astype(np.uint8)
        return np.asarray(cv2.LUT(cv2.merge([index] * 4), self.colours), np.uint8)

    def _noise(self, field: Field, x: Values, y: Values) -> Field:
        at = np.asarray(x, np.float32), np.asarray(y, np.float32)
        return np.asarray(cv2.remap(field, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)


def paint_flames(rng: np.random.Generator) -> Flames:
    x = np.linspace(-1, 1, COLUMNS, dtype=np.float32)[None, :] * np.ones((ROWS, 1), np.float32)
    y = np.linspace(0, 1, ROWS, dtype=np.float32)[:, None] * np.ones((1, COLUMNS), np.float32)
    high = 1 - y
    tongue = np.exp(-((x / (0.16 + 0.42 * (1 - high) ** 0.7)) ** 2))
    sides = 0.8 * np.exp(-(((np.abs(x) - 0.36) / 0.17) ** 2)) * smoothstep(0.55, 0.1, high)
    body = np.maximum(tongue, sides) * smoothstep(1.05, 0.20, high) * smoothstep(0.0, 0.06, high) * 1.30
    rim = smoothstep(1.0, 0.8, np.abs(x)) * smoothstep(1.0, 0.92, high)
    return Flames(np.asarray(body * rim, np.float32), x, y, tile(rng, TEXELS, 8, 3), tile(rng, TEXELS, 16, 3), _heat())


def _heat() -> NDArray[np.uint8]:
    """Colour of each of 256 temperatures; what is hot covers, what is not only shines."""
    at = np.linspace(0, 1, 256)
    stops = [stop for stop, _ in HEAT]
    table = np.zeros((256, 1, 4), np.uint8)
    for channel in range(3):
        table[:, 0, channel] = np.interp(at, stops, [colour[channel] for _, colour in HEAT])
    table[:, 0, 3] = np.interp(at, (0.02, 0.3, 0.8), (0, 120, 250))
    return table


@dataclass(frozen=True)
class Fire:
    source: Source
    flames: Flames
    bed: Picture
    """What burns."""
    bed_high: float
    """Of the fire's height."""
    halo: Picture
    pool: Picture
    """Its light on the ground."""
    seed: int
    wind: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        column, row, per_metre = self.source.place(pose)
        size = self.source.size * per_metre
        burn = flicker(time, self.seed)
        reach = 3.0 * size * burn / self.halo.shape[0]
        stamp(canvas, self.pool, column, row + 0.30 * size, 4.2 * size * burn / self.pool.shape[1], lit=True)
        stamp(canvas, self.bed, column, row, self.bed_high * size / self.bed.shape[0])
        self._burn(canvas, column, row - 0.42 * self.bed_high * size, size, time)
        stamp(canvas, self.halo, column, row - 0.35 * size + self.halo.shape[0] * reach / 2, reach, lit=True)

    def _burn(self, canvas: Picture, column: float, foot: float, size: float, time: float) -> None:
        sheet, high, wide = self.flames.sheet(time), size * HIGH, size * HIGH * 0.86
        lean = 0.05 * self.wind * (1 + np.sin(1.3 * time)) * wide
        corners = np.array([[0, 0], [COLUMNS, 0], [0, ROWS]], np.float32)
        box = int(wide * 1.5) + 4, int(high) + 4
        left = box[0] / 2 - wide / 2
        target = np.array([[left + lean, 0], [left + wide + lean, 0], [left, high]], np.float32)
        drawn = cv2.warpAffine(sheet, cv2.getAffineTransform(corners, target), box, flags=cv2.INTER_CUBIC)
        over(canvas, np.asarray(drawn, np.uint8), round(column - box[0] / 2), round(foot - high))


def paint_fire(site: Site, origin: Source) -> Fire:
    rng = generator(site.seed, "fire")
    size = origin.size * site.lens.scale(origin.distance)
    bowl = site.indoors or not site.grounded
    bed, high = _bowl(rng, site, size) if bowl else _logs(rng, site, size)
    dark = 1 - 0.62 * min(1.0, float(np.mean(site.light.fill) + 0.4 * np.mean(site.light.key)))
    radius = int(np.clip(size * 1.2, 6, 260))
    halo = glow(radius, scaled(GLOW, 0.20 + 0.30 * dark), 2.0)
    flat = glow(radius, scaled(GLOW, 0.16 + 0.46 * dark), 1.3)
    pool = np.asarray(cv2.resize(flat, (flat.shape[1], max(3, flat.shape[0] // 4))), np.uint8)
    return Fire(origin, paint_flames(rng), bed, high, halo, pool, site.seed % 97, site.light.wind)


def _logs(rng: np.random.Generator, site: Site, size: float) -> tuple[Picture, float]:
    """Logs laid across one another in a ring of stones."""
    shapes: list[Shape] = []
    for number in range(9):
        x = -0.92 + 1.84 * number / 8
        shapes.append(
            Ball(x, 0.06, 0.3 if 1 < number < 7 else 0.0, 0.17, 0.20, scaled(STONE, rng.uniform(0.7, 1.0)), 0.1)
        )
    for lean in (-0.6, 0.55, -0.2, 0.28):
        top, foot = (lean * 1.1, 1.0 - 0.45 * abs(lean)), (-lean * 1.35, 0.10)
        shapes.append(Rod(foot, top, 0.15, 0.12, scaled(BARK, rng.uniform(0.8, 1.2)), 0.1 * lean))
    rows = max(12, round(0.42 * size))
    return paint_solid(rng, shapes, 2.3, rows, site.light, _sun(site), Look(bump=0.7, grain=22)), 0.42


def _bowl(rng: np.random.Generator, site: Site, size: float) -> tuple[Picture, float]:
    """An iron bowl on legs."""
    shapes: list[Shape] = [Rod((side * 0.24, 0.5), (side * 0.42, 0.02), 0.045, 0.04, IRON) for side in (-1, 1)]
    shapes += [Rod((0.0, 0.4), (0.0, 0.02), 0.045, 0.04, IRON, -0.2), Ball(0.0, 0.78, 0.0, 0.62, 0.36, IRON)]
    shapes += [
        Rod((-0.5, 0.9), (0.34, 0.98), 0.09, 0.08, BARK, 0.3),
        Rod((0.5, 0.9), (-0.3, 1.0), 0.09, 0.08, BARK, 0.2),
    ]
    rows = max(14, round(0.55 * size))
    return paint_solid(rng, shapes, 1.5, rows, site.light, _sun(site), Look(bump=0.2, grain=40)), 0.55


def _sun(site: Site) -> Field:
    side = 1.0 if site.sun_x > site.lens.middle else -1.0
    return np.array([0.62 * side, 0.7, 0.3], np.float32)


@dataclass(frozen=True)
class Firelight:
    """A warm light over all that is near, which flickers."""

    source: Source
    light: Picture
    seed: int

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        column, row, per_metre = self.source.place(pose)
        size = max(2, round(6.5 * self.source.size * per_metre * flicker(time, self.seed)))
        grown = np.asarray(cv2.resize(self.light, (size, size), interpolation=cv2.INTER_LINEAR), np.uint8)
        add(canvas, grown, round(column - size / 2), round(row - 0.55 * size))


def fire(site: Site) -> Depths:
    """On the ground beside the subject."""
    origin = source(site, 1.0)
    dark = 1 - min(1.0, float(np.mean(site.light.fill) + 0.4 * np.mean(site.light.key)))
    light = Firelight(origin, glow(40, scaled(GLOW, 0.05 + 0.20 * dark), 1.8), site.seed % 97)
    burning = paint_fire(site, origin)
    smoke = paint_smoke(site, origin, 0.30, lift=0.9)
    return Depths(behind=(smoke, burning, paint_embers(site, origin, 26)), before=(light,))

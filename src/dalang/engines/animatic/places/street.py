"""A city street seen from the side: fronts across the road, towers behind, lamps that light pools at night."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, hazed, mix, rgb, scaled, shade
from dalang.engines.animatic.air.rime import rimed
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, glow, over, picture, slide, stamp
from dalang.engines.animatic.canvas.noise import tile2
from dalang.engines.animatic.canvas.pigment import between
from dalang.engines.animatic.places.ground import TEXELS, Albedo, Band, Plain, lay_band, plain_haze
from dalang.engines.animatic.places.houses import paint_houses
from dalang.engines.animatic.places.land import Land
from dalang.scene.plan import Thing

ACROSS = 24.0
"""Metres to the fronts, at least."""
ROW = 64.0
"""Metres after which the row of houses repeats."""
TILE = 8.0
"""Metres along the street after which the road repeats: one dash and one gap of its line."""
DEPTH = 64.0
"""Metres of depth that the road's tile covers."""
POST = 5.2
"""Metres a lamp is high."""
LAMP: Colour = (255, 206, 130)


@dataclass(frozen=True)
class Fronts:
    """The row of houses, on a plane across the road."""

    view: Picture
    """One repeat and a frame's width more."""
    period: int
    """Pixels of one repeat."""
    distance: float
    grown: float
    """How much larger than needed in the middle of the shot the view is painted."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lens, width = self.lens, self.lens.width
        distance = self.distance - pose.z
        foot = lens.row(distance)
        size = self.distance / distance / self.grown
        aside = (pose.x * lens.scale(distance) + pose.turn) / size
        at = (aside - (width / size - width) / 2) % self.period
        if size == 1:
            over(canvas, slide(self.view, at, width), 0, round(foot) - self.view.shape[0])
            return
        high = self.view.shape[0] * size
        top = max(0, math.floor(foot - high))
        move = np.array([[size, 0, -at * size], [0, size, foot - high - top]], np.float32)
        drawn = cv2.warpAffine(self.view, move, (width, math.ceil(foot) + 1 - top), flags=cv2.INTER_LINEAR)
        over(canvas, np.asarray(drawn, np.uint8), 0, top)


@dataclass(frozen=True)
class Lamp:
    """A street lamp, one every `period` metres: its post, the light round its head, the pool at its foot."""

    post: Picture
    halo: Picture
    pool: Picture
    burns: bool
    x: float
    z: float
    period: float
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        per_metre = self.lens.scale(distance)
        grown = self.z / distance
        reach = (self.lens.width / 2 + abs(pose.turn)) / per_metre + 3
        first = int(np.ceil((pose.x - reach - self.x) / self.period))
        last = int(np.floor((pose.x + reach - self.x) / self.period))
        for number in range(first, last + 1):
            column = self.lens.middle + (self.x + number * self.period - pose.x) * per_metre - pose.turn
            row = self.lens.row(distance)
            head = row - (POST - 0.35) * per_metre
            if self.burns:
                stamp(canvas, self.pool, column, row + self.pool.shape[0] / 2 * grown, grown, lit=True)
            stamp(canvas, self.post, column, row + 1, grown)
            if self.burns:
                stamp(canvas, self.halo, column, head + self.halo.shape[0] / 2 * grown, grown, lit=True)


def fronts_distance(subject: float) -> float:
    """Metres to the fronts, for a subject `subject` metres away."""
    return max(ACROSS, subject + 13.0)


def paint_fronts(
    rng: np.random.Generator, lens: Lens, light: Light, distance: float, grown: float, without: frozenset[Thing]
) -> Fronts:
    scale = lens.scale(distance) * grown
    storeys = int(np.clip(lens.horizon * 0.74 / (lens.scale(distance) * 3.2) - 1, 2, 7))
    row = paint_houses(rng, light, scale, ROW, storeys, without)
    veil = float(1 - np.exp(-distance * 4 / light.visibility))
    *colours, cover = cv2.split(row)
    veiled = [
        cv2.addWeighted(part, 1 - veil, cover, haze * veil / 255, 0)
        for part, haze in zip(colours, light.haze, strict=True)
    ]
    row = np.asarray(cv2.merge([*veiled, cover]), np.uint8)
    period = row.shape[1]
    repeats = -(-(lens.width + 4) // period)
    view = np.hstack([row, *([row] * repeats)])[:, : period + int(lens.width * max(1.0, grown * 1.4)) + 4]
    return Fronts(np.ascontiguousarray(view), period, distance, grown, lens)


def paint_towers(rng: np.random.Generator, lens: Lens, light: Light, distance: float, margin: int) -> Land:
    """A skyline in two depths, windows lit as the hour asks."""
    width, rows = lens.width + 2 * margin, int(lens.horizon * 0.86)
    view = np.zeros((rows, width, 4), np.uint8)
    unit = max(2, round(lens.height / 240))
    for depth, tall in ((2600.0, 1.0), (1400.0, 0.8)):
        x = -int(rng.integers(0, 9)) * unit
        while x < width:
            wide = int(rng.integers(9, 22)) * unit
            high = int(rows * tall * rng.uniform(0.42, 1.0) ** 1.3)
            _tower(rng, view, light, x, wide, high, unit, depth)
            x += wide + int(rng.integers(0, 5)) * unit
    return Land(view, lens.horizon - rows, distance, lens)


def _tower(
    rng: np.random.Generator, view: Picture, light: Light, left: int, wide: int, high: int, unit: int, depth: float
) -> None:
    rows, columns = max(4, high // unit), max(4, wide // unit)
    stone = mix((150, 156, 172), (188, 168, 150), float(rng.random()))
    wall = shade(light, rgb(stone) * np.ones((rows, columns, 1), np.float32), 0.45)
    glass = np.zeros((rows, columns), bool)
    glass[2:-1:2, 1:-1:2] = True
    wall[glass] = wall[glass] * 0.72 + rgb(light.sky) * 0.12
    seen = hazed(light, wall, depth)
    burning = glass & (rng.random((rows, columns)) < 0.45 * light.lamps)
    seen[burning] = rgb(scaled(LAMP, 0.86))
    grown = np.kron(picture(seen), np.ones((unit, unit, 1), np.uint8))
    over(view, np.ascontiguousarray(grown), left, view.shape[0] - grown.shape[0])


@dataclass(frozen=True)
class Layout:
    """Depths in metres, far to near: fronts, far kerb, near kerb."""

    fronts: float
    far_kerb: float
    near_kerb: float


def paint_road(rng: np.random.Generator, lens: Lens, light: Light, facing: float, layout: Layout) -> Plain:
    """Road and pavements up to the fronts."""
    albedo = rimed(rng, light, _road(rng, layout))
    middle = lens.eye * lens.focal / 11.0
    below = lens.height - lens.horizon
    split = int(np.clip(middle, below * 0.2, below * 0.6))
    steps = []
    for blur, top, bottom in (((7, 9), 0, split + below // 12), ((1, 1), split, below)):
        soft = cv2.blur(albedo, blur, borderType=cv2.BORDER_REFLECT)
        colour = shade(light, np.asarray(soft, np.float32), facing)
        steps.append(lay_band(lens, picture(colour), (TILE, DEPTH), top, bottom, below // 14 if top else 0))
    bands: tuple[Band, ...] = tuple(steps)
    return Plain(bands, *plain_haze(lens, light, edge=0.0), lens)


def paint_lane(rng: np.random.Generator, lens: Lens, light: Light, facing: float, layout: Layout) -> Plain:
    """Road and pavements in open country: beyond them grass, which goes over into what lies behind it."""
    below = lens.height - lens.horizon
    top, fade = int(lens.eye * lens.focal / (0.9 * DEPTH)), max(2, below // 20)
    texture = picture(shade(light, _verge(rng, layout, _road(rng, layout)), facing))
    band = lay_band(lens, texture, (TILE, DEPTH), top, below, fade)
    return Plain((band,), *plain_haze(lens, light, edge=0.0), lens, top + fade)


def _verge(rng: np.random.Generator, layout: Layout, road: Albedo) -> Albedo:
    """`road` with grass behind it."""
    z = (np.arange(TEXELS, dtype=np.float32) + 0.5)[:, None, None] * DEPTH / TEXELS
    grass = between((72, 122, 46), (150, 180, 80), tile2(rng, (TEXELS, TEXELS), (256, 128), 3, 0.9))
    return np.asarray(np.where(z > layout.fronts, grass, road), np.float32)


def _road(rng: np.random.Generator, layout: Layout) -> Albedo:
    """Albedo of the ground, row 0 at depth 0."""
    z = (np.arange(TEXELS, dtype=np.float32) + 0.5)[:, None] * DEPTH / TEXELS
    x = (np.arange(TEXELS, dtype=np.float32) + 0.5)[None, :] * TILE / TEXELS
    grit = tile2(rng, (TEXELS, TEXELS), (256, 256), 3, 0.8)
    stain = tile2(rng, (TEXELS, TEXELS), (16, 4), 4)
    tone = np.asarray(0.86 + 0.20 * (grit - 0.5) + 0.18 * stain, np.float32)
    beyond = np.maximum(z - layout.far_kerb, layout.near_kerb - z)[:, 0]
    joint = (np.mod(z, 0.8) < 0.07) | (np.mod(x, 0.8) < 0.03)
    slabs = np.where(joint, np.float32(0.78), np.float32(1)) * (np.float32(0.95) + np.float32(0.1) * _checks(rng))
    tone[beyond >= 0.24] *= slabs[beyond >= 0.24]
    hue = np.full((TEXELS, 2, 3), (98, 98, 106), np.float32)
    hue[np.abs(z[:, 0] - (layout.far_kerb + layout.near_kerb) / 2) < 0.13, 0] = 226, 222, 208
    hue[beyond > 0] = 182, 174, 166
    hue[(beyond > 0) & (beyond < 0.24)] = 206, 200, 192
    hue[(beyond < 0) & (beyond > -0.2)] *= 0.66
    halves = hue.transpose(2, 0, 1).repeat(TEXELS // 2, axis=2)
    return np.asarray(cv2.merge([part * tone for part in halves]), np.float32)


def _checks(rng: np.random.Generator) -> np.ndarray:
    """Slabs differ a little."""
    slabs = rng.random((int(DEPTH / 0.8), int(TILE / 0.8))).astype(np.float32)
    return np.asarray(cv2.resize(slabs, (TEXELS, TEXELS), interpolation=cv2.INTER_NEAREST))


IRON = ((0, 0.5, 0.13), (0.5, 0.62, 0.17), (0.62, 4.5, 0.055), (4.4, 4.5, 0.16), (5.0, 5.06, 0.25), (5.02, 5.2, 0.1))
"""Parts of a lamp's post: from and to what height, and half how wide, in metres."""


def paint_lamp(rng: np.random.Generator, lens: Lens, light: Light, z: float) -> Lamp:
    """A lamp at `z` metres and its likes along the kerb."""
    per_metre = lens.scale(z)
    strength = light.lamps * (1.0 if light.stars > 0.5 else 0.7)
    halo = glow(max(3, round(1.9 * per_metre)), scaled(LAMP, 0.62 * strength), 2.6)
    circle = glow(max(3, round(3.4 * per_metre)), scaled(LAMP, 0.50 * strength), 1.4)
    flat = max(3, round(circle.shape[0] * min(1.0, lens.eye / z)))
    pool = np.asarray(cv2.resize(circle, (circle.shape[1], flat), interpolation=cv2.INTER_AREA), np.uint8)
    first, period = float(rng.uniform(-5, 5)), float(rng.uniform(10, 13))
    return Lamp(_post(light, per_metre), halo, pool, light.lamps > 0, first, z, period, lens)


def _post(light: Light, per_metre: float) -> Picture:
    """Drawn at twice its size, then averaged down."""
    rows, columns, unit = round(POST * per_metre), max(6, round(0.9 * per_metre)), per_metre * 2
    post = np.zeros((rows * 2, columns * 2, 4), np.uint8)
    glass = mix(scaled(light.sky, 0.9), (255, 238, 196), min(1.0, light.lamps * 1.4))
    corners = [(-0.13, 0.70), (0.13, 0.70), (0.22, 0.2), (-0.22, 0.2)]
    lantern = np.array([(columns + x * unit, y * unit) for x, y in corners])
    cv2.fillConvexPoly(post, np.round(lantern).astype(np.int32), (*glass, 255), lineType=cv2.LINE_AA)
    iron = (rgb((58, 62, 66)) * (rgb(light.fill) + 0.5 * rgb(light.key))).tolist()
    for low, high, half in IRON:
        corner = round(columns - half * unit), round((POST - high) * unit)
        cv2.rectangle(post, corner, (round(columns + half * unit), round((POST - low) * unit)), (*iron, 255), -1)
    return np.asarray(cv2.resize(post, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)

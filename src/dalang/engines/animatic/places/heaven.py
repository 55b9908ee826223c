"""Among the clouds: a floor of cloud to a low horizon, towers of it in the distance, and wisps that go by."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, mix, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, lay, over, picture, slide, stamp
from dalang.engines.animatic.canvas.noise import generator, smoothstep, tile2
from dalang.engines.animatic.places.cumulus import WIDE, paint_cumulus
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Thing

BANKS = (
    (9.0, 0.03, 0.040, 0.55), (6.0, 0.13, 0.062, 0.38), (4.0, 0.30, 0.095, 0.22), (2.6, 0.56, 0.145, 0.10),
    (1.7, 0.92, 0.210, 0.0),
)  # fmt: skip
"""Ridges of the sea of clouds: distance in those of the nearest clouds; how far under the horizon, in parts of what is
under it; height in the frame's; and how much haze lies before it."""
TOWERS = ((7.0, 0.13, 0.42), (4.0, 0.22, 0.18))
"""The same of clouds that hang over it: distance, height and haze."""
WIND = 0.0022
"""Widths of the frame that the furthest clouds go in a second; nearer ones more."""


def heaven(scene: Set) -> list[Layer]:
    lens, light = scene.framing.lens, scene.light
    near = scene.framing.remote(4.0 * lens.nearest)
    below: list[Layer] = [sky(scene), _paint_air(lens, light)]
    if Thing.CLOUDS in scene.shot.without:
        return below
    stock = paint_stock(scene)
    towers = [_paint_row(generator(scene.seed, f"towers {number}"), scene, stock, number) for number in range(2)]
    banks = [_paint_bank(generator(scene.seed, f"bank {k}"), scene, stock, bank, near) for k, bank in enumerate(BANKS)]
    return [*below, *towers, *banks]


@dataclass(frozen=True)
class Air:
    """What lies under the camera where no cloud is."""

    view: Picture
    top: int

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        canvas[self.top :] = self.view


def _paint_air(lens: Lens, light: Light) -> Air:
    """Blue again, away from the horizon's haze."""
    rows = lens.height - lens.horizon
    part = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None] ** 0.6
    deep = rgb(mix(light.sky, light.zenith, 0.35)) * 0.9
    colour = rgb(light.horizon) + (deep - rgb(light.horizon)) * part
    return Air(picture(colour * np.ones((1, lens.width, 1), np.float32)), lens.horizon)


def paint_stock(scene: Set) -> tuple[Picture, ...]:
    """Clouds that banks and towers are made of, at their largest."""
    lens = scene.framing.lens
    rows = int(min(lens.height, lens.width * 0.75) * 0.30)
    return tuple(paint_cumulus(generator(scene.seed, f"cloud {k}"), scene.light, scene.sun, rows) for k in range(4))


@dataclass(frozen=True)
class Bank:
    """A ridge of the sea of clouds; it repeats after `period` columns."""

    view: Picture
    period: int
    row: float
    """Of its foot."""
    distance: float
    wind: float
    """Columns a second."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lens = self.lens
        grown = self.distance / (self.distance - pose.z)
        at = (pose.x * lens.scale(self.distance) + pose.turn - self.wind * time) % self.period
        foot = lens.horizon + (self.row - lens.horizon) * grown
        over(canvas, slide(self.view, at, lens.width), 0, round(foot) - self.view.shape[0])


def _paint_bank(
    rng: np.random.Generator, scene: Set, stock: tuple[Picture, ...], bank: tuple[float, ...], near: float
) -> Bank:
    """Heaps side by side, and the cloud they rise from."""
    lens, (far, down, high, veil) = scene.framing.lens, bank
    rows, period = max(8, round(high * lens.height)), round(1.4 * lens.width)
    foot = lens.horizon + down * (lens.height - lens.horizon)
    body = round(0.30 * (lens.height - lens.horizon)) + rows // 2
    view = np.zeros((rows * 2 + body, period + lens.width + 4, 4), np.uint8)
    _fill(view[rows * 2 - rows // 3 :], scene.light)
    count = max(5, round(period / (rows * 1.7)))
    for number in range(count):
        size = rows * float(rng.uniform(0.50, 1.35))
        cloud = stock[int(rng.integers(len(stock)))]
        shown = np.asarray(cv2.resize(cloud, (round(size * WIDE), round(size)), interpolation=cv2.INTER_AREA), np.uint8)
        x = round((number + float(rng.uniform(0, 0.7))) / count * period - size)
        top = rows * 2 + round(0.22 * rows) - shown.shape[0]
        for turn in range(-1, 3):
            lay(view, shown, x + turn * period, top)
    wind = WIND * lens.width * (1 if scene.sun[0] > 0 else -1) * min(4.0, BANKS[0][0] / far)
    return Bank(_veiled(view, scene.light, veil), period, foot + body - rows // 3, near * far, wind, lens)


def _fill(part: Picture, light: Light) -> None:
    """Cloud in its own shade, soft at its upper edge."""
    down = np.linspace(0, 1, len(part), dtype=np.float32)[:, None]
    shade, lit = rgb(light.cloud_shade), rgb(mix(light.cloud, light.cloud_shade, 0.80))
    colour = lit + (shade - lit) * smoothstep(0.0, 0.9, down)[..., None]
    cover = smoothstep(0.0, 0.34, down) * np.ones((1, part.shape[1]), np.float32)
    part[:] = picture(colour * np.ones((1, part.shape[1], 1), np.float32), cover)


def _veiled(view: Picture, light: Light, part: float) -> Picture:
    """`view` with `part` of the horizon's haze before it."""
    air = np.asarray((*mix(light.horizon, light.sky, 0.15), 255), np.uint16)
    veil = (view[..., 3:].astype(np.uint16) * air // 255).astype(np.uint8)
    return np.asarray(cv2.addWeighted(view, 1 - part, veil, part, 0), np.uint8)


@dataclass(frozen=True)
class Tower:
    """A cloud that stands on the floor of cloud; it comes round again out of the picture."""

    view: Picture
    column: float
    row: float
    distance: float
    period: float
    """Pixels."""
    wind: float
    """Pixels a second."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        aside = self.column - pose.x * self.lens.scale(self.distance) - pose.turn + self.wind * time
        x = np.mod(aside + self.period / 2, self.period) - self.period / 2
        grown = self.distance / (self.distance - pose.z)
        row = self.lens.horizon + (self.row - self.lens.horizon) * grown
        stamp(canvas, self.view, self.lens.middle + x * grown, row, grown)


@dataclass(frozen=True)
class Row:
    towers: tuple[Tower, ...]

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        for tower in self.towers:
            tower.draw(canvas, pose, time)


def _paint_row(rng: np.random.Generator, scene: Set, stock: tuple[Picture, ...], number: int) -> Row:
    """Clouds that hang in the air at one distance."""
    lens, (far, high, veil) = scene.framing.lens, TOWERS[number]
    distance, size = scene.framing.remote(4.0 * lens.nearest) * far, min(lens.height, lens.width * 0.75)
    views = []
    for cloud in stock[:3]:
        rows = round(size * high * float(rng.uniform(0.6, 1.2)))
        shown = cv2.resize(cloud, (round(rows * WIDE), rows), interpolation=cv2.INTER_AREA)
        views.append(_veiled(np.asarray(shown, np.uint8), scene.light, veil))
    period = lens.width * 1.2 + max(view.shape[1] for view in views)
    wind = WIND * lens.width * (1 + number) * (1 if scene.sun[0] > 0 else -1)
    towers = []
    for place in range(4):
        column = ((place + float(rng.uniform(0.1, 0.9))) / 4 - 0.5) * period
        row = lens.horizon * float(rng.uniform(0.45, 0.98) if number == 0 else rng.uniform(0.30, 0.85))
        towers.append(Tower(views[int(rng.integers(3))], column, row, distance, period, wind, lens))
    return Row(tuple(towers))


@dataclass(frozen=True)
class Wisp:
    """Cloud that passes between the camera and what flies."""

    view: Picture
    """Wider than the frame; repeats after `period`."""
    period: int
    top: int
    speed: float
    """Columns a second."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        at = (self.speed * time + pose.turn * 1.5) % self.period
        over(canvas, slide(self.view, at, self.lens.width), 0, self.top)


def paint_wisps(scene: Set) -> list[Layer]:
    """Thin cloud low in the frame that goes by against the way of what flies."""
    if Thing.CLOUDS in scene.shot.without:
        return []
    rng, lens, light = generator(scene.seed, "wisps"), scene.framing.lens, scene.light
    heading = scene.framing.stand.heading if scene.framing.stand else 1
    rows, period = int(lens.height * 0.34), 1024
    shape = tile2(rng, (128, period), (2, 4), 5, 0.5)
    field = np.asarray(cv2.resize(shape, (period, rows), interpolation=cv2.INTER_CUBIC), np.float32)
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    cover = smoothstep(0.58, 0.95, field) * np.sin(np.pi * np.clip(y * 1.02, 0, 1)) * 0.72
    colour = rgb(mix(light.cloud, light.cloud_shade, 0.25)) * np.ones((rows, period, 1), np.float32)
    strip = picture(colour, np.asarray(cover, np.float32))
    wide = np.tile(strip, (1, 1 + -(-(lens.width + 4) // period), 1))
    moving = scene.framing.stand is not None and scene.framing.stand.pace > 0
    speed = heading * lens.width * (0.22 if moving else 0.05)
    return [Wisp(wide, period, lens.height - int(rows * 0.86), speed, lens)]

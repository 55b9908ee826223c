"""A castle on its hill, seen over the parapet of a courtyard: towers, banners in the wind, mist, birds."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, hazed, lamplit, mix, rgb, scaled, shade
from dalang.engines.animatic.air.rime import rimed
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.flat import Flat, endless
from dalang.engines.animatic.canvas.noise import Field, generator, line, sample, smoothstep, tile, tile2
from dalang.engines.animatic.canvas.pigment import between, toward
from dalang.engines.animatic.places.banner import paint_banner, paint_birds
from dalang.engines.animatic.places.ground import TEXELS, Plain, lay_band, paint_plain, plain_haze
from dalang.engines.animatic.places.land import MEADOW_RANGES, paint_range, spare
from dalang.engines.animatic.places.masonry import STONE, Mason, Tower, mason
from dalang.engines.animatic.places.street import Fronts
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Place, Thing

AWAY = 420.0
"""Metres to the castle."""
HILL = 0.115
"""Of the frame's height, that the hill rises over the horizon."""
FOOT = 0.05
"""Of the frame's height, that the hill is painted down below the horizon."""
SILL = 0.70
"""Of the parapet's height, down to where its gaps reach."""
ROOFS: tuple[Colour, ...] = ((58, 86, 150), (150, 62, 56), (64, 110, 112), (92, 70, 128))
ARMS: tuple[tuple[Colour, Colour], ...] = (
    ((196, 32, 40), (246, 206, 84)), ((38, 70, 168), (240, 240, 244)),
    ((116, 40, 130), (248, 214, 110)), ((24, 120, 84), (246, 238, 220)),
)  # fmt: skip
BEHIND = (
    Tower(-0.30, 0.15, 0.62, 0.30), Tower(0.27, 0.13, 0.72, 0.30), Tower(0.02, 0.19, 0.90, 0.40),
    Tower(-0.52, 0.14, 0.46, 0.25), Tower(0.52, 0.15, 0.50, 0.27), Tower(-0.13, 0.10, 0.70, 0.24),
    Tower(0.38, 0.085, 0.60, 0.20),
)  # fmt: skip
BEFORE = (Tower(-0.94, 0.17, 0.34, 0.22), Tower(-0.40, 0.13, 0.30, 0.0), Tower(0.44, 0.13, 0.31, 0.0),
          Tower(0.94, 0.18, 0.33, 0.22))  # fmt: skip
"""The towers of the keep, and those of the outer wall."""


def paint_castle(scene: Set) -> list[Layer]:
    lens, framing, seed, without = scene.framing.lens, scene.framing, scene.seed, scene.shot.without
    light, chance, side = scene.light, generator(seed, "castle"), float(np.sign(scene.sun[0]))
    subject = framing.ground(5.0 * lens.level)
    tall = min(lens.eye, 1.1 * lens.level)
    parapet, grown = subject * 1.35 + 1.6 * tall, nearing(scene.shot.camera)
    distance, way = framing.remote(AWAY), int(chance.choice([-1, 1]))
    arms, roof = ARMS[chance.integers(len(ARMS))], ROOFS[chance.integers(len(ROOFS))]
    hold = Hold(lens, lens.width * (0.5 - side * float(chance.uniform(0.06, 0.16))), distance, framing.margin(distance))
    layers: list[Layer] = [sky(scene), *_mountains(scene), *_beyond(scene, parapet, tall)]
    layers += [hold.flat(_paint_hold(chance, hold, light, side, roof))]
    layers += [
        paint_banner(lens, light, arms, place, high, (0.0, 1.7 * high), 5.2, way) for place, high in hold.flags()
    ]
    if Thing.BIRDS not in without and light.stars < 0.5:
        layers.append(paint_birds(generator(seed, "birds"), lens, light))
    if Thing.FOG not in without:
        layers.append(_mist(generator(seed, "mist"), lens, light))
    layers += [
        _flags(generator(seed, "flags"), lens, light, float(scene.sun[1]), parapet),
        _parapet(generator(seed, "parapet"), lens, light, (parapet, tall), grown),
    ]
    high = 0.62 * tall
    wide = lens.width / lens.scale(parapet)
    place = (float(chance.uniform(0.26, 0.34)) * wide * -way, parapet * 0.999, 2.15 * tall)
    return [*layers, paint_banner(lens, light, arms, place, high, (0.72 * wide, place[2]), 4.1, way)]


def _beyond(scene: Set, parapet: float, tall: float) -> list[Layer]:
    """The land at the hill's foot, where the camera looks over a parapet `tall` metres high, or deep into its gaps."""
    lens = scene.framing.lens
    sill = lens.row(parapet) - lens.scale(parapet) * nearing(scene.shot.camera) * SILL * tall
    if tall == lens.eye and sill < lens.horizon + FOOT * lens.height:
        return []
    return [paint_plain(generator(scene.seed, "land"), lens, scene.light, Place.MEADOW, float(scene.sun[1]))]


def _mountains(scene: Set) -> list[Layer]:
    ridge, framing = MEADOW_RANGES[0], scene.framing
    if ridge.thing in scene.shot.without:
        return []
    distance = framing.remote(ridge.near * 2)
    shown = spare(ridge, scene.shot.without)
    rng = generator(scene.seed, "range 0")
    return [paint_range(rng, framing.lens, scene.light, scene.sun, shown, distance, framing.margin(distance))]


@dataclass(frozen=True)
class Hold:
    """Where the castle stands in the picture."""

    lens: Lens
    column: float
    distance: float
    margin: int

    @property
    def unit(self) -> float:
        """Pixels a unit of the castle: its towers reach 1.3 units up, its walls one to each side."""
        return min(0.315 * self.lens.height, 0.40 * self.lens.width)

    @property
    def base(self) -> float:
        """Row on which it stands."""
        return self.lens.horizon - HILL * self.lens.height

    @property
    def top(self) -> int:
        return max(0, round(self.base - 1.4 * self.unit))

    @property
    def rows(self) -> int:
        return self.lens.horizon + round(self.lens.height * FOOT) - self.top

    def flat(self, view: Picture) -> Flat:
        low = (self.lens.row(self.distance) - self.top - view.shape[0]) / self.lens.scale(self.distance)
        return Flat(view, 0.0, self.distance, low, self.lens)

    def flags(self) -> list[tuple[tuple[float, float, float], float]]:
        """Places (x, z, upper edge, metres) and heights of the banners on the highest roofs."""
        per_metre = self.lens.scale(self.distance)
        found = []
        for tower in (BEHIND[2], BEHIND[1], BEHIND[0]):
            x = (self.column + tower.x * self.unit - self.lens.middle) / per_metre
            row = self.base - (tower.high + tower.roof + 0.075) * self.unit
            found.append(
                ((x, self.distance, (self.lens.row(self.distance) - row) / per_metre), 0.055 * self.unit / per_metre)
            )
        return found


def _paint_hold(rng: np.random.Generator, hold: Hold, light: Light, side: float, roof: Colour) -> Picture:
    """The hill and the castle on it."""
    columns = hold.lens.width + 2 * hold.margin
    view = np.zeros((hold.rows, columns, 4), np.uint8)
    wide, high = round(hold.unit * 2.5), round(hold.unit * 1.42)
    stones = mason(rng, (wide, high), hold.unit, lamplit(light), side, roof)
    _build(rng, stones, light)
    walls = _veiled(stones.done(), light, min(hold.distance * 2.2, 0.5 * light.visibility + 40))
    left = round(hold.column + hold.margin - wide / 2)
    over(view, _hill(rng, hold, light, side, columns), 0, 0)
    over(view, walls, left, round(hold.base - hold.top + 0.03 * hold.unit) - high)
    over(view, _brow(rng, hold, light, columns), 0, 0)
    return view


def _veiled(view: Picture, light: Light, distance: float) -> Picture:
    cover = view[..., 3:].astype(np.float32) / 255
    clear = hazed(light, np.zeros(3, np.float32), distance)[0] / light.haze[0]
    return np.dstack([(view[..., :3] * (1 - clear) + rgb(light.haze) * clear * cover).astype(np.uint8), view[..., 3]])


def _build(rng: np.random.Generator, stones: Mason, light: Light) -> None:
    for tower in sorted(BEHIND, key=lambda tower: -tower.high):
        stones.tower(tower)
        _windows(rng, stones, tower, light)
    stones.wall(-0.42, 0.40, 0.0, 0.44, 0.52)
    stones.battlements(-0.42, 0.40, 0.44, 0.026, 0.52)
    for number in range(7):
        stones.opening(-0.35 + 0.115 * number, 0.335, 0.026, 0.05, _burning(rng, light))
    stones.wall(-0.94, 0.94, 0.0, 0.20, 0.40)
    stones.battlements(-0.94, 0.94, 0.20, 0.028, 0.40)
    for tower in BEFORE:
        stones.tower(tower)
        _windows(rng, stones, tower, light)
    stones.wall(-0.11, 0.13, 0.0, 0.30, 0.56)
    stones.battlements(-0.11, 0.13, 0.30, 0.03, 0.56)
    stones.opening(0.01, 0.0, 0.10, 0.13, 0.75 * light.lamps)


def _windows(rng: np.random.Generator, stones: Mason, tower: Tower, light: Light) -> None:
    for level in np.arange(0.30, tower.high - 0.08, 0.115):
        stones.opening(
            tower.x + float(rng.uniform(-0.2, 0.2)) * tower.wide, float(level), 0.020, 0.040, _burning(rng, light)
        )


def _burning(rng: np.random.Generator, light: Light) -> float:
    return float(rng.uniform(0.7, 1.0)) * min(1.0, light.lamps * 1.1) if rng.random() < 0.7 else 0.0


def _profile(rng: np.random.Generator, hold: Hold, columns: int) -> Field:
    """Rows, in the view, of the hill's edge by column."""
    x = np.arange(columns, dtype=np.float32) - hold.margin - hold.column
    away = np.abs(x) / (1.18 * hold.unit)
    high = HILL * hold.lens.height
    rise = 1 / (1 + np.maximum(away - 0.55, 0) ** 2 * 2.2)
    ragged = (line(rng, columns, 9, 6) - 0.5) * 0.30 * smoothstep(0.6, 1.2, away)
    return np.asarray(hold.base - hold.top + high * (1 - rise * (1 + ragged) + 0.02), np.float32)


def _hill(rng: np.random.Generator, hold: Hold, light: Light, side: float, columns: int) -> Picture:
    edge = _profile(rng, hold, columns)
    y = np.arange(hold.rows, dtype=np.float32)[:, None]
    noise, size = tile(rng, 512, 16, 5, 0.62), 1000 / hold.lens.height
    x = np.arange(columns, dtype=np.float32)[None, :] * size + np.zeros_like(y)
    down = y * size * 1.9 + np.zeros_like(x)
    woods = sample(noise, x, down)
    facing = np.clip(0.42 + (woods - sample(noise, x + side * 3, down - 2.2 * size)) * 3.4, 0, 1)
    deep = smoothstep(0.0, HILL * hold.lens.height, y - edge[None, :])
    rock = smoothstep(0.55, 0.85, 1 - deep + (woods - 0.5) * 0.7) * 0.8
    green = rgb((62, 98, 50)) + (rgb((122, 148, 76)) - rgb((62, 98, 50))) * woods[..., None]
    albedo = green + (rgb((150, 140, 128)) - green) * rock[..., None]
    colour = hazed(light, shade(light, albedo * 0.92, facing), hold.distance * (3.6 - 1.8 * deep))
    return picture(colour, np.clip(y - edge[None, :] + 0.5, 0, 1))


def _brow(rng: np.random.Generator, hold: Hold, light: Light, columns: int) -> Picture:
    """Trees before the foot of the walls."""
    view = np.zeros((hold.rows, columns, 4), np.uint8)
    foot = hold.base - hold.top + 0.045 * hold.unit
    for _ in range(260):
        away = float(rng.normal(0, 0.75))
        if abs(away - 0.01) < 0.09 or abs(away) > 1.5:
            continue
        x = hold.column + hold.margin + away * hold.unit
        size = hold.unit * float(rng.uniform(0.008, 0.022))
        y = foot + max(0.0, abs(away) - 0.9) * 0.10 * hold.unit + float(rng.uniform(-0.5, 2.2)) * size
        tone = shade(light, rgb(scaled((70, 104, 56), float(rng.uniform(0.55, 1.05)))), 0.35)
        shown = hazed(light, tone, hold.distance * 2.4).reshape(-1)
        colour = (*np.clip(shown, 0, 255).tolist(), 255)
        tall = size * float(rng.uniform(0.9, 1.7))
        cv2.ellipse(view, (round(x * 8), round(y * 8)), (round(size * 8), round(tall * 8)), 0, 0, 360, colour, -1,
                    cv2.LINE_AA, 3)  # fmt: skip
    return view


@dataclass(frozen=True)
class Mist:
    """Two banks of mist that drift against each other."""

    banks: tuple[tuple[Picture, int, float], ...]
    """Each: a view that repeats, the row of its top, pixels a second."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        width = self.lens.width
        for view, row, speed in self.banks:
            aside = pose.turn + self.lens.focal * pose.x / (AWAY * 0.6) + speed * time
            over(canvas, slide(view, aside % (view.shape[1] - width - 2), width), 0, row)


def _mist(rng: np.random.Generator, lens: Lens, light: Light) -> Mist:
    banks = []
    for row, high, thick, speed in ((0.055, 0.13, 0.75, 0.010), (0.00, 0.10, 0.95, -0.016)):
        rows = round(lens.height * high)
        cloud = tile2(rng, (128, 512), (4, 4), 5, 0.55)
        wide = cv2.resize(cloud, (lens.width, rows), interpolation=cv2.INTER_CUBIC)
        y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
        cover = np.clip(wide * 1.7 - 0.35, 0, 1) * np.exp(-((y / 0.55) ** 2) * 1.3) * thick
        one = picture(rgb(mix(light.haze, light.horizon, 0.4)) * np.ones((rows, lens.width, 1), np.float32), cover)
        view = np.ascontiguousarray(np.hstack([one, one, one[:, :2]]))
        banks.append((view, round(lens.horizon - (row + high / 2) * lens.height), speed * lens.width))
    return Mist(tuple(banks), lens)


def _flags(rng: np.random.Generator, lens: Lens, light: Light, facing: float, back: float) -> Plain:
    """The courtyard's flagstones, in uneven courses with grass in the joints."""
    size = max(0.12, lens.level / 1.6)
    wide, deep = 5.6 * size, 22.4 * size
    x = (np.arange(TEXELS, dtype=np.float32) + 0.5)[None, :] * 8 / TEXELS
    z = (np.arange(TEXELS, dtype=np.float32) + 0.5)[:, None] * 32 / TEXELS
    bend = (tile2(rng, (TEXELS, TEXELS), (16, 4), 3) - 0.5) * 0.16
    row = np.floor(z + bend).astype(np.int32) & 31
    along = x + bend + np.float32(0.5) * (row & 1).astype(np.float32)
    slab = np.floor(along).astype(np.int32) & 7
    tone = rng.uniform(0.74, 1.08, (32, 8)).astype(np.float32)[row, slab]
    rim = np.minimum(np.abs(along - np.round(along)), np.abs(z + bend - np.round(z + bend)) * 0.75)
    joint = smoothstep(0.055, 0.012, np.asarray(rim, np.float32))
    grit = tile(rng, TEXELS, 64, 5, 0.7)
    moss = smoothstep(0.55, 0.75, tile2(rng, (TEXELS, TEXELS), (32, 8), 4))
    stone = between((0, 0, 0), (176, 168, 156), tone * (0.76 + 0.40 * grit))
    albedo = rimed(rng, light, toward(stone, between((74, 70, 62), (82, 104, 52), moss), joint))
    below, top = lens.height - lens.horizon, max(0, round(lens.row(back * 1.4)) - lens.horizon)
    split, near = round(top + (below - top) * 0.40), picture(shade(light, albedo, facing))
    far = np.asarray(cv2.blur(near, (5, 9), borderType=cv2.BORDER_REFLECT), np.uint8)
    bands = (
        lay_band(lens, far, (wide, deep), top, split + below // 10, 0),
        lay_band(lens, near, (wide, deep), split, below, below // 10),
    )
    return Plain(bands, *plain_haze(lens, light, edge=0.0), lens, top)


def _parapet(rng: np.random.Generator, lens: Lens, light: Light, stands: tuple[float, float], grown: float) -> Fronts:
    """A low wall with merlons; metres away, and high: as the eye, unless that looks over it."""
    distance, tall = stands
    scale = lens.scale(distance) * grown * tall
    columns, rows, block = round(scale * 5.2), round(scale * 1.06), scale * 0.155
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[::-1][:, None]
    course = np.floor(y / block).astype(np.int64)
    count = max(2, round(columns / block / 2.1))
    along = x / columns * count + 0.5 * (course % 2)
    number = np.floor(along).astype(np.int64) % count
    tone = rng.uniform(0.80, 1.10, (64, count)).astype(np.float32)[course % 64, number]
    rim = np.minimum(np.abs(along - np.round(along)) * 2.1, np.abs(y / block - np.round(y / block)))
    grit = cv2.resize(tile(rng, 256, 16, 5, 0.7), (columns, rows), interpolation=cv2.INTER_LINEAR)
    joint = smoothstep(0.09, 0.03, np.asarray(rim, np.float32))
    up = y / rows
    albedo = (
        rgb(STONE)
        * (tone * (0.66 + 0.42 * grit) * (1 - 0.45 * joint) * (0.46 + 0.54 * smoothstep(-0.1, 0.45, up)))[..., None]
        * 0.86
    )
    colour = shade(light, np.asarray(albedo, np.float32), 0.42)
    gap = np.abs(np.mod(x / columns * 4, 1) - 0.5) < 0.17
    crenel = gap & (up > SILL)
    lip = (up > 0.955) | (gap & (up > 0.655))
    colour = np.where(lip[..., None], colour * 1.28, colour)
    return endless(picture(colour, 1 - crenel.astype(np.float32)), lens, distance, grown)

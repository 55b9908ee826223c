"""Space: stars in three depths, a nebula, a planet that turns under its air, and a moon. There is no ground."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import Field, generator, smoothstep, stretch, tile, tile2
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing, Time

SUNS: dict[Time, Colour] = {
    Time.DAWN: (255, 226, 196), Time.DAY: (255, 252, 244), Time.DUSK: (255, 206, 158), Time.NIGHT: (216, 228, 255),
}  # fmt: skip
PHASES = {Time.DAWN: 96.0, Time.DAY: 52.0, Time.DUSK: 106.0, Time.NIGHT: 128.0}
"""Degrees between the camera and the sun, seen from the planet: how thin its lit part is."""
NEBULAE: tuple[tuple[Colour, Colour], ...] = (
    ((120, 40, 150), (30, 110, 190)), ((170, 60, 70), (60, 60, 170)), ((30, 130, 130), (110, 60, 180)),
)  # fmt: skip
PERIOD = 1024
"""Columns after which the texture of a planet comes round."""
TURN = 5.0
"""Columns a second that a planet turns."""
WORLDS: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((18, 62, 130), (86, 124, 72), (206, 182, 128), (110, 180, 255)),
    ((150, 92, 62), (196, 128, 82), (232, 184, 136), (255, 188, 140)),
    ((32, 96, 112), (70, 150, 140), (190, 220, 190), (130, 240, 220)),
)
"""Low, middle and high ground, and the air, of each kind of planet; the first has seas."""


def sunlit(light: Light) -> Light:
    """`light` where no air spreads it: hard and white from one side, a little from the planet on the other."""
    sun = mix(light.sun, (255, 252, 244), 0.6)
    return replace(light, fill=(0.34, 0.38, 0.48), key=(0.98, 0.94, 0.88), sun=sun, glow=1.25)


def space(scene: Set) -> list[Layer]:
    """From far to near: the deep sky, two drifts of nearer stars, the planet and its moon."""
    lens, without = scene.framing.lens, scene.shot.without
    layers: list[Layer] = [_paint_deep(scene)]
    if Thing.STARS not in without:
        layers += [_paint_drift(scene, number) for number in range(len(DRIFTS))]
    rng = generator(scene.seed, "planet")
    side = -1.0 if scene.sun_x > lens.middle else 1.0
    moon = [] if Thing.MOON in without else [_paint_moon(scene, side)]
    return [*layers, *moon, paint_planet(rng, scene, side)]


@dataclass(frozen=True)
class Deep:
    """Stars too far to shift but by turning, and the gas between them."""

    view: Picture
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        rest = (self.view.shape[1] - self.lens.width) / 2 + pose.turn + time * 0.9
        canvas[:] = slide(self.view, rest, self.lens.width)


def _paint_deep(scene: Set) -> Deep:
    lens, rng = scene.framing.lens, generator(scene.seed, "deep")
    columns = lens.width + 2 * (int(scene.framing.path.turn) + 12 + int(scene.shot.duration))
    colour = _nebula(rng, lens.height, columns)
    if Thing.STARS not in scene.shot.without:
        colour += _stars(rng, lens.height, columns, lens.height / 720)
    if Thing.SUN not in scene.shot.without:
        _add_sun(colour, scene, (columns - lens.width) / 2)
    colour += rng.random((lens.height, columns, 1), np.float32) * 1.6 - 0.8
    return Deep(picture(colour), lens)


def _nebula(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    """Two colours of gas along a band, cut by dark lanes; worked out small, gas being soft."""
    small = (-(-columns // 4), -(-rows // 4))
    one, other = NEBULAE[rng.integers(len(NEBULAE))]
    y, x = np.mgrid[: small[1], : small[0]].astype(np.float32) / max(small)
    slope = float(rng.uniform(-0.5, 0.5))
    along = (y - 0.5 * small[1] / max(small)) - slope * (x - 0.5 * small[0] / max(small))
    cloud, lanes, tint = (_shrunk(tile(rng, 512, cells, 6, 0.55), small) for cells in (4, 4, 2))
    band = np.exp(-(((along + (cloud - 0.5) * 0.22) / 0.16) ** 2))
    dark = smoothstep(0.46, 0.66, lanes)
    glow = band * (0.25 + 1.1 * smoothstep(0.35, 0.9, cloud)) * (1 - 0.75 * dark)
    gas = rgb(one) + (rgb(other) - rgb(one)) * smoothstep(0.3, 0.7, tint)[..., None]
    colour = rgb((5, 7, 16)) + gas * 0.62 * glow[..., None] + 60 * (glow**3)[..., None]
    return np.asarray(
        cv2.resize(np.asarray(colour, np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32
    )


def _shrunk(field: Field, size: tuple[int, int]) -> Field:
    return np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_AREA), np.float32)


def _stars(rng: np.random.Generator, rows: int, columns: int, unit: float) -> NDArray[np.float32]:
    """Very many faint ones and a few bright, each a little blue, white or amber."""
    field = np.zeros((rows, columns, 3), np.float32)
    count = int(rows * columns / (420 * unit * unit))
    y, x = rng.integers(0, rows, count), rng.integers(0, columns, count)
    warmth = rng.random((count, 1), np.float32)
    tint = rgb((190, 212, 255)) + (rgb((255, 226, 196)) - rgb((190, 212, 255))) * warmth
    field[y, x] = tint * (0.14 + 1.1 * rng.random((count, 1), np.float32) ** 7) * 3.4
    return np.asarray(cv2.GaussianBlur(field, (0, 0), max(0.45, 0.55 * unit)), np.float32)


def _add_sun(colour: NDArray[np.float32], scene: Set, margin: float) -> None:
    """The sun itself, in `colour`, with a wide faint glow and a cross of rays as a lens makes it."""
    lens, sun = scene.framing.lens, rgb(SUNS[scene.shot.time])
    size = min(lens.width, lens.height)
    x = (np.arange(colour.shape[1], dtype=np.float32) - margin - scene.sun_x)[None, :] / size
    y = (np.arange(colour.shape[0], dtype=np.float32) - 0.20 * lens.height)[:, None] / size
    away = np.hypot(x, y)
    light = np.clip((0.022 - away) * 260, 0, 1) + 0.75 * np.exp(-away * 18) + 0.20 * np.exp(-away * 4.5)
    light += 0.5 * np.exp(-np.abs(y) * 420 - np.abs(x) * 7) + 0.35 * np.exp(-np.abs(x) * 420 - np.abs(y) * 9)
    colour += sun * np.asarray(light, np.float32)[..., None]


DRIFTS = ((0.06, 60, 1.0), (0.16, 22, 1.7))
"""Widths of the frame that each drift of nearer stars passes in ten seconds, how many they are, and how large."""


@dataclass(frozen=True)
class Drift:
    """Nearer stars, which pass by; they repeat after the frame's own size."""

    view: Picture
    """Two frames wide."""
    speed: float
    """Columns a second."""
    near: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        width = canvas.shape[1]
        at = (self.speed * time + pose.turn * self.near) % width
        cv2.add(canvas, slide(self.view, at, width), dst=canvas)


def _paint_drift(scene: Set, number: int) -> Drift:
    passing, count, size = DRIFTS[number]
    rng, lens = generator(scene.seed, f"drift {number}"), scene.framing.lens
    view = np.zeros((lens.height, lens.width, 4), np.uint8)
    for _ in range(count):
        x, y = rng.integers(8, lens.width - 8), rng.integers(8, lens.height - 8)
        radius = size * lens.height / 720 * float(rng.uniform(0.5, 1.1))
        tone = (*(rgb((220, 230, 255)) * float(rng.uniform(0.4, 1.0))).tolist(), 0)
        cv2.circle(view, (int(x) * 16, int(y) * 16), max(8, round(radius * 16)), tone, -1, cv2.LINE_AA, 4)
    soft = np.asarray(cv2.GaussianBlur(view, (0, 0), 0.7 * size * lens.height / 720), np.uint8)
    ahead = -scene.framing.stand.heading if scene.framing.stand else 1
    twice = np.tile(np.clip(soft.astype(np.float32) * 1.5, 0, 255).astype(np.uint8), (1, 2, 1))
    wide = np.concatenate([twice, twice[:, :2]], axis=1)
    return Drift(wide, -ahead * passing * lens.width / 10, 1.0 + 0.2 * number)


@dataclass(frozen=True)
class Planet:
    """A turning ball: its texture looked up where a sphere shows it, in a light worked out once."""

    ground: Picture
    """Albedo, PERIOD + 1 columns; the last repeats the first."""
    at_x: Field
    at_y: Field
    light: Picture
    cover: Picture
    """Its disc and its air as they lie on the stars: the air's light, and how much it hides."""
    left: int
    top: int
    near: float
    """How much of the camera's turning it shows."""
    speed: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        column = np.mod(self.at_x + np.float32(time * self.speed), np.float32(PERIOD)).astype(np.float32)
        face = cv2.remap(self.ground, column, self.at_y, cv2.INTER_LINEAR)
        lit = np.asarray(cv2.add(cv2.multiply(face, self.light, scale=1 / 255), self.cover), np.uint8)
        grown = 1 + 0.012 * pose.z
        x, y = round(self.left - pose.turn * self.near), self.top
        if abs(grown - 1) > 0.002:
            lit, x, y = _grown(lit, grown, x, y)
        over(canvas, lit, x, y)


def _grown(view: Picture, scale: float, x: int, y: int) -> tuple[Picture, int, int]:
    size = (round(view.shape[1] * scale), round(view.shape[0] * scale))
    shift = (size[0] - view.shape[1]) // 2, (size[1] - view.shape[0]) // 2
    return np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_LINEAR), np.uint8), x - shift[0], y - shift[1]


def paint_planet(rng: np.random.Generator, scene: Set, side: float) -> Planet:
    """A planet that fills a lower corner on the `side` (-1 left, 1 right) away from the sun."""
    lens = scene.framing.lens
    radius = float(rng.uniform(0.58, 0.70)) * min(lens.height, 1.15 * lens.width)
    middle = (
        lens.middle + side * lens.width * float(rng.uniform(0.24, 0.34)),
        lens.height * float(rng.uniform(0.98, 1.08)),
    )
    world = WORLDS[int(rng.choice(len(WORLDS), p=(0.6, 0.2, 0.2)))]
    ground = _surface(rng, world, seas=world is WORLDS[0], clouds=Thing.CLOUDS not in scene.shot.without)
    return _ball(ground, world[3], radius, middle, scene, -side)


def _paint_moon(scene: Set, side: float) -> Planet:
    """A small grey one, higher, on the other side of the planet."""
    rng, lens = generator(scene.seed, "moon"), scene.framing.lens
    radius = float(rng.uniform(0.055, 0.085)) * min(lens.width, lens.height)
    middle = (
        lens.middle + side * lens.width * float(rng.uniform(0.26, 0.38)),
        lens.height * float(rng.uniform(0.12, 0.20)),
    )
    relief = stretch(tile2(rng, (512, PERIOD), (8, 16), 6, 0.62))
    ground = picture((70 + 150 * smoothstep(0.1, 0.9, relief))[..., None] * rgb((1.0, 0.98, 0.94)))
    wrapped = np.asarray(cv2.copyMakeBorder(ground, 0, 0, 0, 1, cv2.BORDER_WRAP), np.uint8)
    return _ball(wrapped, (0, 0, 0), radius, middle, scene, -side)


def _surface(rng: np.random.Generator, world: tuple[Colour, ...], seas: bool, clouds: bool) -> Picture:
    """Albedo on a map of 512 rows from pole to pole."""
    low, middle, high, _ = (rgb(colour) for colour in world)
    land = tile2(rng, (512, PERIOD), (4, 8), 7, 0.56)
    fine = tile2(rng, (512, PERIOD), (16, 32), 4, 0.6)
    rise = land + (fine - 0.5) * 0.10
    shore = smoothstep(0.55, 0.565, rise) if seas else smoothstep(0.2, 0.6, rise)
    colour = low + (middle * (0.8 + 0.4 * fine[..., None]) - low) * shore[..., None]
    colour += (high - colour) * (smoothstep(0.62, 0.86, rise) * 0.9)[..., None]
    pole = np.abs(np.linspace(-1, 1, 512, dtype=np.float32))[:, None] + (land - 0.5) * 0.16
    colour += (rgb((240, 246, 252)) - colour) * smoothstep(0.90, 0.94, pole)[..., None]
    if clouds:
        colour += (rgb((250, 252, 255)) - colour) * _weather(rng)[..., None]
    return np.asarray(cv2.copyMakeBorder(picture(colour), 0, 0, 0, 1, cv2.BORDER_WRAP), np.uint8)


def _weather(rng: np.random.Generator) -> Field:
    """How much cloud lies where: swirls drawn out along the winds."""
    field, bend = tile2(rng, (512, PERIOD), (8, 8), 6, 0.58), tile2(rng, (512, PERIOD), (4, 4), 3)
    y, x = np.mgrid[:512, :PERIOD].astype(np.float32)
    at_x, at_y = np.mod(x + bend * 90, PERIOD - 1), np.clip(y + (bend - 0.5) * 60, 0, 511)
    swirled = np.asarray(cv2.remap(field, at_x, at_y, cv2.INTER_LINEAR), np.float32)
    return np.asarray(0.88 * smoothstep(0.50, 0.78, swirled), np.float32)


def _ball(
    ground: Picture, air: Colour, radius: float, middle: tuple[float, float], scene: Set, toward: float
) -> Planet:
    """A ball at `middle` (pixels), lit from the side of `toward`; what cannot come into the frame is not worked out."""
    lens, turn = scene.framing.lens, int(scene.framing.path.turn) + 24
    reach = radius * (1.16 if any(air) else 1.02)
    left, right = max(-turn, int(middle[0] - reach)), min(lens.width + turn, int(middle[0] + reach) + 1)
    top, bottom = max(0, int(middle[1] - reach)), min(lens.height + 24, int(middle[1] + reach) + 1)
    x = (np.arange(left, right, dtype=np.float32)[None, :] - middle[0]) / radius
    y = (middle[1] - np.arange(top, bottom, dtype=np.float32)[:, None]) / radius
    away = np.asarray(np.hypot(x, y), np.float32)
    front = np.sqrt(np.clip(1 - away**2, 1e-4, 1))
    tilted_x, raised_y = x * 0.94 + y * 0.34, y * 0.94 - x * 0.34
    tilted_y, depth = raised_y * 0.82 - front * 0.57, front * 0.82 + raised_y * 0.57
    at_x = np.arctan2(tilted_x, depth) / (2 * math.pi) * PERIOD + 256
    at_y = np.clip(0.5 - np.arcsin(np.clip(tilted_y, -1, 1)) / math.pi, 0, 1) * (ground.shape[0] - 1)
    light, cover = _shine(scene, air, (x, y, front), away, radius, toward)
    return Planet(
        ground, np.asarray(at_x, np.float32), np.asarray(at_y, np.float32), light, cover, left, top, 0.92, TURN
    )


def _shine(
    scene: Set, air: Colour, normal: tuple[Field, Field, Field], away: Field, radius: float, toward: float
) -> tuple[Picture, Picture]:
    """What the sun does to each pixel of a ball, and its air: bright at the lit limb, a thin line all round."""
    angle, sun = math.radians(PHASES[scene.shot.time]), rgb(SUNS[scene.shot.time])
    x, y, front = normal
    facing = (x * 0.62 * toward + y * 0.78) * math.sin(angle) + front * math.cos(angle)
    lit = smoothstep(-0.06, 0.40, facing) * 0.92 + 0.035
    inside = np.clip((1 - away) * radius + 0.5, 0, 1)
    warm = np.exp(-(((facing - 0.04) / 0.10) ** 2))[..., None] * rgb((60, 14, -20))
    light = (sun * lit[..., None] + (warm if any(air) else 0)) * inside[..., None]
    alpha = inside
    cover = np.zeros((*away.shape, 3), np.float32)
    if any(air):
        halo = np.where(away > 1, np.exp(-np.maximum(away - 1, 0) * 34), 0.05 + 0.80 * np.clip(away, 0, 1) ** 12)
        bright = halo * smoothstep(-0.30, 0.45, facing)
        cover = rgb(air) * bright[..., None] * (0.85 + 0.35 * sun / 255)
        alpha = np.maximum(inside, np.clip(bright, 0, 1) * 0.5)
    shaded = np.dstack([np.clip(light, 0, 255), np.zeros_like(away)]).astype(np.uint8)
    return shaded, np.dstack([np.clip(cover, 0, 255), alpha * 255]).astype(np.uint8)

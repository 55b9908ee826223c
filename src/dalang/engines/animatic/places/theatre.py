"""A theatre seen from the stalls: boards, curtains, spotlights whose beams show in the haze, a dark house before it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import CLEAREST, Colour, Light, rgb, scaled, shade
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.composite import Picture, add, glow, picture, stamp
from dalang.engines.animatic.canvas.flat import Flat, endless
from dalang.engines.animatic.canvas.noise import Field, generator, smoothstep, tile, tile2
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.places.ground import TEXELS, Plain, lay_band, plain_haze
from dalang.engines.animatic.places.street import Fronts
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing

VELVETS: tuple[Colour, ...] = ((158, 16, 28), (136, 12, 40), (166, 26, 24), (34, 46, 138), (98, 22, 104))
GELS: tuple[tuple[Colour, Colour], ...] = (
    ((255, 92, 150), (84, 120, 255)), ((255, 150, 60), (150, 70, 255)),
    ((70, 220, 255), (255, 70, 190)), ((255, 190, 90), (60, 150, 255)),
)  # fmt: skip
"""Colours of the two washes that come and go."""
GOLD: Colour = (212, 166, 74)
CLOTH = 9.0
"""Metres after which the back curtain repeats."""
BOARD = 0.24
"""Metres a board of the floor is wide."""
COARSE = 4
"""Beams are drawn this many times smaller: they are soft."""


def stagelit(light: Light) -> Light:
    """What falls on a stage whatever the hour, with the spotlights for a sun."""
    dim = 0.75 + 0.25 * float(np.mean(light.fill)) / 0.5
    return replace(
        light, key=(0.92, 0.80, 0.66), fill=scaled((0.30, 0.26, 0.36), dim), haze=(34, 26, 44), sun=(255, 236, 200),
        visibility=CLEAREST, lamps=1.0, glow=1.0,
    )  # fmt: skip


def paint_theatre(scene: Set) -> list[Layer]:
    lens, stand, seed = scene.framing.lens, scene.framing.stand, scene.seed
    light, chance = stagelit(scene.light), generator(seed, "theatre")
    velvet, gels = VELVETS[chance.integers(len(VELVETS))], GELS[chance.integers(len(GELS))]
    subject = scene.framing.ground(5.0 * lens.level)
    back, grown = subject * 1.5 + 1.0, nearing(scene.shot.camera)
    layers: list[Layer] = [
        # Behind the curtain too: its foot moves up and down as the camera goes away and comes.
        _boards(generator(seed, "boards"), lens, light, back * 1.4),
        _curtain(generator(seed, "curtain"), lens, light, velvet, back, grown),
        _washes(lens, gels),
    ]
    if Thing.LIGHTS not in scene.shot.without:
        layers.append(_beams(generator(seed, "beams"), scene, subject, stand, gels))
    return [*layers, *_proscenium(generator(seed, "house"), lens, light, velvet, subject * 0.8, grown)]


def folds(rng: np.random.Generator, columns: int, count: int) -> Field:
    """How squarely the folds of a cloth face the light, 0..1, along a line that goes on where it began."""
    at = np.linspace(0, 2 * np.pi, columns, endpoint=False, dtype=np.float32)
    bend = 0.55 * np.sin(at * 3 + rng.uniform(0, 6)) + 0.35 * np.sin(at * 7 + rng.uniform(0, 6))
    wave = np.sin(at * count + bend * 2.2)
    deep = 0.5 + 0.5 * np.sin(at * 5 + rng.uniform(0, 6))
    return np.asarray(np.clip(0.5 + 0.5 * wave * (0.55 + 0.45 * deep), 0, 1) ** 1.4, np.float32)


def _curtain(
    rng: np.random.Generator, lens: Lens, light: Light, velvet: Colour, distance: float, grown: float
) -> Fronts:
    scale = lens.scale(distance) * grown
    columns, rows = round(CLOTH * scale * _fit(lens, distance)), round(lens.row(distance) * grown * 1.3)
    face = folds(rng, columns, 26)
    nap = cv2.resize(tile(rng, 256, 32, 3, 0.7), (columns, rows), interpolation=cv2.INTER_LINEAR)
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    lightness = (0.16 + 0.30 * smoothstep(0.1, 0.9, down)) * (0.85 + 0.3 * nap)
    albedo = rgb(velvet) * (face[None, :] * lightness * 2.1 + 0.07)[..., None]
    sheen = (face[None, :] ** 5 * down * 34)[..., None] * rgb((1.0, 0.82, 0.7))
    colour = albedo * (rgb(light.fill) + 0.75 * rgb(light.key)) + sheen
    hem = slice(int(rows * 0.985), rows)
    colour[hem] = colour[hem] * 0.3
    return endless(picture(colour), lens, distance, grown)


def _fit(lens: Lens, distance: float) -> float:
    """How much larger a curtain's folds are where a large thing stands before it, or smaller."""
    return max(0.2, lens.width / lens.scale(distance) / CLOTH)


def _boards(rng: np.random.Generator, lens: Lens, light: Light, back: float) -> Plain:
    size = max(0.15, lens.level / 1.6)
    wide, deep = 16 * BOARD * size, 14.0 * size
    x = (np.arange(TEXELS, dtype=np.float32) + 0.5)[None, :] * 16 / TEXELS
    z = (np.arange(TEXELS, dtype=np.float32) + 0.5)[:, None] / TEXELS
    number = x.astype(np.int64) % 16
    tone, start = rng.uniform(0.78, 1.12, 16).astype(np.float32), rng.random(16).astype(np.float32)
    grain = tile2(rng, (TEXELS, TEXELS), (4, 256), 3, 0.7)
    along = np.mod(z * 3 + start[number], 1)
    ends = smoothstep(0.006, 0.0, np.asarray(along, np.float32))
    gap = smoothstep(0.035, 0.0, np.asarray(np.abs(x - np.round(x)), np.float32))
    shadeful = tone[number] * (0.78 + 0.34 * grain) * (1 - 0.62 * np.maximum(gap, ends))
    albedo = rgb((172, 108, 62)) * shadeful[..., None]
    top, below = round(lens.row(back * 1.4)) - lens.horizon, lens.height - lens.horizon
    band = lay_band(lens, picture(shade(light, albedo * 0.72, 0.55)), (wide, deep), top, below, 0)
    clear, veil = plain_haze(lens, light, edge=0.0)
    return Plain((band,), clear, veil, lens, top)


@dataclass(frozen=True)
class Washes:
    """Coloured light over everything, which goes slowly from one side's colour to the other's."""

    one: Picture
    other: Picture

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        part = 0.5 + 0.42 * math.sin(time * 0.62)
        add(canvas, np.asarray(cv2.addWeighted(self.one, part, self.other, 1 - part, 0), np.uint8), 0, 0)


def _washes(lens: Lens, gels: tuple[Colour, Colour]) -> Washes:
    return Washes(_wash(lens, gels[0], 0.22), _wash(lens, gels[1], 0.78))


def _wash(lens: Lens, colour: Colour, side: float) -> Picture:
    """Comes up from the floor before the curtain, strongest at the part `side` of the width."""
    x, y = np.linspace(0, 1, 64, dtype=np.float32)[None, :], np.linspace(0, 1, 64, dtype=np.float32)[:, None]
    low = lens.horizon / lens.height + 0.06
    power = 0.36 * np.exp(-(((x - side) / 0.34) ** 2) - ((y - low) / 0.30) ** 2)
    return np.asarray(
        cv2.resize(picture(rgb(colour) * power[..., None]), (lens.width, lens.height), interpolation=cv2.INTER_CUBIC),
        np.uint8,
    )


@dataclass(frozen=True)
class Beam:
    """A spotlight: where it hangs and where it points, in parts of the frame's width, and how it sways."""

    view: Picture
    """At a coarse size, straight down."""
    source: float
    aim: float
    sway: float
    pace: float
    strength: float


@dataclass(frozen=True)
class Beams:
    """The beams in the haze, and the pools where they meet the boards."""

    beams: tuple[Beam, ...]
    pool: Picture
    spot: Picture
    haze: NDArray[np.uint8]
    lens: Lens
    distance: float
    stand: Stand | None

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        row = self.lens.row(self.distance - pose.z)
        columns = [self._aim(beam, pose, time) for beam in self.beams]
        for column in columns[1:]:
            stamp(canvas, self.pool, column, row + self.pool.shape[0] * 0.2, 1.0, lit=True)
        stamp(canvas, self.spot, columns[0], row + self.spot.shape[0] * 0.5, 1.0, lit=True)
        air = self._air(columns, row, time)
        add(canvas, np.asarray(cv2.resize(air, (self.lens.width, self.lens.height)), np.uint8), 0, 0)

    def _aim(self, beam: Beam, pose: Pose, time: float) -> float:
        """Column where a beam meets the boards; the first keeps to the subject."""
        if beam is self.beams[0] and self.stand is not None:
            per_metre = self.lens.scale(self.stand.distance - pose.z)
            return self.lens.middle + (self.stand.x(time) - pose.x) * per_metre - pose.turn
        return self.lens.width * (beam.aim + beam.sway * math.sin(time * beam.pace + beam.source * 9)) - pose.turn

    def _air(self, columns: list[float], row: float, time: float) -> Picture:
        size = (self.lens.width // COARSE, self.lens.height // COARSE)
        air = np.zeros((size[1], size[0], 4), np.uint8)
        for column, beam in zip(columns, self.beams, strict=True):
            foot, rows, middle = row / COARSE, beam.view.shape[0], beam.view.shape[1] / 2
            source = beam.source * size[0]
            lean = (column / COARSE - source) / rows
            move = np.array([[1, lean, source - middle], [0, foot / rows, 0]], np.float32)
            cv2.add(air, np.asarray(cv2.warpAffine(beam.view, move, size), np.uint8), dst=air)
        at = round(time * size[0] * 0.05) % size[0]
        return np.asarray(cv2.multiply(air, self.haze[: size[1], at : at + size[0]], scale=1 / 255), np.uint8)


def _beams(
    rng: np.random.Generator, scene: Set, distance: float, stand: Stand | None, gels: tuple[Colour, Colour]
) -> Beams:
    lens = scene.framing.lens
    rows, hazy = round(lens.row(distance) / COARSE), Thing.FOG not in scene.shot.without
    radius = 0.15 * min(lens.width, lens.height * 1.2)
    beams = [Beam(_cone(rows, radius / COARSE, (255, 236, 204)), float(rng.uniform(0.36, 0.64)), 0.5, 0.0, 0.0, 1.0)]
    for number, place in enumerate((0.10, 0.30, 0.70, 0.90)):
        view = _cone(rows, radius * 0.62 / COARSE, scaled(gels[number % 2], 0.72))
        aim = float(np.clip(1 - place + rng.uniform(-0.16, 0.16), 0.12, 0.88))
        beams.append(Beam(view, place + float(rng.uniform(-0.04, 0.04)), aim, 0.06, float(rng.uniform(0.4, 0.7)), 0.7))
    flat = max(0.16, lens.eye / distance * 1.15)
    haze = (255 * np.clip(0.42 + 0.58 * tile(rng, 512, 4, 4), 0, 1)).astype(np.uint8)
    size = lens.width // COARSE, lens.height // COARSE
    haze = (
        np.asarray(cv2.resize(haze, size, interpolation=cv2.INTER_AREA)) if hazy else np.full(size[::-1], 60, np.uint8)
    )
    air = np.asarray(cv2.cvtColor(np.hstack([haze, haze]), cv2.COLOR_GRAY2RGBA), np.uint8)
    pool = _pool(radius * 0.75, flat, scaled(gels[0], 0.34))
    return Beams(tuple(beams), pool, _pool(radius * 1.25, flat, (150, 130, 100)), air, lens, distance, stand)


def _cone(rows: int, radius: float, colour: Colour) -> Picture:
    """A beam straight down, from a point to `radius` pixels, brightest where it leaves the lamp."""
    columns = round(radius * 2.6)
    x = np.abs(np.arange(columns, dtype=np.float32) - columns / 2)[None, :]
    part = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    wide = 0.06 * radius + 0.94 * radius * part
    body = smoothstep(1.12, 0.55, x / wide) * (0.62 * np.exp(-part * 1.5) + 0.10)
    return picture(rgb(colour) * body[..., None])


def _pool(radius: float, flat: float, colour: Colour) -> Picture:
    circle = glow(max(4, round(radius)), colour, 1.0)
    return np.asarray(cv2.resize(circle, None, fx=1, fy=flat, interpolation=cv2.INTER_AREA), np.uint8)


def _proscenium(
    rng: np.random.Generator, lens: Lens, light: Light, velvet: Colour, distance: float, grown: float
) -> list[Layer]:
    """Curtains drawn to both sides, a pelmet with its fringe, the edge of the boards, heads in the dark."""
    reach = 0.06 * lens.width / lens.scale(distance)
    frame = _frame(lens, light, velvet, grown)
    low = (lens.row(distance) - lens.height * 1.12) / lens.scale(distance)
    heads = _heads(rng, lens)
    low_heads = (lens.row(distance) - lens.height - 1 - 0.02 * lens.height) / lens.scale(distance)
    return [
        Flat(frame, 0.0, distance, low, lens, grown, reach),
        Flat(heads, 0.0, distance, low_heads, lens, 1.0, reach * 1.8),
    ]


def _frame(lens: Lens, light: Light, velvet: Colour, grown: float) -> Picture:
    """The proscenium's cloths, half as large again as the frame, so that they may move; painted at half size."""
    size = round(lens.width * 1.5 * grown), round(lens.height * 1.24 * grown)
    columns, rows = size[0] // 2, size[1] // 2
    x = np.linspace(-0.75, 0.75, columns, dtype=np.float32)[None, :]
    y = np.linspace(-0.12, 1.12, rows, dtype=np.float32)[:, None]
    down = np.clip(y, 0, 1)
    opening = 0.40 - 0.05 * np.sin(np.clip((down - 0.05) / 0.62, 0, 1) * np.pi) + 0.035 * smoothstep(0.62, 0.9, down)
    side = np.clip((np.abs(x) - opening) * columns / 3, 0, 1)
    gather = np.abs(x) - opening
    wave = 0.5 + 0.5 * np.sin(gather * 190 / (1 + 1.6 * gather) + 2.2 * np.sin(down * 3.0 + 1) + np.sign(x))
    face = (0.10 + 0.90 * wave**1.5) * (0.42 + 0.58 * smoothstep(0.26, 0.0, gather))
    swag = 0.105 + 0.030 * np.abs(np.cos(x * np.pi * 4.0))
    valance = np.clip((swag - y) * rows / 2, 0, 1)
    ruffle = 0.5 + 0.5 * np.sin(x * 150 + 2.0 * np.sin(x * 25))
    face = np.where(valance > 0, (0.16 + 0.5 * ruffle**1.4) * (0.65 + 3.6 * np.clip(y, 0, 0.15)), face)
    cover = np.maximum(side * (y < 0.925), valance)
    colour = rgb(velvet) * (face * (0.80 + 0.40 * down))[..., None] * (rgb(light.fill) * 0.7 + 0.75 * rgb(light.key))
    fringe = (np.abs(swag - 0.012 - y) < 0.010) & (valance > 0)
    colour[fringe] = rgb(GOLD) * (0.35 + 0.5 * np.broadcast_to(ruffle, fringe.shape)[fringe][:, None])
    dark = y > 0.925
    lip = np.exp(-np.clip(y - 0.925, 0, 1) * 90) * (0.5 * np.exp(-((x / 0.42) ** 2)))
    colour = np.where(dark[..., None], rgb((120, 84, 56)) * lip[..., None] + rgb((9, 7, 12)), colour)
    half = picture(colour, np.maximum(cover, dark))
    return np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _heads(rng: np.random.Generator, lens: Lens) -> Picture:
    """The first rows of the house against the light of the stage."""
    columns, rows = round(lens.width * 1.6), round(lens.height * 0.13)
    view = np.zeros((rows, columns, 4), np.uint8)
    for depth, (size, rim) in enumerate(((0.030, (52, 38, 44)), (0.042, (30, 22, 30)))):
        radius = size * lens.height
        x = float(rng.uniform(0, radius * 2))
        while x < columns:
            y = rows * (0.46 + 0.26 * depth) + float(rng.uniform(-0.2, 0.2)) * radius
            _head(view, x, y, radius * float(rng.uniform(0.85, 1.1)), rim)
            x += radius * float(rng.uniform(2.9, 4.4))
    return view


def _head(view: Picture, x: float, y: float, radius: float, rim: tuple[int, int, int]) -> None:
    dark = (6, 5, 9, 255)
    for grow, colour in ((0.07, (*rim, 255)), (0.0, dark)):
        size = radius * (1 + grow)
        centre, body = (round(x), round(y + radius * grow)), (round(x), round(y + radius * 2.3))
        cv2.ellipse(view, centre, (round(size * 0.82), round(size)), 0, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.ellipse(view, body, (round(size * 1.9), round(size * 1.4)), 0, 0, 360, colour, -1, cv2.LINE_AA)

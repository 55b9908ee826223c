"""The beach: sand to the camera, waves that break on it, shallows over a pale bottom, a palm at one side."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import Field, generator, smoothstep, tile2
from dalang.engines.animatic.places.ground import Plain, paint_beach
from dalang.engines.animatic.places.land import RANGES, paint_range
from dalang.engines.animatic.places.palm import paint_palm
from dalang.engines.animatic.places.shore import paint_foam
from dalang.engines.animatic.places.water import paint_water
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Place, Thing

EDGE = 1.9
"""Distance of the water's edge, in those of the subject."""
OFFSHORE = 0.72
"""The same where the subject is on the water."""
SHALLOW: Colour = (96, 214, 204)
BREAKERS = 3
PERIOD = 1024
"""Columns after which a wave repeats."""


def beach(scene: Set) -> list[Layer]:
    lens, light = scene.framing.lens, scene.light
    distance = scene.framing.ground(1.7 * lens.nearest)
    edge = distance * (OFFSHORE if scene.afloat else EDGE)
    sand = paint_beach(generator(scene.seed, "ground"), lens, light, float(scene.sun[1]), edge)
    water = paint_water(generator(scene.seed, "water"), lens, light, scene.sun_x, scene.framing.path.turn)
    return [
        sky(scene),
        *_headland(scene),
        water.shown(sand.top + 1),
        _paint_shallows(lens, light, edge),
        paint_breakers(generator(scene.seed, "breakers"), lens, light, edge),
        Strand(sand, edge, _paint_wet(generator(scene.seed, "wet"), lens, light)),
        paint_foam(generator(scene.seed, "foam"), lens, light, edge),
        *_palms(scene, edge),
    ]


def _headland(scene: Set) -> list[Layer]:
    """Land across the bay, further off and lower than the open sea's islands."""
    if Thing.MOUNTAINS in scene.shot.without:
        return []
    ridge = replace(RANGES[Place.SEA][0], height=420, near=5200, far=15000)
    distance = scene.framing.remote(ridge.near * 2)
    rng, margin = generator(scene.seed, "range 0"), scene.framing.margin(distance)
    return [paint_range(rng, scene.framing.lens, scene.light, scene.sun, ridge, distance, margin)]


def _palms(scene: Set, edge: float) -> list[Layer]:
    """One or two at the side from which the sun shines, so that they frame the water."""
    if Thing.TREES in scene.shot.without or scene.afloat:
        return []
    rng, framing = generator(scene.seed, "palms"), scene.framing
    side = float(np.sign(scene.sun_x - framing.lens.middle))
    count = int(rng.integers(1, 3))
    trees = []
    for number in range(count):
        z = edge * (0.86 - 0.14 * number)
        column = framing.lens.middle + side * framing.lens.width * (0.37 + 0.08 * number + 0.03 * float(rng.random()))
        stands = z, framing.remote(z)
        trees.append(paint_palm(rng, framing.lens, scene.light, scene.sun, column, stands, -side))
    return [*trees]


@dataclass(frozen=True)
class Strand:
    """Sand, and where the water has just been."""

    sand: Plain
    edge: float
    """Metres to the water."""
    wet: Picture
    """Wider than the frame; repeats after PERIOD."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lens = self.sand.lens
        self.sand.draw(canvas, pose, time)
        distance = self.edge - pose.z
        at = (pose.x * lens.scale(distance) + pose.turn) % PERIOD
        over(canvas, slide(self.wet, at, lens.width), 0, round(lens.row(distance) - 0.2 * self.wet.shape[0]))


def _paint_wet(rng: np.random.Generator, lens: Lens, light: Light) -> Picture:
    """Dark sand with the sky in it, to a wandering line."""
    rows = max(8, int(lens.height * 0.10))
    wander = tile2(rng, (64, PERIOD), (1, 4), 4)[0]
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    reach = (0.62 + 0.36 * wander)[None, :]
    cover = smoothstep(0.0, 0.10, reach - y) * smoothstep(0.0, 0.12, y) * (0.80 - 0.45 * y)
    damp = rgb((118, 96, 70)) * (rgb(light.fill) + 0.5 * rgb(light.key))
    mirror = rgb(light.horizon) * 0.55 + rgb(light.sky) * 0.35
    colour = mirror + (damp - mirror) * smoothstep(0.1, 0.8, y / reach)[..., None]
    return _tiled(picture(colour, np.asarray(cover, np.float32)), lens.width)


@dataclass(frozen=True)
class Veil:
    """A still layer that the camera does not shift."""

    view: Picture
    top: int

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        over(canvas, self.view, 0, self.top)


def _paint_shallows(lens: Lens, light: Light, edge: float) -> Veil:
    """The pale bottom shining through, greener toward the sand."""
    rows = max(2, lens.height - lens.horizon)
    y = np.arange(rows, dtype=np.float32)[:, None] / (lens.row(edge) - lens.horizon)
    cover = 0.62 * (0.4 + 0.6 * light.glow) * smoothstep(0.12, 1.0, y) * np.ones((1, lens.width), np.float32)
    colour = rgb(SHALLOW) * (rgb(light.fill) + 0.5 * rgb(light.key)) * np.ones((rows, lens.width, 1), np.float32)
    return Veil(picture(colour, np.asarray(cover, np.float32)), lens.horizon)


@dataclass(frozen=True)
class Breakers:
    """Waves that roll in one after the other, rise, and break before the sand."""

    crests: tuple[Picture, ...]
    edge: float
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        order = sorted(range(len(self.crests)), key=lambda number: self._part(number, time))
        for number in order:
            self._roll(canvas, pose, self.crests[number], self._part(number, time))

    def _part(self, number: int, time: float) -> float:
        """How much of its way a wave has gone."""
        return (number / len(self.crests) + time / 9.0) % 1.0

    def _roll(self, canvas: Picture, pose: Pose, crest: Picture, part: float) -> None:
        lens = self.lens
        distance = self.edge * (2.6 - 1.62 * part**0.8) - pose.z
        share = math.sin(math.pi * min(1.0, part * 1.04)) ** 0.7
        high = round(0.030 * lens.height * (0.35 + part) * share)
        if high < 2:
            return
        at = (pose.x * lens.scale(distance) + pose.turn) % PERIOD
        view = cv2.resize(slide(crest, at, lens.width), (lens.width, high), interpolation=cv2.INTER_AREA)
        faded = cv2.convertScaleAbs(view, alpha=min(1.0, 2.2 * share * min(part * 3, 1.0)))
        over(canvas, np.asarray(faded, np.uint8), 0, round(lens.row(distance)) - high)


def paint_breakers(rng: np.random.Generator, lens: Lens, light: Light, edge: float) -> Breakers:
    return Breakers(tuple(_paint_crest(rng, lens, light) for _ in range(BREAKERS)), edge, lens)


def _paint_crest(rng: np.random.Generator, lens: Lens, light: Light) -> Picture:
    """A swell seen from its front: green where light comes through, dark at its foot, white where it breaks."""
    rows = 48
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    height = tile2(rng, (16, PERIOD), (1, 8), 4)[0][None, :]
    breaks = smoothstep(0.50, 0.66, tile2(rng, (16, PERIOD), (1, 4), 3)[0])[None, :]
    lace = np.asarray(cv2.resize(tile2(rng, (64, PERIOD), (16, 64), 3, 0.7), (PERIOD, rows)), np.float32)
    below = y - (0.75 - 0.70 * height)
    cover = smoothstep(0.0, 0.10, below) * smoothstep(1.0, 0.55, y) * 0.85
    lit = rgb(light.fill) + 0.55 * rgb(light.key)
    colour = _between(rgb((70, 176, 168)) * lit, rgb((18, 78, 98)) * lit, smoothstep(0.0, 0.6, below))
    spray = np.clip(
        breaks * smoothstep(0.75, 0.30, below + (lace - 0.5) * 0.9) + 0.8 * np.exp(-((below / 0.06) ** 2)), 0, 1
    )
    white = rgb((250, 252, 255)) * (rgb(light.fill) + 0.6 * rgb(light.key))
    colour = colour + (white - colour) * spray[..., None]
    return _tiled(
        picture(colour, np.maximum(cover, spray * smoothstep(-0.02, 0.03, below) * smoothstep(1.0, 0.8, y))), lens.width
    )


def _between(one: np.ndarray, other: np.ndarray, part: Field) -> np.ndarray:
    return np.asarray(one + (other - one) * part[..., None])


def _tiled(strip: Picture, width: int) -> Picture:
    return np.tile(strip, (1, 1 + -(-(width + 4) // strip.shape[1]), 1))

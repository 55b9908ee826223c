"""Under water: light from above in shafts and in nets on the sand, reefs that fade into blue, weed, and bubbles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb, scaled
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture
from dalang.engines.animatic.canvas.noise import Field, generator, line, smoothstep, stretch, tile2
from dalang.engines.animatic.places.coral import paint_coral, paint_weed
from dalang.engines.animatic.places.ground import TEXELS, Band, lay_band, paint_beach
from dalang.engines.animatic.places.grove import Prop
from dalang.engines.animatic.places.land import Land
from dalang.engines.animatic.places.shafts import paint_shafts
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Thing

ABYSS: Colour = (8, 62, 112)
SURFACE: Colour = (104, 214, 226)
RANGE = 2.4
"""Distances of the subject after which water has taken two thirds of a colour."""
REEFS = ((5.5, 0.26, 0.30), (3.2, 0.20, 0.14))
"""Distance in those of the subject, height in the frame's, and how clearly it is still seen, for each ridge of reef."""
SEEN = 90.0
"""Heights of the eye to which the floor is painted; beyond, there is only blue."""
NET = ((0.021, 0.013), (-0.017, 0.019))
"""Tiles a second that the two nets of light move."""


def submerged(light: Light) -> Light:
    """`light` as it is some metres down: blue, from everywhere, and red gone first."""
    level = 0.35 + 0.65 * float(np.mean(light.fill) + 0.5 * np.mean(light.key))
    fill = (0.50 * level, 0.74 * level, 0.92 * level)
    return replace(
        light, fill=fill, key=mix(light.key, (0.30, 0.50, 0.52), 0.6), sun=mix(light.sun, (170, 255, 250), 0.6)
    )


def underwater(scene: Set) -> list[Layer]:
    lens, light = scene.framing.lens, _medium(scene)
    floor = replace(paint_beach(generator(scene.seed, "ground"), lens, light, 0.9, SEEN * lens.eye), top=0)
    net = _net(generator(scene.seed, "net"))
    layers: list[Layer] = [_paint_water(scene, light, net), *_reefs(scene, light), floor, _paint_net(scene, light, net)]
    if Thing.ROCKS not in scene.shot.without:
        layers += _corals(scene, light)
    strength = light.glow * min(1.0, 0.25 + float(np.mean(scene.light.key)))
    return [*layers, paint_shafts(generator(scene.seed, "shafts"), lens, light.sun, scene.sun_x, strength)]


def _distance(scene: Set) -> float:
    return scene.framing.ground(1.8 * scene.framing.lens.nearest)


def _medium(scene: Set) -> Light:
    """The light, with the water's own colour for haze."""
    light = submerged(scene.light)
    level = float(np.clip(np.mean(scene.light.fill) + 0.35 * np.mean(scene.light.key), 0.24, 0.85)) / 0.78
    deep = mix(ABYSS, scene.light.haze, 0.10)
    haze = (deep[0] * level, deep[1] * level, deep[2] * level)
    return replace(light, haze=haze, horizon=haze, visibility=RANGE * _distance(scene))


@dataclass(frozen=True)
class Water:
    """What fills the frame behind everything: bright above, where the surface moves, and deep blue at eye level."""

    view: Picture
    surface: Band
    lens: Lens
    fade: Picture

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        canvas[:] = self.view
        rows = len(self.fade)
        under = np.empty_like(self.fade)
        self.surface.draw(under, Pose(pose.x + time * 0.35, pose.z + time * 0.5, pose.turn))
        light = cv2.multiply(under[::-1], self.fade, scale=1 / 255)
        cv2.add(canvas[:rows], light, dst=canvas[:rows])


def _paint_water(scene: Set, light: Light, net: Field) -> Water:
    lens = scene.framing.lens
    x = (np.arange(lens.width, dtype=np.float32) - scene.sun_x)[None, :] / max(lens.width, lens.height)
    y = np.arange(lens.height, dtype=np.float32)[:, None] / lens.horizon
    level = float(np.mean(light.haze)) / float(np.mean(ABYSS))
    bright = rgb(mix(SURFACE, scene.light.sun, 0.12)) * min(1.15, level)
    high = np.clip(1 - y, 0, 1) ** 1.7
    beam = np.exp(-((x / 0.34) ** 2)) * np.clip(1 - y * 0.85, 0, 1) ** 1.5
    part = np.clip(0.50 * high + 0.55 * beam * (0.4 + 0.6 * scene.light.glow), 0, 1)
    colour = rgb(light.haze) + (bright - rgb(light.haze)) * part[..., None]
    colour += generator(scene.seed, "grain").random(colour.shape[:2], np.float32)[..., None] * 1.6 - 0.8
    return Water(picture(colour), *_ceiling(scene, bright, net))


def _ceiling(scene: Set, bright: np.ndarray, net: Field) -> tuple[Band, Lens, Picture]:
    """The surface from below, as a net of light that lies over the camera."""
    lens = scene.framing.lens
    rows = int(lens.horizon * 0.62)
    over_head = replace(lens, horizon=0, height=rows + int(lens.horizon * 0.12), eye=4.0)
    metres, foot = (9.0, 30.0), over_head.height
    band = lay_band(over_head, picture(net[..., None] * bright), metres, foot - rows, foot, 0)
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    x = (np.arange(lens.width, dtype=np.float32) - scene.sun_x)[None, :] / max(lens.width, lens.height)
    fade = np.clip(1 - y * 1.02, 0, 1) ** 1.4 * (0.35 + 0.65 * np.exp(-((x / 0.4) ** 2)))
    return replace(band, top=0), lens, picture(np.full((1, 1, 3), 255, np.float32) * fade[..., None], 1.0)


def _net(rng: np.random.Generator) -> Field:
    """Light that waves have gathered into lines: bright where two smooth fields cross their middle."""
    one, other = (tile2(rng, (TEXELS, TEXELS), (8, 8), 3, 0.42) for _ in range(2))
    lines = np.exp(-(((one - 0.5) / 0.035) ** 2)) + np.exp(-(((other - 0.5) / 0.035) ** 2))
    soft = cv2.GaussianBlur(np.asarray(np.clip(lines, 0, 1.3), np.float32), (0, 0), 2.2, borderType=cv2.BORDER_DEFAULT)
    return stretch(np.asarray(soft, np.float32) ** 1.4)


@dataclass(frozen=True)
class Net:
    """Nets of light that wander over the sand; worked out at half size, light being soft."""

    bands: tuple[Band, Band]
    fade: Picture
    lens: Lens
    half: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        views = []
        for band, (across, toward) in zip(self.bands, NET, strict=True):
            rows = np.empty_like(self.fade)
            aside = across * time * TEXELS * 64 / band.steps[0]
            band.draw(rows, Pose(pose.x + aside, pose.z + toward * time * TEXELS * 64 / band.steps[1], pose.turn / 2))
            views.append(rows)
        light = cv2.multiply(cv2.addWeighted(views[0], 0.9, views[1], 0.9, -40), self.fade, scale=1 / 255)
        floor = canvas[self.lens.horizon :]
        big = cv2.resize(light, (floor.shape[1], floor.shape[0]), interpolation=cv2.INTER_LINEAR)
        cv2.add(floor, big, dst=floor)


def _paint_net(scene: Set, light: Light, net: Field) -> Net:
    lens = scene.framing.lens
    half = replace(
        lens, width=lens.width // 2, height=lens.height // 2, horizon=lens.horizon // 2, focal=lens.focal / 2
    )
    rows, wide = half.height - half.horizon, 5.0 * lens.eye
    bright = rgb(light.sun) * rgb(light.fill) * 0.55 * (0.3 + 0.7 * scene.light.glow)
    nets = (net, np.ascontiguousarray(net[::-1].T))
    bands = [lay_band(half, picture(each[..., None] * bright), (wide, wide * 2.6), 0, rows, 0) for each in nets]
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None] * np.ones((1, half.width), np.float32)
    fade = smoothstep(0.10, 0.65, y)
    return Net((bands[0], bands[1]), picture(255 * fade[..., None] * np.ones(3, np.float32)), lens, half)


def _reefs(scene: Set, light: Light) -> list[Layer]:
    """Ridges of rock and coral in the distance, fading into the water."""
    if Thing.ROCKS in scene.shot.without:
        return []
    reefs: list[Layer] = []
    for number, (far, high, clear) in enumerate(REEFS):
        rng, lens = generator(scene.seed, f"reef {number}"), scene.framing.lens
        distance = scene.framing.remote(far * _distance(scene))
        margin = scene.framing.margin(distance)
        reefs.append(_paint_reef(rng, lens, light, distance, margin, (high, clear)))
    return reefs


def _paint_reef(
    rng: np.random.Generator, lens: Lens, light: Light, distance: float, margin: int, form: tuple[float, float]
) -> Land:
    columns = lens.width + 2 * margin
    foot = min(lens.height, round(lens.horizon + 0.05 * lens.height))
    rows = int(form[0] * lens.height * 1.5)
    broad = line(rng, columns, max(2, columns // 500), 3, 0.5)
    knobs = line(rng, columns, max(8, columns // 40), 3, 0.6)
    crest = rows * (1 - np.clip(0.12 + 0.72 * smoothstep(0.3, 0.95, broad) + 0.16 * (knobs - 0.4), 0.02, 1))
    y = np.arange(rows, dtype=np.float32)[:, None]
    alpha = np.clip(y - crest[None, :] + 0.5, 0, 1)
    grain = tile2(rng, (256, 256), (16, 16), 4, 0.6)
    rough = np.tile(grain, (1 + rows // 256, 1 + columns // 256))[:rows, :columns]
    near = 1 - np.exp(-(y - crest[None, :]) / (0.25 * rows))
    rock = rgb((96, 128, 138)) * rgb(light.fill) * (0.65 + 0.7 * rough)[..., None] * (1.25 - 0.7 * near)[..., None]
    colour = rgb(light.haze) * 0.92 + (rock - rgb(light.haze) * 0.92) * form[1]
    return Land(picture(colour, np.asarray(alpha, np.float32)), foot - rows, distance, lens)


def _corals(scene: Set, light: Light) -> list[Layer]:
    """Corals and weed about the sand, most of them at the sides, behind the subject."""
    rng, framing = generator(scene.seed, "corals"), scene.framing
    lens, first = framing.lens, _distance(scene) * 1.12
    things: list[tuple[float, Layer]] = []
    for number in range(22):
        z = first * 3.4 ** (1 - number / 21)
        high = lens.height * float(rng.uniform(0.12, 0.30)) / (z / _distance(scene)) ** 0.8
        period = (lens.width * 1.6) / lens.scale(z)
        x = (number // 3 * 0.382 % 1.0 - 0.5 + float(rng.normal(0, 0.035))) * period
        if number % 3 and Thing.GRASS not in scene.shot.without:
            things.append((z, paint_weed(rng, lens, light, high * 1.6, x, z, period)))
        else:
            view = paint_coral(rng, light, round(high), z)
            things.append((z, Prop(view, round(high * 0.06), x, z, period, lens)))
    return [layer for _, layer in things]


@dataclass(frozen=True)
class Bubbles:
    """Strings of bubbles that rise, swaying; each begins again at the bottom."""

    view: Picture
    rows: tuple[tuple[float, float, float, float], ...]
    """Column as a part of the width, size as a part of the height, seconds a rise takes, and its start, 0..1."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        height, width = canvas.shape[:2]
        for column, size, seconds, start in self.rows:
            part = (start + time / seconds) % 1.0
            across = math.sin(time * 2.4 + start * 40) * 0.006 * width
            pixels = max(3, round(size * height * (0.7 + 0.5 * part)))
            x = (column * width - pose.turn * 1.2 + across) % (width + 40) - 20
            small = cv2.resize(self.view, (pixels, pixels), interpolation=cv2.INTER_AREA)
            over(canvas, np.asarray(small, np.uint8), round(x - pixels / 2), round(height * (1.08 - 1.16 * part)))


def paint_bubbles(scene: Set) -> list[Layer]:
    """What rises before the subject."""
    rng = generator(scene.seed, "bubbles")
    light = _medium(scene)
    rows = []
    for _ in range(5):
        column, start, seconds = float(rng.random()), float(rng.random()), float(rng.uniform(4.5, 7.5))
        for follow in range(int(rng.integers(3, 7))):
            size = float(rng.uniform(0.008, 0.030))
            rows.append(
                (column + float(rng.normal(0, 0.012)), size, seconds, start + follow * float(rng.uniform(0.02, 0.05)))
            )
    return [*_fringe(scene, light), Bubbles(_paint_bubble(light), tuple(rows))]


def _fringe(scene: Set, light: Light) -> list[Layer]:
    """Weed close to the camera, dark and out of focus, in the corner away from the light."""
    if Thing.GRASS in scene.shot.without:
        return []
    rng, lens = generator(scene.seed, "fringe"), scene.framing.lens
    dark = replace(light, fill=scaled(light.fill, 0.42), key=scaled(light.key, 0.2))
    side = -1 if scene.sun_x > lens.middle else 1
    z, tufts = lens.nearest * 0.98, []
    for number in range(3):
        x = side * (0.50 - 0.09 * number) * lens.width / lens.scale(z)
        high = lens.height * float(rng.uniform(0.34, 0.46)) * (1 - 0.22 * number)
        weed = paint_weed(rng, lens, dark, high, x, z, 1.7 * lens.width / lens.scale(z))
        soft = np.asarray(cv2.GaussianBlur(weed.view, (0, 0), lens.height / 300), np.uint8)
        tufts.append(replace(weed, view=soft))
    return [*tufts]


def _paint_bubble(light: Light) -> Picture:
    """A clear ball with a bright rim, and the light above in it."""
    axis = np.linspace(-1.05, 1.05, 48, dtype=np.float32)
    away = np.hypot(axis[None, :], axis[:, None])
    inside = smoothstep(1.0, 0.92, away)
    rim = np.exp(-(((away - 0.86) / 0.10) ** 2))
    gleam = np.exp(-(((axis[None, :] + 0.35) ** 2 + (axis[:, None] + 0.42) ** 2) / 0.035))
    cover = np.clip((0.10 + 0.62 * rim + gleam) * inside, 0, 1)
    white = np.clip(rgb((236, 255, 255)) * (rgb(light.fill) + 0.25), 0, 255)
    return picture(np.ones((48, 48, 1), np.float32) * white, np.asarray(cover, np.float32))

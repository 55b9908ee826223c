"""A shot set up: its layers from far to near, and the frame at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.engines.animatic import sprite
from dalang.engines.animatic.actor import Actor, cast
from dalang.engines.animatic.camera import Lens, Path, Pose
from dalang.engines.animatic.composite import Picture
from dalang.engines.animatic.framing import Framing, frame_shot, nearing
from dalang.engines.animatic.ground import paint_beach, paint_plain
from dalang.engines.animatic.grove import Prop, far_wood, paint_stock, set_out
from dalang.engines.animatic.land import DESERT_RANGES, MEADOW_RANGES, SEA_RANGES, SNOW_RANGES, paint_range
from dalang.engines.animatic.light import Light, lamplit, light_for
from dalang.engines.animatic.noise import generator
from dalang.engines.animatic.props import (
    DESERT_KINDS,
    DESERT_TUFTS,
    MEADOW_KINDS,
    MEADOW_TUFTS,
    SNOW_KINDS,
    SNOW_TUFTS,
    Sun,
)
from dalang.engines.animatic.shore import paint_foam
from dalang.engines.animatic.sky import paint_sky
from dalang.engines.animatic.street import Layout, fronts_distance, paint_fronts, paint_lamp, paint_road, paint_towers
from dalang.engines.animatic.water import paint_water
from dalang.engines.animatic.weather import paint_weather
from dalang.engines.animatic.wet import Wet
from dalang.scene.plan import Action, Place, Shot, Weather

KINDS = {Place.MEADOW: MEADOW_KINDS, Place.SNOW: SNOW_KINDS, Place.DESERT: DESERT_KINDS}
TUFTS = {Place.MEADOW: MEADOW_TUFTS, Place.DESERT: DESERT_TUFTS, Place.SNOW: SNOW_TUFTS}
RANGES = {Place.MEADOW: MEADOW_RANGES, Place.SNOW: SNOW_RANGES, Place.DESERT: DESERT_RANGES, Place.SEA: SEA_RANGES}


CORNERS = 0.24
"""Part of the light that the corners of the frame lose."""


class Layer(Protocol):
    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        """Paint onto `canvas` what the camera at `pose` sees of this layer, `time` seconds into the shot."""


@dataclass(frozen=True)
class Stage:
    lens: Lens
    path: Path
    layers: tuple[Layer, ...]
    vignette: NDArray[np.uint8]
    """Share of the luma that is left, 0..255, by pixel."""

    def picture(self, time: float) -> Picture:
        """The picture `time` seconds into the shot, RGBA."""
        canvas = np.empty((self.lens.height, self.lens.width, 4), np.uint8)
        pose = self.path.pose(time)
        for layer in self.layers:
            layer.draw(canvas, pose, time)
        return canvas

    def frame(self, time: float) -> Frame:
        """The same as planar YUV, its corners a little darker."""
        planes = np.asarray(cv2.cvtColor(self.picture(time), cv2.COLOR_RGBA2YUV_I420), np.uint8)
        luma = planes[: self.lens.height]
        cv2.multiply(luma, self.vignette, dst=luma, scale=1 / 255)
        return planes


@dataclass(frozen=True)
class Set:
    """What the painters of a set need to know."""

    shot: Shot
    seed: int
    framing: Framing
    light: Light
    sun: Sun
    """Unit vector to the sun: x right, y up, z away."""
    sun_x: float
    """Column of the sun."""

    afloat: bool
    """The subject is in the water or on it."""


def build_stage(shot: Shot, width: int, height: int, seed: int) -> Stage:
    """Paint everything `shot` needs. KeyError: its subject has no picture."""
    rng = generator(seed, "stage")
    star = sprite.load(shot.subject) if shot.subject else None
    framing = frame_shot(rng, shot, width, height, star)
    light = light_for(shot.time, shot.weather)
    side = int(rng.choice([-1, 1]))
    sun = np.array([side * 0.62, 0.3 + 0.6 * light.height, 0.25], np.float32)
    at = width * (0.5 + side * float(rng.uniform(0.18, 0.34)))
    scene = Set(shot, seed, framing, light, sun / np.linalg.norm(sun), at, _afloat(shot, star))
    layers = [*SETS[shot.place](scene), *_foreground(scene, star)]
    layers += paint_weather(generator(seed, "weather"), framing.lens, light, shot.weather)
    return Stage(framing.lens, framing.path, tuple(layers), _vignette(width, height))


def _vignette(width: int, height: int) -> NDArray[np.uint8]:
    x, y = np.linspace(-1, 1, width, dtype=np.float32)[None, :], np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return (255 * (1 - CORNERS * ((x * x + y * y) / 2) ** 1.5)).astype(np.uint8)


def _afloat(shot: Shot, star: sprite.Sprite | None) -> bool:
    if star is None or shot.place is not Place.SEA or shot.action is Action.FLY:
        return False
    return star.subject.medium == "water" or shot.action in (Action.SWIM, Action.SAIL)


def _sky(scene: Set) -> Layer:
    lens, turn = scene.framing.lens, scene.framing.path.turn
    return paint_sky(generator(scene.seed, "sky"), lens, scene.light, scene.sun_x, turn, scene.shot.duration)


def _far(scene: Set) -> list[Layer]:
    lens = scene.framing.lens
    layers: list[Layer] = [_sky(scene)]
    for number, ridge in enumerate(RANGES[scene.shot.place]):
        rng = generator(scene.seed, f"range {number}")
        distance = scene.framing.remote(ridge.near * 2)
        layers.append(paint_range(rng, lens, scene.light, scene.sun, ridge, distance, scene.framing.margin(distance)))
    return layers


def _open(scene: Set) -> list[Layer]:
    return [*_far(scene), *_near(scene)]


def _street(scene: Set) -> list[Layer]:
    lens, light, framing = scene.framing.lens, scene.light, scene.framing
    subject = framing.stand.distance if framing.stand else 5.0 * lens.eye
    fronts = fronts_distance(subject)
    near = subject - 2.2 if scene.shot.action is Action.DRIVE else subject + max(1.2, 0.22 * subject)
    layout = Layout(fronts, fronts - 3.5, near)
    distance = framing.remote(1400.0)
    lamps = generator(scene.seed, "lamps")
    layers: list[Layer] = [
        _sky(scene),
        paint_towers(generator(scene.seed, "towers"), lens, light, distance, framing.margin(distance)),
        paint_road(generator(scene.seed, "ground"), lens, light, float(scene.sun[1]), layout),
        paint_fronts(generator(scene.seed, "fronts"), lens, light, fronts, nearing(scene.shot.camera)),
        paint_lamp(lamps, lens, light, layout.far_kerb + 0.6),
    ]
    if scene.shot.weather is Weather.RAIN:
        layers.append(Wet(lens, fronts))
    return [*layers, paint_lamp(lamps, lens, light, max(near + 0.3, subject + 1.0, 8.0))]


def _water(scene: Set) -> list[Layer]:
    """Open sea; from the beach if the subject stands on its feet."""
    framing, light = scene.framing, scene.light
    water = paint_water(generator(scene.seed, "water"), framing.lens, light, scene.sun_x, framing.path.turn)
    if scene.afloat or framing.stand is None or framing.stand.height:
        return [*_far(scene), water]
    edge = framing.stand.distance * 1.75
    sand = paint_beach(generator(scene.seed, "ground"), framing.lens, light, float(scene.sun[1]), edge)
    return [*_far(scene), water, sand, paint_foam(generator(scene.seed, "foam"), framing.lens, light, edge)]


def _near(scene: Set) -> list[Layer]:
    lens, light, framing = scene.framing.lens, scene.light, scene.framing
    rows = int(min(lens.width, lens.height) * 0.42)
    stock = paint_stock(generator(scene.seed, "stock"), KINDS[scene.shot.place], light, scene.sun, rows)
    distance = framing.remote(150.0)
    wood = far_wood(generator(scene.seed, "wood"), stock, lens, light, distance, framing.margin(distance), 90)
    plain = paint_plain(generator(scene.seed, "ground"), lens, light, scene.shot.place, float(scene.sun[1]))
    first = 14.0 * framing.size
    if framing.stand:
        first = max(first, framing.stand.distance * 1.7)
    props = set_out(generator(scene.seed, "props"), stock, lens, light, first, first * 9, framing.size, 22)
    return [wood, plain, *props]


def _foreground(scene: Set, star: sprite.Sprite | None) -> list[Layer]:
    """The subject among the small things on the ground about it."""
    tufts = _tufts(scene)
    if star is None or scene.framing.stand is None:
        return list(tufts)
    stand = scene.framing.stand
    behind = [tuft for tuft in tufts if tuft.z > stand.distance]
    return [*behind, _actor(scene, star), *tufts[len(behind) :]]


def _tufts(scene: Set) -> list[Prop]:
    kinds = TUFTS.get(scene.shot.place)
    if kinds is None:
        return []
    lens, size = scene.framing.lens, scene.framing.size
    rng = generator(scene.seed, "tufts")
    stock = paint_stock(rng, kinds, scene.light, scene.sun, int(lens.height * 0.2))
    near = lens.nearest * 1.02
    return set_out(rng, stock, lens, scene.light, near, near * 7, size, 52)


def _actor(scene: Set, star: sprite.Sprite) -> Actor:
    framing, stand = scene.framing, scene.framing.stand
    assert stand is not None
    side = float(np.sign(scene.sun[0]))
    light = lamplit(scene.light) if scene.shot.place is Place.STREET else scene.light
    return cast(star, scene.shot.action, stand, framing.lens, light, side, nearing(scene.shot.camera), scene.afloat)


SETS = {
    Place.MEADOW: _open,
    Place.SNOW: _open,
    Place.DESERT: _open,
    Place.SEA: _water,
    Place.STREET: _street,
}

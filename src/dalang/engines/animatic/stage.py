"""A shot set up: its layers from far to near, and the frame at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from dalang.engines import Frame
from dalang.engines.animatic import sprite
from dalang.engines.animatic.actor import Actor, cast
from dalang.engines.animatic.camera import DOLLY, Lens, Path, Pose
from dalang.engines.animatic.composite import Picture
from dalang.engines.animatic.framing import Framing, frame_shot
from dalang.engines.animatic.ground import paint_plain
from dalang.engines.animatic.grove import far_wood, paint_stock, set_out
from dalang.engines.animatic.land import DESERT_RANGES, MEADOW_RANGES, SEA_RANGES, SNOW_RANGES, paint_range
from dalang.engines.animatic.light import Light, light_for
from dalang.engines.animatic.noise import generator
from dalang.engines.animatic.props import DESERT_KINDS, MEADOW_KINDS, SNOW_KINDS, Sun
from dalang.engines.animatic.sky import paint_sky
from dalang.engines.animatic.street import Layout, fronts_distance, paint_fronts, paint_lamp, paint_road, paint_towers
from dalang.engines.animatic.water import paint_water
from dalang.engines.animatic.weather import paint_weather
from dalang.scene.plan import Action, Camera, Place, Shot

KINDS = {Place.MEADOW: MEADOW_KINDS, Place.SNOW: SNOW_KINDS, Place.DESERT: DESERT_KINDS}
RANGES = {Place.MEADOW: MEADOW_RANGES, Place.SNOW: SNOW_RANGES, Place.DESERT: DESERT_RANGES, Place.SEA: SEA_RANGES}


class Layer(Protocol):
    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        """Paint onto `canvas` what the camera at `pose` sees of this layer, `time` seconds into the shot."""


@dataclass(frozen=True)
class Stage:
    lens: Lens
    path: Path
    layers: tuple[Layer, ...]

    def picture(self, time: float) -> Picture:
        """The picture `time` seconds into the shot, RGBA."""
        canvas = np.empty((self.lens.height, self.lens.width, 4), np.uint8)
        pose = self.path.pose(time)
        for layer in self.layers:
            layer.draw(canvas, pose, time)
        return canvas

    def frame(self, time: float) -> Frame:
        return np.asarray(cv2.cvtColor(self.picture(time), cv2.COLOR_RGBA2YUV_I420), np.uint8)


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

    @property
    def nearing(self) -> float:
        """How much larger than in its middle the shot shows its subject at the most."""
        return 1 / (1 - DOLLY / 2) if self.shot.camera in (Camera.DOLLY_IN, Camera.DOLLY_OUT) else 1.0


def build_stage(shot: Shot, width: int, height: int, seed: int) -> Stage:
    """Paint everything `shot` needs. KeyError: its subject has no picture."""
    rng = generator(seed, "stage")
    star = sprite.load(shot.subject) if shot.subject else None
    framing = frame_shot(rng, shot, width, height, star)
    light = light_for(shot.time, shot.weather)
    side = int(rng.choice([-1, 1]))
    sun = np.array([side * 0.62, 0.3 + 0.6 * light.height, 0.25], np.float32)
    at = width * (0.5 + side * float(rng.uniform(0.18, 0.34)))
    scene = Set(shot, seed, framing, light, sun / np.linalg.norm(sun), at)
    layers = SETS[shot.place](scene)
    if star and framing.stand:
        layers.append(_actor(scene, star))
    layers += paint_weather(generator(seed, "weather"), framing.lens, light, shot.weather)
    return Stage(framing.lens, framing.path, tuple(layers))


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
    return [
        _sky(scene),
        paint_towers(generator(scene.seed, "towers"), lens, light, distance, framing.margin(distance)),
        paint_road(generator(scene.seed, "ground"), lens, light, float(scene.sun[1]), layout),
        paint_fronts(generator(scene.seed, "fronts"), lens, light, fronts, scene.nearing),
        paint_lamp(lamps, lens, light, layout.far_kerb + 0.6),
        paint_lamp(lamps, lens, light, max(layout.near_kerb + 0.3, subject + 1.0, 8.0)),
    ]


def _water(scene: Set) -> list[Layer]:
    lens, turn = scene.framing.lens, scene.framing.path.turn
    return [*_far(scene), paint_water(generator(scene.seed, "water"), lens, scene.light, scene.sun_x, turn)]


def _near(scene: Set) -> list[Layer]:
    lens, light, framing = scene.framing.lens, scene.light, scene.framing
    rows = int(min(lens.width, lens.height) * 0.5)
    stock = paint_stock(generator(scene.seed, "stock"), KINDS[scene.shot.place], light, scene.sun, rows)
    distance = framing.remote(150.0)
    wood = far_wood(generator(scene.seed, "wood"), stock, lens, light, distance, framing.margin(distance), 90)
    plain = paint_plain(generator(scene.seed, "ground"), lens, light, scene.shot.place, float(scene.sun[1]))
    first = 14.0 * framing.size
    if framing.stand:
        first = max(first, framing.stand.distance * 1.7)
    props = set_out(generator(scene.seed, "props"), stock, lens, light, first, framing.size, 22)
    return [wood, plain, *props]


def _actor(scene: Set, star: sprite.Sprite) -> Actor:
    framing, stand = scene.framing, scene.framing.stand
    assert stand is not None
    afloat = scene.shot.place is Place.SEA and not stand.height
    side = float(np.sign(scene.sun[0]))
    return cast(star, scene.shot.action, stand, framing.lens, scene.light, side, scene.nearing, afloat)


SETS = {
    Place.MEADOW: _open,
    Place.SNOW: _open,
    Place.DESERT: _open,
    Place.SEA: _water,
    Place.STREET: _street,
}

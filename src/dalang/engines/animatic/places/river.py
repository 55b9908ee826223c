"""A river across the middle distance: trees on its far bank, their mirror in moving water, reeds on the near one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from dalang.engines.animatic.air.light import Light
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.bank import Soil, ground_end, paint_bank, planted
from dalang.engines.animatic.places.ground import Plain, paint_beach
from dalang.engines.animatic.places.grove import far_wood, paint_stock
from dalang.engines.animatic.places.land import MEADOW_RANGES, SNOW_RANGES, paint_range, spare
from dalang.engines.animatic.places.mist import paint_streaks
from dalang.engines.animatic.places.props import BUSH, PINE, REED, ROCK, SNOW_KINDS, SNOW_TUFTS, TREE, Kind, wanted
from dalang.engines.animatic.places.water import paint_water
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Thing

WIDTH = 5.2
"""Times as far from the camera as the near bank, that the far one is."""
CALM = 2.4
SPEED = 0.55
"""Metres a second that the current runs, about a subject of middling size."""
EARTH = Soil((64, 52, 38), (128, 108, 78), (104, 138, 58), 0.30)
DRIFT = Soil((150, 166, 196), (236, 242, 252), (250, 252, 255), 0.25)


@dataclass(frozen=True)
class Above:
    """A layer of which only the uppermost rows of the canvas are wanted."""

    layer: Layer
    rows: int

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        self.layer.draw(canvas[: self.rows], pose, time)


@dataclass(frozen=True)
class Ashore:
    """The near ground, up to its bank and no further, wherever a dolly brings that."""

    ground: Plain
    near: float
    """Metres to the water."""
    first: int
    """Row of the canvas at which the ground can begin at the highest."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        water = canvas[self.first : int(self.lens.row(self.near - pose.z)) + 1].copy()
        self.ground.draw(canvas, pose, time)
        canvas[self.first : self.first + len(water)] = water


def river(scene: Set) -> list[Layer]:
    """All of it but the subject; from the water where it swims or sails, else from the near bank."""
    lens, light = scene.framing.lens, scene.light
    near = ground_end(scene, 1.26, 1.85)
    far = near * WIDTH
    beyond = _beyond(scene, light, far)
    flow = _flow(scene, light, far, near)
    if scene.afloat:
        return [*beyond, _stream(scene, light, far, lens.height), *flow]
    fade = (lens.height - lens.horizon) // 14
    rows = min(lens.height, int(lens.row(near - _reach(scene))) + fade + 6)
    return [*beyond, _stream(scene, light, far, rows), *flow, *_shore(scene, light, near)]


def _water_lens(lens: Lens, far: float, rows: int) -> Lens:
    """A lens whose horizon is the far edge of the water, so that the water mirrors what stands on it."""
    return replace(lens, horizon=int(lens.row(far)), height=rows)


def _stream(scene: Set, light: Light, far: float, rows: int) -> Layer:
    framing = scene.framing
    lens = _water_lens(framing.lens, far, rows)
    rng = generator(scene.seed, "water")
    return Above(paint_water(rng, lens, light, scene.sun_x, framing.path.turn, CALM), rows)


def _flow(scene: Set, light: Light, far: float, near: float) -> list[Layer]:
    """Streaks that the current carries along, faster the nearer they are."""
    lens, rng = scene.framing.lens, generator(scene.seed, "current")
    way = float(rng.choice([-1, 1]))
    edges = [far * (near / far) ** part for part in (0.06, 0.45, 0.72, 0.97, *((1.25, 1.6) if scene.afloat else ()))]
    streaks: list[Layer] = []
    for back, front in pairwise(edges):
        rows = int(lens.row(back)), int(lens.row(front))
        middle = (back + front) / 2
        wind = way * SPEED * scene.framing.size * lens.scale(middle)
        streaks.append(paint_streaks(rng, lens, light.horizon, rows, middle, wind))
    return streaks


def _beyond(scene: Set, light: Light, far: float) -> list[Layer]:
    """Sky, hills, a wood, and the far bank with its trees."""
    framing, without = scene.framing, scene.shot.without
    lens = _water_lens(framing.lens, far, framing.lens.height)
    layers: list[Layer] = [sky(replace(scene, framing=replace(framing, lens=lens)))]
    for number, ridge in enumerate(SNOW_RANGES if _snowy(scene) else MEADOW_RANGES):
        if ridge.thing not in without:
            distance, rng = framing.remote(ridge.near * 2), generator(scene.seed, f"range {number}")
            shown, margin = spare(ridge, without), framing.margin(distance)
            layers.append(paint_range(rng, lens, light, scene.sun, shown, distance, margin))
    rows, facing = max(10, lens.height // 11), float(scene.sun[1]) * 0.8
    bank = paint_bank(generator(scene.seed, "far bank"), framing.lens, light, _soil(scene), far, rows, facing)
    kinds = wanted(SNOW_KINDS if _snowy(scene) else (TREE, PINE, replace(BUSH, height=(1.0, 2.2), share=1.6)), without)
    if not kinds:
        return [*layers, bank]
    stock = paint_stock(generator(scene.seed, "stock"), kinds, light, scene.sun, int(lens.height * 0.36))
    distance = framing.remote(150.0)
    wood = far_wood(generator(scene.seed, "wood"), stock, lens, light, distance, framing.margin(distance), 90)
    return [*layers, wood, planted(generator(scene.seed, "far trees"), bank, stock, 34, framing.size * 0.8)]


def _shore(scene: Set, light: Light, near: float) -> list[Layer]:
    """The near bank: its ground, and what grows and lies along the water."""
    lens, facing = scene.framing.lens, float(scene.sun[1])
    edge = near + _reach(scene)
    plain = paint_beach(generator(scene.seed, "ground"), lens, light, facing, edge, scene.ground)
    ground = Ashore(plain, near, int(lens.row(edge)), lens)
    rows = max(12, int(lens.height * 0.075))
    bank = paint_bank(generator(scene.seed, "near bank"), lens, light, _soil(scene), near, rows, facing * 0.8)
    kinds: tuple[Kind, ...] = (
        (replace(SNOW_TUFTS[0], height=(0.4, 0.8)), replace(SNOW_KINDS[1], height=(0.25, 0.6)))
        if _snowy(scene)
        else (REED, REED, ROCK)
    )
    kinds = wanted(kinds, scene.shot.without)
    if kinds:
        stock = paint_stock(generator(scene.seed, "reeds"), kinds, light, scene.sun, lens.height // 3)
        bank = planted(generator(scene.seed, "reed set"), bank, stock, 26, scene.framing.size * 0.8)
    return [ground, bank]


def _reach(scene: Set) -> float:
    """Metres that the camera goes to and fro, at the most."""
    return scene.framing.path.reach / 2 if nearing(scene.shot.camera) > 1 else 0.0


def _soil(scene: Set) -> Soil:
    bare = Thing.GRASS in scene.shot.without
    return DRIFT if _snowy(scene) else replace(EARTH, lip=EARTH.bright) if bare else EARTH


def _snowy(scene: Set) -> bool:
    return scene.snowy

"""A table under what is too small for the floor: food, cups, books. The set about it is seen from a table's height."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines.animatic.air.light import LAMPLIGHT, Colour, Light, indoors, rgb
from dalang.engines.animatic.bodies.volume import Board, Volume, model
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.camera.focus import SOFT, Focus
from dalang.engines.animatic.canvas.composite import Picture, picture, stamp
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.costume import relit
from dalang.engines.animatic.figures.figure import Part
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.places.ground import Plain, lay_band
from dalang.engines.animatic.places.room import floorboards
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Place

HEIGHT = 0.75
"""Metres of a table over the floor (a dining table's)."""
SMALL = 0.5
"""Metres, up to which a thing is put on a table."""
DEEP = 2.3
"""How far the table goes behind what stands on it, in distances from the camera."""
ABOUT = 1.3
"""How far away the painters of the set take the table to stand, in distances of the ground that is seen nearest."""
BOARD = 0.17
"""Width of a board, in parts of the distance to the camera."""
EDGE = 0.006
"""Of the frame's height, how thick the light on the far edge is."""
OPEN_AIR: Colour = (176, 142, 104)
WOODS: dict[Place, Colour] = {
    Place.KITCHEN: (204, 160, 112),
    Place.LIVING_ROOM: (146, 94, 58),
    Place.OFFICE: (206, 178, 142),
    Place.CLASSROOM: (214, 168, 110),
    Place.STAGE: (104, 70, 52),
    Place.CASTLE: (124, 86, 56),
    Place.ALLEY: (112, 78, 60),
    Place.STREET: (168, 124, 86),
    **dict.fromkeys((Place.MEADOW, Place.FOREST, Place.MOUNTAIN, Place.RIVER, Place.BEACH, Place.SNOW), OPEN_AIR),
    **dict.fromkeys((Place.DESERT, Place.STADIUM), OPEN_AIR),
}
"""Where tables stand, and of what colour; in the open a picnic table."""
INDOORS = frozenset({*LAMPLIGHT, Place.STAGE, Place.CASTLE})
"""Where other things than food stand on tables, too."""
DISHED = frozenset({
    "noodle-bowl", "spaghetti", "rice-bowl", "curry", "bento", "coffee", "teapot", "beer", "wine", "cocktail", "milk",
    "bubble-tea", "salad", "honey-pot", "popcorn", "french-fries", "birthday-cake", "pancakes", "sake",
})  # fmt: skip
"""Food that comes in a dish of its own."""
PLATE = 0.66
"""Radius of a plate, in parts of what lies on it."""
CHINA: Colour = (236, 234, 230)
RINGS = ((1.0, 0.80), (0.97, 1.0), (0.72, 0.86), (0.70, 0.95))
"""Parts of a plate's radius that its rim and its well reach, and how light they are."""


POTTED = frozenset({"rose", "red-tulip", "giant-sunflower", "hibiscus", "daisy", "hyacinth"})
"""Flowers that stand in a pot."""
GLAZE: Colour = (226, 138, 100)
SHAPE = (
    ((-0.09, 0.045), (0.09, 0.045), 0.045),
    ((-0.11, 0.12), (0.11, 0.12), 0.06),
    ((-0.125, 0.19), (0.125, 0.19), 0.06),
    ((-0.16, 0.27), (0.16, 0.27), 0.035),
)
"""Courses of a pot, from and to, and how thick, in parts of a flower's height."""
HOLDS = (-0.24, 0.36)
"""Left edge and upper edge of its picture in the same."""


def laid(scene: Set) -> bool:
    """Whether all that the shot shows stands on a table."""
    stands = scene.framing.stands
    return bool(stands) and scene.shot.place in WOODS and all(_belongs(one, scene.shot.place) for one in stands)


def _belongs(stand: Stand, place: Place) -> bool:
    subject = stand.figure.sprite.subject
    if stand.figure.part is not Part.THING or stand.figure.height > SMALL or stand.aloft or stand.carried or stand.pace:
        return False
    return subject.kind == "food" or (place in INDOORS and subject.kind in ("things", "plants"))


def surroundings(scene: Set) -> Set:
    """The same for the painters of the set: the camera looks over a table, if there is one."""
    if not laid(scene):
        return scene
    framing = scene.framing
    lens = replace(framing.lens, eye=framing.lens.eye + HEIGHT)
    stands = tuple(replace(one, distance=max(one.distance, ABOUT * lens.nearest)) for one in framing.stands)
    return replace(scene, framing=replace(framing, lens=lens, stands=stands, level=framing.level + HEIGHT))


@dataclass(frozen=True)
class Plate:
    """In true perspective at every moment."""

    stand: Stand
    lens: Lens
    radius: float
    """Metres."""
    light: Colour

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        mark = self.stand.way.at(time)
        for reach, tone in RINGS:
            z = mark.z - pose.z + np.sin(turn) * self.radius * reach
            x = mark.x - pose.x + np.cos(turn) * self.radius * reach
            columns = self.lens.middle + x * self.lens.focal / z - pose.turn
            rows = self.lens.horizon + self.lens.eye * self.lens.focal / z
            corners = np.round(np.stack([columns, rows], axis=1) * 16).astype(np.int32)
            colour = tuple(min(255.0, part * tone) for part in self.light)
            cv2.fillConvexPoly(canvas, corners, (*colour, 255), cv2.LINE_AA, 4)


def tabletop(scene: Set) -> list[Layer]:
    """The table, and the plates on it; what is behind is out of focus."""
    lens, stand = scene.framing.lens, scene.framing.stand
    assert stand is not None
    light = indoors(scene.light, scene.shot.place) if scene.shot.place in LAMPLIGHT else scene.light
    blur = Focus(lens.height, lens.height, SOFT * min(lens.width, lens.height))
    return [blur, _top(scene, lens, light, stand.distance), *_plates(scene, lens, light)]


def _top(scene: Set, lens: Lens, light: Light, distance: float) -> Plain:
    below = lens.height - lens.horizon
    top = int(lens.eye * lens.focal / (DEEP * distance))
    lit = rgb(light.fill) + 0.45 * rgb(light.key)
    colour = floorboards(generator(scene.seed, "table"), WOODS[scene.shot.place], 8) * lit
    band = lay_band(lens, picture(colour), (8 * BOARD * distance, 40 * BOARD * distance), top, below, 0)
    row = np.arange(below, dtype=np.float32) + 0.5 - top
    near = np.clip(row / max(1, below - top), 0, 1)
    edge = np.clip(1 - row / max(1.5, EDGE * lens.height), 0, 1)
    clear = (1 - 0.18 * near**2 - 0.10 * (1 - near))[:, None, None] * np.full((1, lens.width, 4), 255, np.float32)
    sheen = (34 * np.exp(-near * 5) + 60 * edge)[:, None, None] * lit * np.ones((1, lens.width, 1), np.float32)
    return Plain((band,), clear.astype(np.uint8), picture(sheen), lens, top)


def _plates(scene: Set, lens: Lens, light: Light) -> list[Plate]:
    lit = np.minimum(rgb(CHINA) * (rgb(light.fill) + 0.55 * rgb(light.key)), 255)
    colour = float(lit[0]), float(lit[1]), float(lit[2])
    eaten = [one for one in scene.framing.stands if _served(one)]
    return [Plate(one, lens, PLATE * one.figure.width, colour) for one in sorted(eaten, key=lambda one: -one.distance)]


def _served(stand: Stand) -> bool:
    subject = stand.figure.sprite.subject
    return subject.kind == "food" and subject.name not in DISHED


@dataclass(frozen=True)
class Pot:
    """Before the stem of its flower."""

    stand: Stand
    lens: Lens
    view: Picture

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        mark = self.stand.way.at(time)
        distance = mark.z - pose.z
        x = self.lens.middle + (mark.x - pose.x) * self.lens.scale(distance) - pose.turn
        stamp(canvas, self.view, x, self.lens.row(distance) + 0.02 * self.view.shape[0], self.stand.distance / distance)


def pots(scene: Set) -> list[Pot]:
    """Of the flowers on the table; they go before those."""
    light = indoors(scene.light, scene.shot.place) if scene.shot.place in LAMPLIGHT else scene.light
    flowers = [one for one in scene.framing.stands if one.figure.sprite.subject.name in POTTED]
    return [Pot(one, scene.framing.lens, _pot(one, scene, light)) for one in flowers]


def _pot(stand: Stand, scene: Set, light: Light) -> Picture:
    tall = stand.figure.height * scene.framing.lens.scale(stand.distance)
    left, top = HOLDS
    board = Board(left, top, round(top * tall), round(-2 * left * tall), tall)
    pieces = [Volume(start, end, (thick, thick), (GLAZE, GLAZE)) for start, end, thick in SHAPE]
    view = model(pieces, board, np.zeros((2, 2), np.float32))
    return relit(np.asarray(view, np.float32), light, float(np.sign(scene.sun[0])))

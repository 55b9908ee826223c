"""Something small between camera and subject, out of focus at the frame's edge: it tells how deep a room is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, indoors, scaled
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, stamp
from dalang.engines.animatic.canvas.easel import Easel, blank, lit
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.houseplant import grow
from dalang.engines.animatic.scenery import Layer, Set
from dalang.scene.plan import Place, Thing

STILL = 0.05
"""Metres that the camera may go aside: further, what is near would pass before the subject."""
SHARE = 0.62
"""Height of a metre, in parts of the frame's shorter side."""
WOOD: Colour = (150, 96, 54)


@dataclass(frozen=True)
class Near:
    view: Picture
    x: float
    lens: Lens
    depth: float
    """Metres."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        grown = self.depth / max(0.4 * self.depth, self.depth - 0.5 * pose.z)
        column = self.lens.middle + (self.x - self.lens.middle) * grown - 1.2 * pose.turn
        stamp(canvas, self.view, column, self.lens.height + 0.06 * self.view.shape[0], grown)


def paint_near(scene: Set) -> list[Layer]:
    """A plant or the back of a chair in a lower corner; nothing where the camera travels."""
    lens, place = scene.framing.lens, scene.shot.place
    if scene.framing.travel > STILL or (Thing.BUSHES in scene.shot.without and THINGS[place] is _leaves):
        return []
    rng = generator(scene.seed, "near")
    easel = blank(1.5, 1.0, SHARE * min(lens.width, lens.height), -0.75)
    THINGS[place](rng, easel)
    base = indoors(scene.light, place).fill
    shown = cv2.GaussianBlur(lit(easel, scaled(base, 0.55), []), (0, 0), max(1.0, lens.height / 110))
    side = float(rng.choice([0.02, 0.98]))
    depth = scene.framing.stand.distance if scene.framing.stand else 4.0
    return [Near(np.asarray(shown, np.uint8), side * lens.width, lens, depth)]


def _leaves(rng: np.random.Generator, easel: Easel) -> None:
    grow(rng, easel, 1.0)


def _chair(rng: np.random.Generator, easel: Easel) -> None:
    """Its back, seen from behind."""
    for x in (-0.26, 0.26):
        easel.bar((x, 0.0), (x * 1.06, 0.52), 0.06, WOOD)
    for low in (0.16, 0.40):
        easel.round(-0.30, low, 0.30, low + 0.11, scaled(WOOD, 1.1), 0.05)


THINGS: dict[Place, Callable[[np.random.Generator, Easel], None]] = {
    Place.LIVING_ROOM: _leaves,
    Place.OFFICE: _leaves,
    Place.KITCHEN: _chair,
    Place.CLASSROOM: _chair,
}

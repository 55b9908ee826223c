"""What the painters of a set are given, and what they give: layers, from far to near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dalang.engines.animatic.air.light import Light
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.camera.framing import Framing
from dalang.engines.animatic.camera.window import Window
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.figure import Figure
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.engines.animatic.places.ground import GREEN
from dalang.engines.animatic.places.props import Sun
from dalang.engines.animatic.places.sky import paint_sky
from dalang.scene.performer import Action
from dalang.scene.plan import Place, Season, Shot, Thing, Weather

WATERS = (Place.SEA, Place.BEACH, Place.RIVER)
"""Where a subject can be in the water."""


class Layer(Protocol):
    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        """Paint onto `canvas` what the camera at `pose` sees of this layer, `time` seconds into the shot."""


@dataclass(frozen=True)
class Set:
    """What the painters of a set need to know."""

    shot: Shot
    seed: int
    framing: Framing
    """Its lens sees all that is painted."""
    window: Window
    light: Light
    sun: Sun
    """Unit vector to the sun: x right, y up, z away."""
    sun_x: float
    """Column of the sun."""
    star: Sprite | None
    aloft: tuple[Layer, ...] = ()
    """What is seen in the sky alone."""

    @property
    def afloat(self) -> bool:
        """Whether the subject is in the water or on it."""
        stand = self.framing.stand
        return stand is not None and afloat(stand.figure, self.shot.place)

    @property
    def ground(self) -> Place:
        """Whose ground lies there: that of the snowfield wherever plants would grow, if snow lies."""
        return Place.SNOW if self.snowy and self.shot.place in GREEN else self.shot.place

    @property
    def snowy(self) -> bool:
        """Whether snow lies: it falls, or it is winter."""
        winter = self.shot.season is Season.WINTER and Thing.SNOW not in self.shot.without
        return self.shot.weather is Weather.SNOW or winter


def afloat(figure: Figure, place: Place) -> bool:
    """Whether `figure` is in the water of `place` or on it."""
    action = figure.performer.action
    if place not in WATERS or action is Action.FLY:
        return False
    return figure.sprite.subject.medium == "water" or action in (Action.SWIM, Action.SAIL)


def sky(scene: Set) -> Layer:
    """The farthest layer of whatever lies under the open sky."""
    lens, turn = scene.framing.lens, scene.framing.path.turn
    dome = paint_sky(generator(scene.seed, "sky"), lens, scene.light, scene.sun_x, turn, scene.shot.duration)
    return Heavens(dome, scene.aloft) if scene.aloft else dome


@dataclass(frozen=True)
class Heavens:
    """The sky, and what is seen in it."""

    dome: Layer
    aloft: tuple[Layer, ...]

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        self.dome.draw(canvas, pose, time)
        for layer in self.aloft:
            layer.draw(canvas, pose, time)

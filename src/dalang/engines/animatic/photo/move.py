"""How a camera moves before a still picture, of which nothing may be seen beyond its edges."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dalang.engines.animatic.photo.relief import Plane
from dalang.scene.plan import Camera

PUSH = 0.12
"""How far the camera moves in: the part of the picture's sides that has left the frame at the end."""
DRIFT = 0.035
"""How far it moves sideways meanwhile, in half widths; less than what PUSH leaves beyond the frame."""
FOCUS = (0.0, -0.16)
"""What it moves towards, -1..1: a little above the middle, where faces are, so that no head is cut off."""
SLIDE = 0.11
"""How far what is nearest goes past the pivot when the camera moves aside, in half widths."""
SWAY = 0.012
"""How far a camera held by hand strays, in half widths."""
MOVING = frozenset(Camera) - {Camera.STATIC}

Point = tuple[float, float]


@dataclass(frozen=True)
class Move:
    """Where the camera has gone at the end, in half widths and half heights of the picture."""

    push: float = 0.0
    """In; out if negative, with the border held where it is."""
    focus: Point = FOCUS
    """What it moves towards: a corner or an edge when it pans."""
    drift: Point = (0.0, 0.0)
    """Aside as a whole, by nearness."""
    slide: Point = (0.0, 0.0)
    """Aside about the pivot: what is nearer goes one way, what is farther the other."""
    sway: float = 0.0
    held: bool = False
    """Whether the border stays where it is, so that a drift without a push shows nothing beyond it."""

    def path(self, near: Plane, pivot: float, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """How far the points `x`, `y` (-1..1) look aside and down at the end; before it, as much of that."""
        past = (near - pivot) * (1 - x**4) * (1 - y**4)
        pull = near * ((1 - x * x) * (1 - y * y) if self.held or self.push < 0 else 1)
        across = pull * ((self.focus[0] - x) * self.push + self.drift[0]) + past * self.slide[0]
        down = pull * ((self.focus[1] - y) * self.push + self.drift[1]) + past * self.slide[1]
        return np.asarray(across, np.float32), np.asarray(down, np.float32)

    def strayed(self, time: float) -> Point:
        """How far a camera held by hand is off its path, `time` seconds into the take."""
        x = math.sin(1.7 * time) + 0.6 * math.sin(2.9 * time + 1.3) + 0.25 * math.sin(6.1 * time)
        y = math.sin(2.1 * time + 0.7) + 0.6 * math.sin(3.7 * time) + 0.25 * math.sin(5.3 * time + 2)
        return self.sway * x / 1.85, self.sway * y / 1.85


MOVES = {
    Camera.STATIC: Move(),
    Camera.DOLLY_OUT: Move(push=-0.14),
    Camera.PAN_LEFT: Move(push=0.17, focus=(-1.0, -0.1), slide=(-0.05, 0.0)),
    Camera.PAN_RIGHT: Move(push=0.17, focus=(1.0, -0.1), slide=(0.05, 0.0)),
    Camera.TRACKING: Move(push=0.13, focus=(0.9, 0.0), slide=(SLIDE, 0.0)),
    Camera.TILT_UP: Move(push=0.17, focus=(0.0, -1.0), slide=(0.0, -0.04)),
    Camera.TILT_DOWN: Move(push=0.17, focus=(0.0, 1.0), slide=(0.0, 0.04)),
    Camera.CRANE_UP: Move(push=0.10, focus=(0.0, -1.0), slide=(0.0, -SLIDE)),
    Camera.CRANE_DOWN: Move(push=0.12, focus=(0.0, 0.9), slide=(0.0, SLIDE)),
    Camera.ORBIT: Move(push=0.06, slide=(1.6 * SLIDE, 0.0)),
    Camera.HANDHELD: Move(push=0.07, sway=SWAY),
}
"""What each camera does; a dolly in drifts as the seed has it."""


def camera_move(camera: Camera, random: np.random.Generator, unwanted: frozenset[Camera] = frozenset()) -> Move:
    """The move of `camera`; without a push where zooming is unwanted, without any motion where all motion is."""
    side = float(random.choice((-1.0, 1.0)) * random.uniform(0.6, 1.0))
    strength, tilt = float(random.uniform(0.85, 1.0)), float(random.uniform(-1, 1))
    drift = (DRIFT * side, DRIFT * 0.4 * tilt)
    if unwanted >= MOVING:
        return MOVES[Camera.STATIC]
    if Camera.DOLLY_IN in unwanted:
        return Move(drift=drift, held=True)
    return MOVES.get(camera, Move(push=PUSH * strength, drift=drift))

"""A rug on the floor, in true perspective at every moment."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, rgb
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.places.room import Room

HALF = (1.55, 0.85)
"""Metres along the wall and away from it."""
RINGS = (1.0, 0.92, 0.80, 0.74)
"""Parts of the rug that each of its colours reaches."""


@dataclass(frozen=True)
class Rug:
    room: Room
    along: float
    z: float
    """Metres of the lens from the camera to its middle."""
    colours: tuple[Colour, ...]

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lens, unit = self.room.lens, self.room.unit
        middle = self.z - pose.z
        home = (self.room.column(self.along, pose.x, pose.turn, middle) - lens.middle + pose.turn) / lens.scale(middle)
        turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        for ring, colour in zip(RINGS, self.colours, strict=True):
            z = np.maximum(middle + np.sin(turn) * HALF[1] * ring * unit, 0.3 * lens.nearest)
            x = home + np.cos(turn) * HALF[0] * ring * unit
            columns = lens.middle + x * lens.focal / z - pose.turn
            rows = lens.horizon + lens.eye * lens.focal / z
            corners = np.round(np.stack([columns, rows], axis=1) * 16).astype(np.int32)
            cv2.fillConvexPoly(canvas, corners, (*colour, 255), cv2.LINE_AA, 4)


def lay_rug(room: Room, along: float, colours: tuple[Colour, ...]) -> Rug:
    """A round rug before the wall, under the subject where there is one."""
    stand = room.scene.framing.stand
    z = stand.distance if stand else room.wall * 0.62
    light = rgb(room.air.fill) + 0.10 * rgb(room.air.key)
    shown = [np.clip(rgb(colour) * light, 0, 255) for colour in colours]
    return Rug(
        room, along, min(z, room.wall - 1.2 * room.unit), tuple((float(r), float(g), float(b)) for r, g, b in shown)
    )

"""A clock on the wall that goes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2

from dalang.engines.animatic.air.light import Colour, rgb
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.easel import Easel
from dalang.engines.animatic.places.room import Room

RADIUS = 0.17
"""Metres."""
HANDS = ((0.5, 0.022, 1 / 43200), (0.78, 0.016, 1 / 3600), (0.84, 0.007, 1 / 60))
"""Hours, minutes, seconds: length in parts of the face, breadth in metres, turns a second."""
HOUR = {"dawn": 6.7, "day": 10.15, "dusk": 18.9, "night": 23.2}


@dataclass(frozen=True)
class Clock:
    """Its hands; the face is painted on the wall."""

    room: Room
    along: float
    high: float
    colour: Colour

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        room, distance = self.room, self.room.wall - pose.z
        per_metre = room.unit * room.lens.scale(distance)
        x = room.column(self.along, pose.x, pose.turn, distance)
        y = room.lens.row(distance) - self.high * per_metre
        now = HOUR[room.scene.shot.time] * 3600 + math.floor(time)
        for long, wide, pace in HANDS:
            turn = 2 * math.pi * now * pace
            end = x + long * RADIUS * per_metre * math.sin(turn), y - long * RADIUS * per_metre * math.cos(turn)
            corners = (round(x * 16), round(y * 16)), (round(end[0] * 16), round(end[1] * 16))
            cv2.line(canvas, *corners, (*self.colour, 255), max(1, round(wide * per_metre)), cv2.LINE_AA, 4)


def hang_clock(room: Room, easel: Easel, along: float, high: float) -> Clock:
    """Paint a clock's face on the wall; give its hands."""
    easel.shadow(along - 0.13, high - 0.22, along + 0.17, high + 0.12, 0.08, 0.3)
    easel.oval(along, high, RADIUS * 1.14, RADIUS * 1.14, (52, 50, 52))
    easel.oval(along, high, RADIUS, RADIUS, (244, 240, 230))
    for hour in range(12):
        sine, cosine = math.sin(hour * math.pi / 6), math.cos(hour * math.pi / 6)
        near, far = RADIUS * (0.72 if hour % 3 == 0 else 0.80), RADIUS * 0.9
        one, other = (along + near * sine, high + near * cosine), (along + far * sine, high + far * cosine)
        easel.bar(one, other, 0.018 if hour % 3 == 0 else 0.01, (60, 56, 58))
    r, g, b = (float(part) for part in rgb((40, 36, 40)) * rgb(room.air.fill).clip(0.2, 1))
    return Clock(room, along, high, (r, g, b))

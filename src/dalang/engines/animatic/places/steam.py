"""Steam over a pot: soft puffs that rise, widen and fade."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dalang.engines.animatic.air.light import rgb
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, glow, stamp
from dalang.engines.animatic.places.room import Room

PUFFS = 9
AGES = 8
"""Steps in which a puff fades."""
LIFE = 3.2
"""Seconds."""


@dataclass(frozen=True)
class Steam:
    room: Room
    along: float
    before: float
    high: float
    """Metres over the floor where it begins."""
    puffs: tuple[Picture, ...]
    """One for each step of age."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        room, distance = self.room, self.room.wall - self.before * self.room.unit - pose.z
        per_metre = room.unit * room.lens.scale(distance)
        x = room.column(self.along, pose.x, pose.turn, distance)
        row = room.lens.row(distance) - self.high * per_metre
        for number in range(PUFFS):
            age = (time / LIFE + number / PUFFS) % 1.0
            puff = self.puffs[min(AGES - 1, int(age * AGES))]
            drift = 0.05 * math.sin(number * 2.4 + time * 0.9) * (0.3 + age) * per_metre
            size = 0.45 + 0.75 * age
            stamp(canvas, puff, x + drift, row - 0.75 * age * per_metre + puff.shape[0] * size / 2, size, lit=True)


def steam(room: Room, along: float, before: float, high: float) -> Steam:
    per_metre = room.unit * room.lens.scale(room.wall - before * room.unit)
    white = rgb(room.air.fill) * 62
    puffs = []
    for age in range(AGES):
        part = math.sin(math.pi * (age + 0.7) / (AGES + 0.4)) ** 0.8
        r, g, b = (float(c) for c in white * part)
        puffs.append(glow(max(3, round(0.2 * per_metre)), (r, g, b), 1.6))
    return Steam(room, along, before, high, tuple(puffs))

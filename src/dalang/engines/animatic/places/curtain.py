"""A curtain beside a window: cloth in folds that hangs from a rod and stirs in the draught."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, rgb
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture
from dalang.engines.animatic.places.room import Room, rgbs

FOLDS = 5
WIDE = 0.52
"""Metres."""


@dataclass(frozen=True)
class Curtain:
    view: Picture
    """With room at its sides to swing in."""
    along: float
    low: float
    room: Room
    phase: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        room, distance = self.room, self.room.wall - 0.1 * self.room.unit - pose.z
        grown = room.wall / distance / room.grown
        rows, columns = round(self.view.shape[0] * grown), round(self.view.shape[1] * grown)
        down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        across = np.linspace(0, 1, columns, dtype=np.float32)[None, :]
        swing = np.sin(time * 1.1 + self.phase) + 0.5 * np.sin(time * 1.9 + across * 5 + down * 3 + self.phase)
        at_x = (across * (self.view.shape[1] - 1) + swing * down**2 * 0.05 * self.view.shape[1]).astype(np.float32)
        at_y = down / grown * (rows - 1) * np.ones_like(across)
        drawn = np.asarray(cv2.remap(self.view, at_x, at_y.astype(np.float32), cv2.INTER_LINEAR), np.uint8)
        x = room.column(self.along, pose.x, pose.turn, distance) - columns / 2
        foot = room.lens.row(distance) - self.low * room.unit * room.lens.scale(distance)
        over(canvas, drawn, round(x), round(foot) - rows)


def hang(room: Room, along: float, low: float, high: float, cloth: Colour, phase: float) -> Curtain:
    """A curtain whose middle is at `along`, from `low` to `high`; light comes through it by day."""
    scale = room.lens.scale(room.wall) * room.unit * room.grown
    rows, columns = max(4, round((high - low) * scale)), max(4, round(WIDE * 1.3 * scale))
    x = np.linspace(-0.15, 1.15, columns, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    fold = 0.80 + 0.24 * np.sin(2 * np.pi * FOLDS * (x + 0.02 * np.sin(down * 4 + phase)) + phase)
    fold = fold * (1 - 0.12 * down)
    gathered = 0.47 - 0.05 * np.exp(-(((down - 0.1) / 0.2) ** 2))
    edge = np.clip((gathered - np.abs(x - 0.5)) * WIDE * scale + 0.5, 0, 1)
    light = rgb(rgbs(room.air.fill, room.daylight, 0.35))
    return Curtain(picture(fold[..., None] * rgb(cloth) * light, edge), along, low, room, phase)

"""A palm that leans over the water and sways."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over
from dalang.engines.animatic.places.grove import shadow
from dalang.engines.animatic.places.props import Sun

TALL = 1.05
"""Of the rows from the frame's top to its foot."""
SHARP = 2
"""Painted this many times larger, then averaged down."""
FRONDS = 15
LEAF: Colour = (86, 138, 52)
TRUNK: Colour = (142, 112, 82)


@dataclass(frozen=True)
class Palm:
    """It is sheared to and fro about its foot, the crown the most."""

    view: Picture
    shade: Picture
    foot: tuple[int, int]
    """Column and row of the foot in the view."""
    column: float
    z: float
    far: float
    """Metres at which it goes by as the camera travels; more than `z` where it would else rush past."""
    lens: Lens
    phase: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        grown = self.z / distance
        x = self.lens.middle + (self.column - self.lens.middle) * grown - pose.x * self.lens.scale(self.far) - pose.turn
        row = self.lens.row(distance)
        lean = 0.010 * math.sin(time * 1.1 + self.phase) + 0.005 * math.sin(time * 2.7 + self.phase)
        over(canvas, self.shade, round(x) - self.shade.shape[1] // 2, round(row) - self.shade.shape[0] // 2)
        self._stamp(canvas, x, row, grown, lean)

    def _stamp(self, canvas: Picture, x: float, row: float, grown: float, lean: float) -> None:
        rows, columns = self.view.shape[:2]
        left, top = math.floor(x - self.foot[0] * grown), math.floor(row - self.foot[1] * grown)
        if left >= canvas.shape[1] or left + columns * grown <= 0:
            return
        cut = max(0, -top)
        move = np.array(
            [[grown, -lean * grown, lean * grown * self.foot[1] + x - self.foot[0] * grown - left],
             [0, grown, row - self.foot[1] * grown - top - cut]], np.float32,
        )  # fmt: skip
        box = (math.ceil(columns * grown) + 2, math.ceil(rows * grown) + 2 - cut)
        over(
            canvas, np.asarray(cv2.warpAffine(self.view, move, box, flags=cv2.INTER_LINEAR), np.uint8), left, top + cut
        )


def paint_palm(
    rng: np.random.Generator, lens: Lens, light: Light, sun: Sun, column: float, z: tuple[float, float], lean: float
) -> Palm:
    """A palm with its foot at `column` (pixels), leaning to the side of `lean` (-1 left, 1 right).

    `z`: metres at which it stands, and as far as which it moves with the camera.
    """
    foot_row = lens.row(z[0])
    rows = int(min(foot_row * TALL * rng.uniform(0.80, 0.95), lens.width * 0.9))
    wide = int(rows * 1.15)
    big = np.zeros((rows * SHARP, wide * SHARP, 4), np.uint8)
    trunk = _trunk(big.shape[0], big.shape[1], lean)
    _draw_trunk(rng, big, trunk, light, float(sun[0]))
    _draw_crown(rng, big, trunk[-1], light)
    view = np.asarray(cv2.resize(big, (wide, rows), interpolation=cv2.INTER_AREA), np.uint8)
    foot = (round(float(trunk[0, 0]) / SHARP), rows - 1)
    return Palm(view, shadow(rows * 0.30, lens, light), foot, column, *z, lens, float(rng.uniform(0, 6)))


def _trunk(rows: int, columns: int, lean: float) -> np.ndarray:
    """Points from foot to crown: leaning, then rising. Shape (n, 2)."""
    part = np.linspace(0, 1, 40, dtype=np.float32)
    x = columns * 0.5 + lean * rows * (0.30 * part**1.5 - 0.16)
    return np.stack([x, rows - 1 - part * rows * 0.70], axis=1)


def _draw_trunk(rng: np.random.Generator, big: Picture, trunk: np.ndarray, light: Light, side: float) -> None:
    rows = big.shape[0]
    for number in range(len(trunk) - 1):
        part = number / len(trunk)
        thick = max(2, round(rows * (0.026 - 0.013 * part + (0.012 * (1 - part) ** 12))))
        dark = 0.86 + 0.14 * (number % 2)
        for offset, level in ((0.0, 0.62), (0.18 * side, 0.95), (0.30 * side, 1.25)):
            x, y = trunk[number] + (thick * offset, 0)
            tx, ty = trunk[number + 1] + (thick * offset, 0)
            width = max(1, round(thick * (1 - abs(offset) * 2)))
            tone = _tone(TRUNK, light, level * dark * float(rng.uniform(0.92, 1.05)))
            cv2.line(big, (round(x), round(y)), (round(tx), round(ty)), tone, width, cv2.LINE_AA)


def _draw_crown(rng: np.random.Generator, big: Picture, top: np.ndarray, light: Light) -> None:
    """Fronds all round, those behind first and darker."""
    for number in range(FRONDS):
        part = number / (FRONDS - 1)
        angle = rng.uniform(-0.5, 3.64) if part < 0.6 else rng.uniform(0.1, 3.04)
        length = big.shape[0] * float(rng.uniform(0.30, 0.40))
        level = 0.55 + 0.6 * part
        leaf = mix(LEAF, (178, 168, 76), float(rng.uniform(0, 0.35)))
        _draw_frond(rng, big, top, angle, length, _tone(leaf, light, level))


def _draw_frond(
    rng: np.random.Generator, big: Picture, top: np.ndarray, angle: float, length: float, tone: tuple[float, ...]
) -> None:
    """A rib that bends down under its own weight, with leaflets hanging from it."""
    part = np.linspace(0, 1, 30, dtype=np.float32)
    droop = 0.62 * length * part**2.2
    x = top[0] + np.cos(angle) * length * part * (1 - 0.12 * part)
    y = top[1] - np.sin(angle) * length * 0.72 * part + droop
    rib = np.stack([x, y], axis=1)
    for number in range(2, 29):
        near = math.sin(math.pi * min(1.0, part[number] * 0.92 + 0.08)) ** 0.6
        reach = length * 0.20 * near * float(rng.uniform(0.85, 1.1))
        along = (rib[number] - rib[number - 1]) / (np.hypot(*(rib[number] - rib[number - 1])) + 1e-6)
        for side in (-1, 1):
            across = np.array([-along[1], along[0]]) * side
            tip = rib[number] + along * reach * 0.75 + across * reach * 0.55 + np.array([0, reach * 0.35])
            blade = np.array([rib[number - 1], tip, rib[number]])
            shade = tuple(value * (0.86 if side > 0 else 1.06) for value in tone[:3])
            cv2.fillPoly(big, [np.round(blade * 16).astype(np.int32)], (*shade, 255), cv2.LINE_AA, 4)
    cv2.polylines(big, [np.round(rib).astype(np.int32)], False, tone, max(1, round(length * 0.012)), cv2.LINE_AA)


def _tone(albedo: Colour, light: Light, level: float) -> tuple[float, float, float, float]:
    red, green, blue = np.clip(rgb(albedo) * (rgb(light.fill) + 0.62 * rgb(light.key)) * level, 0, 255)
    return float(red), float(green), float(blue), 255.0

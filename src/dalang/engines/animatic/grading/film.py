"""What film stock, lens and projector add to a picture: grain, dust, a gate that weaves, bloom, dark corners."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from dalang.engines import Frame
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.grading.tone import WHITE, Table
from dalang.engines.i420 import Planes

RATE = 24
"""Pictures a second on film: grain and dust change as often."""
SPARE = 64
"""Pixels by which the plate of grain is larger than the frame, so that it can lie elsewhere on each picture."""


@dataclass(frozen=True)
class Grain:
    plate: Frame
    """128 and the grain."""

    def apply(self, planes: Planes, time: float) -> None:
        number = int(time * RATE)
        top, left = number * 37 % SPARE, number * 53 % SPARE
        luma = planes[0]
        part = self.plate[top : top + luma.shape[0], left : left + luma.shape[1]]
        cv2.addWeighted(luma, 1, part, 1, -128, dst=luma)


def paint_grain(seed: int, width: int, height: int, strength: float) -> Grain:
    """`strength`: standard deviation of luma."""
    noise = generator(seed, "grain plate").standard_normal((height + SPARE, width + SPARE), np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), max(0.5, 0.9 * min(width, height) / 720))
    return Grain(np.clip(128 + soft * (strength / float(soft.std())), 0, 255).astype(np.uint8))


@dataclass(frozen=True)
class Weave:
    """The picture stands a little elsewhere in the gate each time, and the lamp is not quite steady."""

    seed: int

    def apply(self, planes: Planes, time: float) -> None:
        number = int(time * RATE)
        unit = max(1, round(planes[0].shape[0] / 720))
        chance = Random(f"weave {self.seed} {number}")
        across = round(unit * (0.8 * math.sin(time * 2.1 + self.seed) + chance.uniform(-0.6, 0.6)))
        down = round(unit * (0.9 * math.sin(time * 1.3) + chance.uniform(-0.6, 0.6)))
        for plane, step in zip(planes, (2, 1, 1), strict=True):
            plane[:] = _moved(plane, across * step, down * step)
        lamp = 1 + 0.018 * math.sin(time * 9.1) + chance.uniform(-0.012, 0.012)
        cv2.convertScaleAbs(planes[0], planes[0], lamp)


def _moved(plane: Frame, across: int, down: int) -> Frame:
    rows, columns = plane.shape
    spare = 4 + max(abs(across), abs(down))
    wide = cv2.copyMakeBorder(plane, spare, spare, spare, spare, cv2.BORDER_REPLICATE)
    return np.asarray(wide[spare - down :, spare - across :][:rows, :columns], np.uint8)


@dataclass(frozen=True)
class Dust:
    """Specks that come for one picture, a hair now and then, and a scratch that wanders."""

    seed: int

    def apply(self, planes: Planes, time: float) -> None:
        luma, number = planes[0], int(time * RATE)
        chance = Random(f"dust {self.seed} {number}")
        rows, columns = luma.shape
        unit = rows / 720
        for _ in range(chance.randint(0, 3)):
            at = chance.randrange(columns), chance.randrange(rows)
            size = max(1, round(chance.uniform(0.8, 3.2) * unit)), max(1, round(chance.uniform(0.6, 1.8) * unit))
            cv2.ellipse(luma, at, size, chance.uniform(0, 180), 0, 360, chance.choice((40, 226)), -1, cv2.LINE_AA)
        if chance.random() < 0.12:
            _hair(luma, chance, unit)
        self._scratch(luma, number, unit)

    def _scratch(self, luma: Frame, number: int, unit: float) -> None:
        spell = Random(f"scratch {self.seed} {number // 20}")
        if spell.random() < 0.45:
            column = round(spell.uniform(0.1, 0.9) * luma.shape[1] + 2 * unit * math.sin(number * 0.9))
            part = luma[:, column : column + max(1, round(unit))]
            cv2.convertScaleAbs(part, part, 1.0, 22)


def _hair(luma: Frame, chance: Random, unit: float) -> None:
    x, y, turn = chance.random() * luma.shape[1], chance.random() * luma.shape[0], chance.uniform(0, 6.3)
    points = []
    for _ in range(9):
        points.append((x, y))
        x, y, turn = x + 6 * unit * math.cos(turn), y + 6 * unit * math.sin(turn), turn + chance.uniform(-0.5, 0.7)
    line = np.round(np.array(points)).astype(np.int32)
    cv2.polylines(luma, [line], False, 46, max(1, round(unit)), cv2.LINE_AA)


@dataclass(frozen=True)
class Bloom:
    """Bright parts shine over their edges."""

    bright: Table
    strength: float

    def apply(self, planes: Planes, time: float) -> None:
        luma = planes[0]
        rows, columns = luma.shape
        small = cv2.resize(luma, (max(2, columns // 8), max(2, rows // 8)), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(cv2.LUT(small, self.bright), (0, 0), max(1.0, rows / 8 * 0.035))
        shine = cv2.resize(soft, (columns, rows), interpolation=cv2.INTER_LINEAR)
        cv2.addWeighted(luma, 1, shine, self.strength, 0, dst=luma)
        cv2.min(luma, np.full(1, WHITE, np.uint8), dst=luma)


def bloom(strength: float, first: int = 150) -> Bloom:
    """Of what is brighter than luma `first`."""
    value = np.arange(256, dtype=np.float32)
    return Bloom(np.clip((value - first) * 255 / (WHITE - first), 0, 255).astype(np.uint8), strength)


@dataclass(frozen=True)
class Corners:
    """Light lost toward the frame's corners."""

    left: Frame
    """Share that is left, 0..255, by pixel."""

    def apply(self, planes: Planes, time: float) -> None:
        cv2.multiply(planes[0], self.left, dst=planes[0], scale=1 / 255)


def corners(width: int, height: int, lost: float, fall: float = 1.2) -> Corners:
    """`lost`: part of the light that is missing in the very corner; the higher `fall`, the nearer to it that begins."""
    x, y = np.linspace(-1, 1, width, dtype=np.float32)[None, :], np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return Corners((255 * (1 - lost * ((x * x + y * y) / 2) ** fall)).astype(np.uint8))

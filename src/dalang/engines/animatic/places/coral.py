"""What grows on the sea floor: corals, which stand still, and weed, which sways."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, hazed, mix, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture
from dalang.engines.animatic.canvas.noise import Field, smoothstep, tile

CORALS: tuple[Colour, ...] = ((255, 116, 120), (255, 168, 92), (214, 110, 220), (250, 210, 110), (240, 92, 150))
WEEDS: tuple[Colour, ...] = ((70, 150, 84), (122, 160, 60), (58, 132, 112))
SHARP = 2


@dataclass(frozen=True)
class Weed:
    """A tuft of blades; its rows slide to and fro, the tips the most."""

    view: Picture
    at_x: Field
    at_y: Field
    x: float
    z: float
    period: float
    """Metres after which it stands again."""
    lens: Lens
    phase: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        per_metre = self.lens.scale(distance)
        aside = np.mod(self.x - pose.x - pose.turn / per_metre + self.period / 2, self.period) - self.period / 2
        rows, columns = self.view.shape[:2]
        x, row = self.lens.middle + aside * per_metre - columns / 2, self.lens.row(distance) - rows * 0.97
        if x >= canvas.shape[1] or x + columns <= 0:
            return
        high = 1 - self.at_y / rows
        sway = np.sin(time * 1.3 + self.phase - high * 2.2) + 0.5 * np.sin(time * 2.1 + self.phase * 2 - high * 3.4)
        bent = self.at_x + (0.11 * columns) * high**1.4 * sway
        moved = cv2.remap(self.view, np.asarray(bent, np.float32), self.at_y, cv2.INTER_LINEAR)
        over(canvas, np.asarray(moved, np.uint8), round(x), round(row))


def paint_weed(
    rng: np.random.Generator, lens: Lens, light: Light, high: float, x: float, z: float, period: float
) -> Weed:
    """A tuft `high` pixels high at `x` and `z` metres."""
    rows = max(8, round(high))
    columns = max(8, round(rows * 0.62))
    big = np.zeros((rows * SHARP, columns * SHARP, 4), np.uint8)
    green = WEEDS[rng.integers(len(WEEDS))]
    for number in range(9):
        part = number / 8
        tone = _tone(mix(green, (176, 190, 90), float(rng.uniform(0, 0.3))), light, z, 0.6 + 0.5 * part)
        _draw_blade(rng, big, tone)
    view = np.asarray(cv2.resize(big, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    at_y, at_x = np.mgrid[:rows, :columns].astype(np.float32)
    return Weed(view, at_x, at_y, x, z, period, lens, float(rng.uniform(0, 6)))


def _draw_blade(rng: np.random.Generator, big: Picture, tone: tuple[float, ...]) -> None:
    rows, columns = big.shape[:2]
    part = np.linspace(0, 1, 24)
    top = float(rng.uniform(0.5, 0.98))
    foot = columns * float(rng.uniform(0.40, 0.60))
    lean = columns * float(rng.normal(0, 0.13))
    wave = columns * 0.03 * np.sin(part * 9 + float(rng.uniform(0, 6))) * part
    middle = foot + lean * part + wave
    y = rows - 1 - part * top * rows
    thick = columns * 0.030 * np.sin(np.pi * (part * 0.9 + 0.1)) ** 0.5
    edge = np.concatenate([np.stack([middle - thick, y], 1), np.stack([middle + thick, y], 1)[::-1]])
    cv2.fillPoly(big, [np.round(edge * 16).astype(np.int32)], tone, cv2.LINE_AA, 4)
    bright = tuple(min(255.0, value * 1.25) for value in tone[:3])
    cv2.polylines(big, [np.round(np.stack([middle, y], 1)).astype(np.int32)], False, (*bright, 255), 1, cv2.LINE_AA)


def paint_coral(rng: np.random.Generator, light: Light, rows: int, z: float) -> Picture:
    """A coral `rows` pixels high, `z` metres away: a branching one, a fan or a brain."""
    form = int(rng.integers(3))
    colour = CORALS[rng.integers(len(CORALS))]
    return (_branching, _branching, _brain)[form](rng, light, max(8, rows), z, colour)


def _branching(rng: np.random.Generator, light: Light, rows: int, z: float, colour: Colour) -> Picture:
    size = (rows * SHARP, round(rows * 1.25) * SHARP)
    big = np.zeros((*size, 4), np.uint8)
    for depth in range(3):
        for stem in range(5):
            angle = (stem - 2) * 0.34 + float(rng.normal(0, 0.10))
            tone = _tone(colour, light, z, 0.55 + 0.28 * depth)
            start = np.array([size[1] / 2 + (stem - 2) * size[1] * 0.03, size[0] - 1.0])
            _branch(rng, big, start, angle, size[0] * float(rng.uniform(0.26, 0.36)), size[0] * 0.042, 3, tone)
    return np.asarray(cv2.resize(big, (size[1] // SHARP, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _branch(
    rng: np.random.Generator, big: Picture, start: np.ndarray, angle: float, length: float, thick: float,
    left: int, tone: tuple[float, ...],
) -> None:  # fmt: skip
    """A branch, and `left` generations of its own."""
    end = start + length * np.array([math.sin(angle), -math.cos(angle)])
    width = max(1, round(thick * 2))
    first, last = (round(float(start[0])), round(float(start[1]))), (round(float(end[0])), round(float(end[1])))
    cv2.line(big, first, last, tone, width, cv2.LINE_AA)
    cv2.circle(big, last, max(1, round(thick * 1.15)), tone, -1, cv2.LINE_AA)
    gleam = tuple(min(255.0, value * 1.3 + 8) for value in tone[:3])
    shift = max(1, round(thick * 0.45))
    cv2.line(
        big, (first[0] - shift, first[1]), (last[0] - shift, last[1]), (*gleam, 255), max(1, width // 3), cv2.LINE_AA
    )
    if left:
        for side in (-1, 1):
            turn = angle + side * float(rng.uniform(0.22, 0.55))
            _branch(rng, big, end, turn, length * float(rng.uniform(0.55, 0.75)), thick * 0.72, left - 1, tone)


def _brain(rng: np.random.Generator, light: Light, rows: int, z: float, colour: Colour) -> Picture:
    """A dome with winding furrows, lit from above."""
    rows = max(8, round(rows * 0.55))
    columns = round(rows * 1.9)
    x = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
    y = np.linspace(1, 0, rows, dtype=np.float32)[:, None]
    square = x * x + y * y
    front = np.sqrt(np.clip(1 - square, 0, 1))
    field = tile(rng, 256, 16, 2)
    at_x = np.asarray(np.arcsin(np.clip(x, -1, 1)) * 60 + 128 + 0 * y, np.float32)
    at_y = np.asarray(np.arcsin(np.clip(y, -1, 1)) * 60 + 20 + 0 * x, np.float32)
    furrow = smoothstep(0.02, 0.16, np.abs(cv2.remap(field, at_x, at_y, cv2.INTER_LINEAR) - 0.5))
    level = (0.40 + 0.75 * y + 0.15 * front) * (0.55 + 0.45 * furrow)
    lit = rgb(colour) * (rgb(light.fill) + 0.4 * rgb(light.key)) * level[..., None]
    sunk = smoothstep(0.0, 0.14, y + 0.10 * (1 - x * x) - 0.04)
    return picture(hazed(light, lit, z), np.asarray(smoothstep(1.0, 0.96, square) * sunk, np.float32))


def _tone(albedo: Colour, light: Light, z: float, level: float) -> tuple[float, float, float, float]:
    lit = rgb(albedo) * (rgb(light.fill) + 0.4 * rgb(light.key)) * level
    red, green, blue = np.clip(hazed(light, lit, z), 0, 255).tolist()
    return red, green, blue, 255.0

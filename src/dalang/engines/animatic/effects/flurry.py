"""Many small things that drift through a picture: they leave it on one side and come in again elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, stamp
from dalang.engines.animatic.canvas.noise import Field, Values, generator

FINE = 4
"""Drawn this many times larger, then averaged down."""


@dataclass(frozen=True)
class Drift:
    """How one depth of a flurry moves, in the frame's heights a second."""

    down: float
    aside: float
    swing: float
    """The frame's heights that each swings to either side."""
    spin: float = 0.0
    """Turns a second."""
    blink: float = 0.0
    """How much each comes and goes, 0..1."""


@dataclass(frozen=True)
class Flurry:
    looks: tuple[tuple[Picture, ...], ...]
    """By kind, each as it turns."""
    places: NDArray[np.float64]
    """Column, row, size, haste and phase of each, shape (5, n)."""
    drift: Drift
    margin: int
    """Pixels beyond the canvas at which one turns back to its other side."""
    distance: float
    """Metres, by which they pass a camera that moves."""
    lens: Lens
    lit: bool
    """Whether they shine, or cover what lies behind."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        x, y, turns, burn = self._at(canvas.shape, pose, time)
        for number, (column, row, turn, size) in enumerate(zip(x, y, turns, burn, strict=True)):
            kind = self.looks[number % len(self.looks)]
            look = kind[int(turn * len(kind)) % len(kind)]
            stamp(canvas, look, column, row + look.shape[0] * size / 2, size, lit=self.lit)

    def _at(self, shape: Sequence[int], pose: Pose, time: float) -> tuple[list[float], ...]:
        x, y, size, haste, phase = self.places
        high, wide = shape[0] + 2 * self.margin, shape[1] + 2 * self.margin
        unit, drift = self.lens.height, self.drift
        fallen = y + drift.down * unit * haste * time
        laps = np.floor(fallen / high)
        swing = drift.swing * unit * (np.sin(phase + time * (0.9 + 0.7 * haste)) + 0.4 * np.sin(2.3 * time + 3 * phase))
        blown = time + 0.5 * np.sin(0.7 * time + 0.2 * phase) / 0.7
        gone = drift.aside * unit * haste * blown - pose.x * self.lens.scale(self.distance)
        across = np.mod(x + swing + gone - pose.turn + laps * 0.381 * wide, wide) - self.margin
        burn = size * (1 - drift.blink * (0.5 + 0.5 * np.sin(time * 1.6 * haste + 5 * phase)))
        turns = np.mod(phase / 6.2832 + drift.spin * haste * time, 1)
        down = np.mod(fallen, high) - self.margin
        return across.tolist(), down.tolist(), turns.tolist(), np.maximum(burn, 0.02).tolist()


def flurry(
    seed: int, name: str, lens: Lens, looks: tuple[tuple[Picture, ...], ...], count: int, drift: Drift,
    sizes: tuple[float, float] = (0.7, 1.2), *, lit: bool = False, distance: float = 6.0,
) -> Flurry:  # fmt: skip
    """`count` of them all over the canvas."""
    rng = generator(seed, name)
    margin = max(look.shape[1] for kind in looks for look in kind) + 4
    wide, high = lens.width + 2 * margin, lens.height + 2 * margin
    places = np.stack(
        [
            rng.random(count) * wide,
            (np.arange(count) + rng.random(count)) / count * high,
            rng.uniform(*sizes, count),
            rng.uniform(0.75, 1.3, count),
            rng.uniform(0, 6.2832, count),
        ]
    )
    return Flurry(looks, places, drift, margin, distance, lens, lit)


Drawing = Callable[[int], Field]
"""Side in pixels to RGBA, 0..255 straight colour and 0..1 cover: a flat thing seen from the front."""


def tumbling(shape: Drawing, side: int, turns: int, flips: float = 1.0) -> tuple[Picture, ...]:
    """The thing at `side` pixels as it turns once about itself and over."""
    fine = shape(side * FINE)
    fine[..., :3] *= fine[..., 3:] / 255
    looks = []
    for number in range(turns):
        part = 2 * np.pi * number / turns
        flat = 0.35 + 0.65 * abs(np.cos(part * flips))
        shadow = 0.90 + 0.10 * np.cos(part * flips + 0.6)
        move = cv2.getRotationMatrix2D((side * FINE / 2, side * FINE / 2), np.degrees(part), 1.0)
        squash = np.array([[1, 0, 0], [0, flat, side * FINE / 2 * (1 - flat)], [0, 0, 1]])
        spun = cv2.warpAffine(fine, (squash @ np.vstack([move, [0, 0, 1]]))[:2], fine.shape[1::-1])
        small = cv2.resize(spun, (side, side), interpolation=cv2.INTER_AREA)
        small[..., :3] *= shadow
        looks.append(np.clip(small, 0, 255).astype(np.uint8))
    return tuple(looks)


def lit_colour(light: Light, colour: Colour) -> Values:
    """`colour` of a thin thing that light shines on and through, never quite black."""
    return np.clip(rgb(colour) * np.maximum(rgb(light.fill) + 0.85 * rgb(light.key), 0.34), 0, 255)


def soft_dot(side: int, colour: Colour, power: float = 1.6) -> Picture:
    """A round light, to be added."""
    axis = np.linspace(-1, 1, side, dtype=np.float32)
    fall = np.clip(1 - np.hypot(axis[:, None], axis[None, :]), 0, 1) ** power
    shown = np.zeros((side, side, 4), np.uint8)
    shown[..., :3] = np.clip(rgb(colour) * fall[..., None], 0, 255)
    return shown

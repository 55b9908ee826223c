"""Lightning: a bolt in the sky, and the flash that lights the whole picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, add
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.scene.lightning import flashes

AFTER = 0.85
"""Seconds that a flash takes to fade."""
STROKES = ((0.0, 1.0, 9.0), (0.13, 0.75, 6.5), (0.34, 0.35, 8.0))
"""Seconds after the first stroke, brightness, and how fast each fades."""
TINT = (26.0, 30.0, 44.0, 0.0)
"""RGB that a full flash adds."""


def brightness(strikes: tuple[float, ...], time: float) -> tuple[float, int]:
    """Of the flash at `time`, 0..1, and the number of its strike."""
    for number, strike in enumerate(strikes):
        since = time - strike
        if 0 <= since < AFTER:
            lit = max(power * math.exp(-speed * (since - late)) for late, power, speed in STROKES if since >= late)
            return lit * min(1.0, (AFTER - since) * 6), number
    return 0.0, 0


@dataclass(frozen=True)
class Bolts:
    strikes: tuple[float, ...]
    views: tuple[Picture, ...]
    columns: tuple[int, ...]
    """Of each view's left edge."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lit, number = brightness(self.strikes, time)
        if lit > 0.02:
            view = cv2.convertScaleAbs(self.views[number % len(self.views)], alpha=min(1.0, 1.5 * lit))
            add(canvas, np.asarray(view, np.uint8), round(self.columns[number % len(self.columns)] - pose.turn), 0)


@dataclass(frozen=True)
class Flash:
    strikes: tuple[float, ...]
    strength: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lit = brightness(self.strikes, time)[0] * self.strength
        if lit > 0.01:
            cv2.convertScaleAbs(canvas, canvas, 1 + 0.85 * lit)
            cv2.add(canvas, np.array(TINT) * lit, dst=canvas)


def lightning(site: Site) -> Depths:
    strikes = flashes(site.seed, site.duration)
    rng, lens = generator(site.seed, "bolts"), site.lens
    side = max(8, lens.horizon)
    views = tuple(_bolt(rng, side, lens.horizon) for _ in range(min(3, len(strikes))))
    columns = tuple(int(rng.uniform(0.08, 0.92) * lens.width - side / 2) for _ in views)
    flash = Flash(strikes, 0.45 if site.indoors else 1.0)
    return Depths(aloft=(Bolts(strikes, views, columns),), before=(flash,))


def _bolt(rng: np.random.Generator, wide: int, high: int) -> Picture:
    """From the clouds to the horizon, with branches, and its glow."""
    field = np.zeros((high, wide), np.float32)
    thick = max(1, round(high / 150))
    path = _crooked(rng, (wide * 0.5, -4.0), (wide * rng.uniform(0.35, 0.65), high * 1.02), 7)
    _trace(field, path, 255, thick)
    for _ in range(6):
        start = path[int(rng.integers(len(path) // 8, len(path) * 3 // 4))]
        reach = high * rng.uniform(0.12, 0.34)
        end = start[0] + rng.choice([-1, 1]) * reach * rng.uniform(0.5, 1.1), start[1] + reach
        _trace(field, _crooked(rng, start, end, 5), 150, max(1, thick // 2))
    small = cv2.resize(field, (max(2, wide // 4), max(2, high // 4)), interpolation=cv2.INTER_AREA)
    near, far = (cv2.GaussianBlur(small, (0, 0), high / 4 * reach) for reach in (0.012, 0.09))
    halo = cv2.resize(near * 1.5 + far * 3.0, (wide, high), interpolation=cv2.INTER_LINEAR)
    edge = np.clip(np.minimum(np.arange(wide), np.arange(wide)[::-1]) / (0.2 * wide), 0, 1)[None, :, None]
    shown = np.zeros((high, wide, 4), np.uint8)
    shown[..., :3] = np.clip((field[..., None] + halo[..., None] * np.array((0.62, 0.70, 1.0))) * edge, 0, 255)
    return shown


def _crooked(
    rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float], times: int
) -> list[tuple[float, float]]:
    """A line broken in the middle again and again, each time less far."""
    points, sway = [start, end], 0.16 * math.dist(start, end)
    for _ in range(times):
        broken = [points[0]]
        for one, other in pairwise(points):
            middle = (one[0] + other[0]) / 2 + rng.normal(0, sway), (one[1] + other[1]) / 2 + rng.normal(0, sway * 0.3)
            broken += [middle, other]
        points, sway = broken, sway * 0.55
    return points


def _trace(field: np.ndarray, path: list[tuple[float, float]], tone: float, thick: int) -> None:
    points = np.round(np.array(path) * 8).astype(np.int32)
    cv2.polylines(field, [points], False, tone, thick, cv2.LINE_AA, 3)

"""Banners on their poles, and birds: what moves in the air about a castle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture
from dalang.engines.animatic.canvas.noise import Field

ASPECT = 1.9
"""Length of a banner to its height."""
SHARP = 3
"""Painted this many times larger, then averaged down."""


@dataclass(frozen=True)
class Banner:
    """A banner that waves; one every `period` metres, or one alone if that is nothing."""

    cloth: Picture
    """At its size in the middle of the shot, with room above and below it to wave in."""
    pole: Picture
    x: float
    z: float
    top: float
    """Metres of its upper edge over the ground."""
    period: float
    pace: float
    way: int
    """Where the wind blows: -1 left, 1 right."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        per_metre = self.lens.scale(distance)
        row = round(self.lens.row(distance) - self.top * per_metre)
        waved = self._waved(time)
        for x in self._all(pose, per_metre):
            column = round(self.lens.middle + (x - pose.x) * per_metre - pose.turn)
            over(canvas, self.pole, column - self.pole.shape[1] // 2, row - self.pole.shape[0] // 24)
            left = column if self.way > 0 else column - waved.shape[1]
            over(canvas, waved, left, row - waved.shape[0] // 4)

    def _all(self, pose: Pose, per_metre: float) -> list[float]:
        if not self.period:
            return [self.x]
        reach = (self.lens.width / 2 + abs(pose.turn)) / per_metre + self.period * 0.5
        first = math.ceil((pose.x - reach - self.x) / self.period)
        last = math.floor((pose.x + reach - self.x) / self.period)
        return [self.x + number * self.period for number in range(first, last + 1)]

    def _waved(self, time: float) -> Picture:
        """Waves run from the pole to the end and grow; the cloth is lighter where it turns to the light."""
        rows, columns = self.cloth.shape[:2]
        u = np.linspace(0, 1, columns, dtype=np.float32)[None, :]
        free = u if self.way > 0 else 1 - u
        phase = free * 8.0 - time * self.pace
        lift = rows * (0.085 * np.sin(phase) + 0.035 * np.sin(phase * 1.9 + 1)) * free**0.7 - rows * 0.06 * free
        y = np.arange(rows, dtype=np.float32)[:, None] + lift
        x = np.broadcast_to(u * (columns - 1), y.shape)
        bent = cv2.remap(self.cloth, np.ascontiguousarray(x), np.ascontiguousarray(y), cv2.INTER_LINEAR)
        fold = 1 - 0.30 * np.clip(np.cos(phase) * free**0.5, -0.4, 1)
        shaded = np.clip(bent[..., :3] * fold[..., None], 0, bent[..., 3:])
        return np.dstack([shaded.astype(np.uint8), bent[..., 3]])


def paint_banner(
    lens: Lens, light: Light, colours: tuple[Colour, Colour], place: tuple[float, float, float], high: float,
    metres: tuple[float, float], pace: float, way: int,
) -> Banner:  # fmt: skip
    """A banner `high` metres high at `place` (x, z, upper edge); `metres` are its period and the length of its pole."""
    x, z, top = place
    per_metre = lens.scale(z)
    rows = max(3, round(high * per_metre))
    cloth = _cloth(rows, colours, light, way)
    period, length = metres
    tall, thick = max(2, round(length * per_metre * 1.04)), max(1, round(high * per_metre * 0.07))
    pole = np.zeros((tall, thick, 4), np.uint8)
    pole[:] = (*(rgb((92, 74, 60)) * (rgb(light.fill) + 0.5 * rgb(light.key))).clip(0, 255).astype(int).tolist(), 255)
    return Banner(cloth, pole, x, z, top, period, pace, way, lens)


def _cloth(rows: int, colours: tuple[Colour, Colour], light: Light, way: int) -> Picture:
    """Swallow-tailed, with a band along the middle and a disc; half its height is left free on either side."""
    columns, tall = round(rows * ASPECT), rows * 2
    u = np.linspace(0, 1, columns * SHARP, dtype=np.float32)[None, :]
    v = np.linspace(-2, 2, tall * SHARP, dtype=np.float32)[:, None]
    taper = 1 - 0.22 * u
    inside = (np.abs(v) < taper) & (u < 1 - 0.26 * (1 - np.abs(v) / taper))
    disc = np.hypot((u - 0.34) * ASPECT * 2, v)
    mark = (disc < 0.50) | (np.abs(np.abs(v) - taper * 0.84) < 0.07)
    cloth = np.where(mark[..., None], rgb(colours[1]), rgb(colours[0]))
    cloth = np.where((disc < 0.28)[..., None], rgb(colours[0]), cloth)
    lit = cloth * (rgb(light.fill) + 0.66 * rgb(light.key))
    large = picture(lit, inside.astype(np.float32))
    view = np.asarray(cv2.resize(large, (columns, tall), interpolation=cv2.INTER_AREA), np.uint8)
    return np.ascontiguousarray(view if way > 0 else view[:, ::-1])


@dataclass(frozen=True)
class Birds:
    """A flock that crosses the sky, wings beating, each at its own pace."""

    flock: Field
    """Of each bird: column and row in parts of the frame, size in pixels, beats a second, phase; shape (n, 5)."""
    speed: float
    """Frame widths a second."""
    colour: Colour
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        for column, row, size, beat, phase in self.flock.tolist():
            x = ((column + self.speed * time) % 1.3 - 0.15) * self.lens.width - pose.turn
            y = row * self.lens.height + math.sin(time * 0.9 + phase) * size
            lift = math.sin((time * beat + phase) * 2 * math.pi) * 0.55 + 0.12
            wings = ((-1.0, -lift), (-0.45, -0.30 - lift * 0.3), (0, 0), (0.45, -0.30 - lift * 0.3), (1.0, -lift))
            points = np.array([((x + a * size) * 16, (y + b * size) * 16) for a, b in wings])
            thick = max(1, round(size * 0.16))
            shown = (*self.colour, 255)
            cv2.polylines(canvas, [np.round(points).astype(np.int32)], False, shown, thick, cv2.LINE_AA, 4)


def paint_birds(rng: np.random.Generator, lens: Lens, light: Light) -> Birds:
    count, middle, high = 9, rng.uniform(0.1, 0.9), rng.uniform(0.14, 0.26)
    at = np.arange(count)
    side = np.where(at % 2 == 0, 1, -1) * ((at + 1) // 2)
    flock = np.stack(
        [
            middle + np.abs(side) * -0.022 + rng.uniform(-0.006, 0.006, count),
            high + side * 0.014 + rng.uniform(-0.006, 0.006, count),
            rng.uniform(0.010, 0.016, count) * lens.height,
            rng.uniform(1.3, 1.9, count),
            rng.uniform(0, 6, count),
        ],
        axis=1,
    ).astype(np.float32)
    r, g, b = (float(c) for c in 0.30 * rgb(light.sky) + rgb((16, 16, 24)))
    return Birds(flock, float(rng.uniform(0.022, 0.034)), (r, g, b), lens)

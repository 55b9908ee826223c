"""The walls of an alley in one-point perspective, painted once: brick, windows, fire stairs, bins, and their mirror."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import Field, sample, smoothstep, tile
from dalang.engines.animatic.canvas.pigment import times, toward

END = 44.0
"""Metres to the house that closes the view."""
HIGH = 11.5
"""Metres the walls are high."""
FLOOR = 3.2
BAY = 3.0
"""Metres from one window to the next."""
COARSE = 8
"""Light on the walls is worked out for every eighth pixel."""
BRICKS: tuple[Colour, ...] = ((150, 84, 66), (126, 92, 82), (136, 104, 84), (112, 88, 92))
IRON: Colour = (54, 56, 62)
WARM: Colour = (255, 196, 112)

Point = tuple[float, float, float]
"""Metres: right, up, away."""


@dataclass(frozen=True)
class Lamp:
    """Something on a wall that shines."""

    at: Point
    colour: Colour
    reach: float
    """Metres."""


@dataclass(frozen=True)
class Corridor:
    """Where the walls are in the picture, which is larger than the frame by its margins."""

    lens: Lens
    half: float
    """Metres from the middle to each wall."""
    margin: tuple[int, int]
    """Columns and rows on each side."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the picture."""
        return self.lens.width + 2 * self.margin[0], self.lens.height + 2 * self.margin[1]

    @property
    def vanishing(self) -> tuple[float, float]:
        return self.lens.middle + self.margin[0], float(self.lens.horizon + self.margin[1])

    def project(self, point: Point) -> tuple[float, float]:
        """Column and row in the picture."""
        x, y, z = point
        return (
            self.vanishing[0] + x * self.lens.focal / z,
            self.vanishing[1] + (self.lens.eye - y) * self.lens.focal / z,
        )


@dataclass(frozen=True)
class Walls:
    view: Picture
    """The walls over the ground; clear where the sky is."""
    mirror: Picture
    """What a wet ground under the horizon shows, at half the size."""


def paint_walls(
    rng: np.random.Generator, corridor: Corridor, light: Light, haze: Colour, lamps: tuple[Lamp, ...]
) -> Walls:
    columns, rows = corridor.size
    middle, horizon = corridor.vanishing
    u = (np.arange(columns, dtype=np.float32) + 0.5 - middle)[None, :]
    v = (np.arange(rows, dtype=np.float32) + 0.5 - horizon)[:, None]
    z = np.minimum(corridor.half * corridor.lens.focal / np.maximum(np.abs(u), 1e-3), END)
    y = corridor.lens.eye - v * z / corridor.lens.focal
    colour = np.empty((rows, columns, 3), np.float32)
    for side, part in ((-1, slice(0, round(middle))), (1, slice(round(middle), columns))):
        along = np.where(z >= END, u * (END / corridor.lens.focal) + 90, z)[:, part] + np.zeros_like(y[:, part])
        shining = [lamp for lamp in lamps if lamp.at[0] * side > 0]
        high = np.abs(y[:, part])
        colour[:, part] = _wall(
            rng, light, high, z[:, part] + np.zeros_like(high), np.asarray(along, np.float32), shining
        )
    veil = 1 - np.exp(-z / (26.0 + 44.0 * max(0.0, 1 - light.lamps)))
    colour = toward(colour, haze, np.broadcast_to(veil, colour.shape[:2]))
    tall = HIGH - 2.5 * (z >= END)
    cover = np.clip((tall - np.abs(y)) * corridor.lens.focal / z + 0.5, 0, 1)
    whole = picture(colour, cover)
    _furnish(rng, whole, corridor, light)
    mirror = np.ascontiguousarray(whole[round(horizon) :])
    small = (columns // 2, max(1, mirror.shape[0] // 2))
    soft = cv2.blur(cv2.resize(mirror, small, interpolation=cv2.INTER_AREA), (3, 9))
    soft[..., :3] += ((255 - soft[..., 3:]).astype(np.float32) / 255 * 0.6 * rgb(light.horizon)).astype(np.uint8)
    ground = np.clip(y * corridor.lens.focal / z + 0.5, 0, 1)
    grounded = cv2.merge([(ground * 255).astype(np.uint8)] * 4)
    view = np.asarray(cv2.multiply(whole, grounded, scale=1 / 255), np.uint8)
    _standing(rng, view, corridor, light)
    return Walls(view, np.asarray(soft, np.uint8))


def _wall(
    rng: np.random.Generator, light: Light, y: Field, z: Field, along: Field, lamps: list[Lamp]
) -> NDArray[np.float32]:
    """Lit brick with its windows and doors at heights `y` and depths `z`; `along` is where on the wall, metres."""
    tone = _brick(rng, y, along, z) * (0.62 + 0.38 * smoothstep(0.0, 1.4, y))
    up, base = 0.34 * smoothstep(0.0, HIGH, y), BRICKS[rng.integers(len(BRICKS))]
    shine = _shine(y, along, lamps)
    lit = np.empty((*y.shape, 3), np.float32)
    for channel in range(3):
        lit[..., channel] = base[channel] * tone * (light.fill[channel] + light.key[channel] * up + shine[..., channel])
    _open(rng, lit, light, y, along)
    return lit


def _shine(y: Field, along: Field, lamps: list[Lamp]) -> NDArray[np.float32]:
    """The light of the lamps on the wall, worked out coarsely: it is soft."""
    small_y, small_z = y[::COARSE, ::COARSE], along[::COARSE, ::COARSE]
    total = np.zeros((*small_y.shape, 3), np.float32)
    for lamp in lamps:
        away = ((small_z - lamp.at[2]) ** 2 + (small_y - lamp.at[1] - 0.6) ** 2) / lamp.reach**2
        total += (rgb(lamp.colour) / 255 * 1.5) * np.exp(-away)[..., None]
    return np.asarray(cv2.resize(total, (y.shape[1], y.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _open(rng: np.random.Generator, lit: NDArray[np.float32], light: Light, y: Field, along: Field) -> None:
    """Windows, some of them lit, over doors."""
    across, up = along / np.float32(BAY), (y - np.float32(0.4)) / np.float32(FLOOR)
    bay, floor = np.floor(across).astype(np.int32), np.floor(up).astype(np.int32)
    a, b = np.abs(across - bay - np.float32(0.5)), up - floor - np.float32(0.5)
    chance = rng.random((64, 8)).astype(np.float32)
    burns = chance[bay & 63, floor & 7]
    higher = floor >= 1
    frame = (a < 0.24) & (np.abs(b) < 0.30) & higher
    pane = frame & (a < 0.20) & (np.abs(b) < 0.265) & (a > 0.012) & (np.abs(b) > 0.012)
    darker = np.ones_like(y)
    darker[frame] = 0.55
    darker[(a < 0.28) & (np.abs(b + 0.33) < 0.025) & higher] = 1.6
    darker[(a < 0.19) & (y < 2.2) & (chance[bay & 63, 7] < 0.45)] = 0.42
    lit[:] = times(lit, darker)
    warm = pane & (burns < 0.42 * light.lamps)
    lit[pane] = rgb(light.sky) * 0.20 + rgb((12, 14, 20))
    lit[warm] = rgb(WARM) * (0.55 + burns[warm])[:, None]


def _brick(rng: np.random.Generator, y: Field, along: Field, z: Field) -> Field:
    """How bright: bricks near by; further off only their mean, with stains."""
    row = np.floor(y / np.float32(0.15)).astype(np.int32)
    at = along / np.float32(0.44) + np.float32(0.5) * (row & 1).astype(np.float32)
    number = np.floor(at).astype(np.int32)
    tone = rng.uniform(0.72, 1.16, (64, 64)).astype(np.float32)[row & 63, number & 63]
    tone[(y / np.float32(0.15) - row < 0.16) | (at - number < 0.06)] = 0.62
    stain = sample(tile(rng, 256, 4, 5, 0.6), along * 14, y * 9)
    return np.asarray((1 + (tone - 0.93) * smoothstep(24.0, 7.0, z)) * (0.62 + 0.60 * stain), np.float32)


def _furnish(rng: np.random.Generator, view: Picture, corridor: Corridor, light: Light) -> None:
    """Pipes, fire stairs and cables, over the ground and, mirrored, under it."""
    iron = _ink(IRON, light, 0.9)
    far = [float(z) for z in rng.uniform(7, 26, 5)]
    stairs = [(int(rng.choice([-1, 1])), float(rng.uniform(7.0, 9.0))), (1, float(rng.uniform(13, 17)))]
    stairs.append((-stairs[0][0], float(rng.uniform(10, 12))))
    for up in (1, -1):
        for z in far:
            side = 1 if z * 10 % 2 < 1 else -1
            _line(
                view,
                corridor,
                (side * corridor.half * 0.98, 0, z),
                (side * corridor.half * 0.98, up * HIGH, z),
                iron,
                0.09,
            )
        for side, z in stairs:
            _stairs(view, corridor, side * corridor.half, z, up, light)
    for z in sorted(rng.uniform(6, 24, 5), reverse=True):
        _cable(rng, view, corridor, float(z), _ink((24, 24, 28), light, 0.8))


def _stairs(view: Picture, corridor: Corridor, x: float, z: float, up: int, light: Light) -> None:
    """Landings with railings, and a flight from each to the next."""
    out, deep = x * (1 - 1.0 / abs(x)), 3.0
    dark, bright = _ink(IRON, light, 0.6), _ink((92, 94, 100), light, 1.0)
    for level in range(3):
        y = up * (3.3 + level * FLOOR)
        corners = [(x, y, z), (out, y, z), (out, y, z + deep), (x, y, z + deep)]
        points = np.round([corridor.project(corner) for corner in corners]).astype(np.int32)
        cv2.fillConvexPoly(view, points, dark, cv2.LINE_AA)
        for height in (0.0, 0.5, 1.0):
            rail = y + up * height
            _line(view, corridor, (out, rail, z), (out, rail, z + deep), bright, 0.05)
            _line(view, corridor, (x, rail, z), (out, rail, z), bright, 0.05)
        for part in np.linspace(0, 1, 7):
            at = z + deep * float(part)
            _line(view, corridor, (out, y, at), (out, y + up * 1.0, at), bright, 0.03)
        if level < 2:
            ends = (z + 0.3, z + deep - 0.3) if level % 2 else (z + deep - 0.3, z + 0.3)
            inner = (x + out) / 2
            for lift in (0.0, 0.8):
                start, stop = (inner, y + up * lift, ends[0]), (inner, y + up * (FLOOR + lift), ends[1])
                _line(view, corridor, start, stop, dark if not lift else bright, 0.14 if not lift else 0.04)


def _cable(rng: np.random.Generator, view: Picture, corridor: Corridor, z: float, ink: tuple[int, ...]) -> None:
    high, other, sag = rng.uniform(4.5, 9), rng.uniform(4.5, 9), rng.uniform(0.4, 1.0)
    part = np.linspace(0, 1, 24)
    points = [
        corridor.project((corridor.half * (2 * p - 1), high + (other - high) * p - sag * 4 * p * (1 - p), z))
        for p in part
    ]
    thick = max(1, round(0.035 * corridor.lens.focal / z))
    cv2.polylines(view, [np.round(np.array(points) * 8).astype(np.int32)], False, ink, thick, cv2.LINE_AA, 3)


def _standing(rng: np.random.Generator, view: Picture, corridor: Corridor, light: Light) -> None:
    """Bins, crates and air conditioners, the furthest first."""
    things = []
    for z in rng.uniform(5.5, 24, 9):
        side, wide, deep, high = (
            int(rng.choice([-1, 1])),
            rng.uniform(0.5, 0.9),
            rng.uniform(0.6, 1.3),
            rng.uniform(0.6, 1.2),
        )
        hue: Colour = ((52, 96, 72), (70, 84, 104), (122, 96, 66), (96, 98, 104))[int(rng.integers(4))]
        low = 0.0 if rng.random() < 0.6 else float(rng.choice([3.0, 6.2]))
        things.append((float(z), side, float(wide), float(deep), float(high if not low else 0.6), low, hue))
    for z, side, wide, deep, high, low, hue in sorted(things, reverse=True):
        _box(view, corridor, (side * corridor.half, low, z), (-side * wide, high, deep), hue, light)


def _box(view: Picture, corridor: Corridor, at: Point, size: Point, hue: Colour, light: Light) -> None:
    (x, y, z), (wide, high, deep) = at, size
    across, top, back = x + wide, y + high, z + deep
    faces = (
        (((across, y, z), (across, y, back), (across, top, back), (across, top, z)), 0.62),
        (((x, top, z), (across, top, z), (across, top, back), (x, top, back)), 1.15),
        (((x, y, z), (across, y, z), (across, top, z), (x, top, z)), 0.82),
    )
    for corners, bright in faces:
        points = np.round([corridor.project(corner) for corner in corners]).astype(np.int32)
        cv2.fillConvexPoly(view, points, _ink(hue, light, bright), cv2.LINE_AA)
    _line(view, corridor, (x, top - 0.1 * high, z), (across, top - 0.1 * high, z), _ink(hue, light, 0.45), 0.03)


def _line(view: Picture, corridor: Corridor, start: Point, stop: Point, ink: tuple[int, ...], thick: float) -> None:
    ends = [tuple(round(c * 8) for c in corridor.project(point)) for point in (start, stop)]
    wide = max(1, round(thick * corridor.lens.focal / ((start[2] + stop[2]) / 2)))
    cv2.line(view, ends[0], ends[1], ink, wide, cv2.LINE_AA, 3)


def _ink(colour: Colour, light: Light, bright: float) -> tuple[int, ...]:
    lit = np.clip(rgb(colour) * (rgb(light.fill) + 0.25 * rgb(light.key)) * bright, 0, 255)
    return (*(int(c) for c in lit), 255)

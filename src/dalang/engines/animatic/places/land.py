"""Land that rises over the horizon: mountains, hills, dunes, tables and islands, as views of a height field.

A range is looked at as old flight games did it: heights are taken along rows of growing distance, and a pixel shows the
first row whose ground reaches it. Shading comes from the slope at that point, haze from its distance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, hazed, scaled, shade
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import Field, sample, smoothstep, stretch, tile
from dalang.engines.animatic.canvas.pigment import between, times, toward
from dalang.scene.plan import Place, Thing

TEXELS = 512
STEPS = 420

Shape = Callable[[Field, Field], Field]
"""(broad noise, fine noise), both 0..1, to height 0..1."""


@dataclass(frozen=True)
class Range:
    """One range of land, `near` to `far` metres away."""

    near: float
    far: float
    height: float
    """Metres, of its highest point."""
    grain: float
    """Metres that one tile of broad noise covers."""
    shape: Shape
    rough: int
    """Octaves of the broad noise."""
    low: Colour
    """Albedo of flat low ground, 0..255."""
    steep: Colour
    """Albedo of slopes."""
    thing: Thing
    """What it is, for those who do not want it."""
    cap: Colour | None = None
    """Albedo of high ground that is not steep, if it differs."""
    tufts: Colour | None = None
    """Albedo of woods that cover part of the low ground."""


def _peaks(broad: Field, fine: Field) -> Field:
    ridge = smoothstep(0.0, 1.0, 1 - np.abs(2 * broad - 1)) ** 1.3
    crags = 1 - np.abs(2 * fine - 1)
    return np.asarray(ridge * (0.80 + 0.20 * crags), np.float32)


def summits(broad: Field, fine: Field) -> Field:
    """Single peaks with ridges running down from them, and saddles between."""
    ridge = (1 - np.abs(2 * broad - 1)) ** 1.5
    crags = 1 - np.abs(2 * fine - 1)
    return np.asarray(ridge * (0.86 + 0.14 * crags) + 0.05 * crags * ridge, np.float32)


def _rolling(broad: Field, fine: Field) -> Field:
    return np.asarray(smoothstep(0.22, 0.9, broad) * 0.96 + fine * 0.03, np.float32)


def _dunes(broad: Field, fine: Field) -> Field:
    crest = 1 - np.sqrt((2 * smoothstep(0.1, 0.9, broad) - 1) ** 2 + 0.012)  # rounded, or its light breaks into dots
    return np.asarray(np.clip(crest, 0, 1) ** 1.3 * 0.97 + fine * 0.012, np.float32)


def _tables(broad: Field, fine: Field) -> Field:
    step = smoothstep(0.56, 0.62, broad + (fine - 0.5) * 0.06)
    low = smoothstep(0.47, 0.57, broad) * 0.34
    return np.asarray(np.maximum(step * (0.92 + 0.08 * fine), low), np.float32)


def _islands(broad: Field, fine: Field) -> Field:
    return np.asarray(np.clip(broad - 0.58, 0, 1) * 2.2 + np.clip(broad - 0.58, 0, 1) * fine, np.float32)


ROCK: Colour = (126, 122, 128)
SNOWCAP: Colour = (246, 248, 252)
MEADOW_RANGES = (
    Range(5200, 19000, 1500, 20000, _peaks, 3, (96, 118, 96), ROCK, Thing.MOUNTAINS, cap=SNOWCAP),
    Range(420, 2600, 150, 1900, _rolling, 4, (118, 158, 62), (104, 124, 60), Thing.HILLS, tufts=(46, 92, 48)),
)
SNOW_RANGES = (
    Range(4600, 16000, 1600, 17000, _peaks, 3, (232, 238, 248), (112, 118, 138), Thing.MOUNTAINS, cap=(248, 250, 255)),
    Range(380, 2400, 120, 1800, _rolling, 4, (236, 242, 252), (206, 216, 234), Thing.HILLS, tufts=(64, 92, 92)),
)
DESERT_RANGES = (
    Range(3000, 9000, 700, 9000, _tables, 4, (206, 150, 96), (170, 92, 62), Thing.MOUNTAINS, cap=(196, 122, 80)),
    Range(150, 1500, 70, 1100, _dunes, 2, (232, 182, 116), (224, 168, 102), Thing.HILLS),
)
SEA_RANGES = (Range(3400, 12000, 900, 9000, _islands, 4, (92, 112, 82), (112, 106, 100), Thing.MOUNTAINS),)
RANGES = {Place.MEADOW: MEADOW_RANGES, Place.SNOW: SNOW_RANGES, Place.DESERT: DESERT_RANGES, Place.SEA: SEA_RANGES}


def spare(ridge: Range, without: frozenset[Thing]) -> Range:
    """`ridge` without woods or snow where they are not wanted."""
    if Thing.TREES in without:
        ridge = replace(ridge, tufts=None)
    return replace(ridge, cap=None) if Thing.SNOW in without and ridge.cap == SNOWCAP else ridge


@dataclass(frozen=True)
class Land:
    """One painted range."""

    view: Picture
    top: int
    """Row of the canvas at which the view begins."""
    distance: float
    """Metres at which it moves with the camera."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        width = self.lens.width
        side = pose.turn + self.lens.focal * pose.x / self.distance
        over(canvas, slide(self.view, (self.view.shape[1] - width) / 2 + side, width), 0, self.top)


def paint_range(
    rng: np.random.Generator, lens: Lens, light: Light, sun: NDArray[np.float32], ridge: Range,
    distance: float, margin: int,
) -> Land:  # fmt: skip
    """Paint `ridge`, `margin` pixels wider than the frame on each side; it moves as if `distance` metres away.

    `sun` points to the sun (x, y up, z away).
    """
    broad, fine = tile(rng, TEXELS, 4, ridge.rough, 0.42), tile(rng, TEXELS, 16, 5, 0.5)
    ground = Ground(ridge, broad, fine, float(rng.random()) * TEXELS)
    columns = lens.width + 2 * margin
    ray = (np.arange(columns, dtype=np.float32) - columns / 2) / lens.focal
    depth = (ridge.near * (ridge.far / ridge.near) ** np.linspace(0, 1, STEPS, dtype=np.float32))[:, None]
    height = ground.height(ray[None, :] * depth, depth)
    height = height * _rise(depth)
    crest = np.minimum.accumulate(lens.horizon - (height - lens.eye) * lens.focal / depth, axis=0)
    top = max(0, int(crest[-1].min()) - 1)
    rows = np.arange(top, lens.horizon + 6, dtype=np.float32)
    step = _first_step(crest, rows)
    colour = _paint_surface(ground, light, sun, ray, step, ridge)
    alpha = np.clip(rows[:, None] - crest[-1][None, :] + 0.5, 0, 1)
    return Land(picture(colour, alpha), top, distance, lens)


@dataclass(frozen=True)
class Ground:
    """The height field of a range."""

    ridge: Range
    broad: Field
    fine: Field
    start: float

    def height(self, x: Field, z: Field) -> Field:
        """Metres over the plain at `x`, `z` metres."""
        texels = TEXELS / self.ridge.grain
        u, v = np.broadcast_arrays(x * texels + self.start, z * texels + self.start)
        broad = sample(self.broad, u, v)
        fine = sample(self.fine, u * 1.3, v * 1.3)
        return np.asarray(self.ridge.shape(broad, fine) * self.ridge.height, np.float32)


def _rise(depth: Field) -> Field:
    """Keeps the near edge of a range at the plain's level."""
    part = (depth - depth[0]) / (depth[-1] - depth[0])
    return smoothstep(0.0, 0.25, np.asarray(part, np.float32))


def _first_step(crest: Field, rows: Field) -> Field:
    """For each pixel the step (fractions count) whose ground it shows; crests fall from step to step."""
    found = np.empty((len(rows), crest.shape[1]), np.float32)
    index = np.arange(crest.shape[0], dtype=np.float32)
    for column in range(crest.shape[1]):
        seen = np.maximum(rows, crest[-1, column] + 1)  # a skyline has the colour of what is under it
        found[:, column] = np.interp(-seen, -crest[:, column], index)
    return found


def _paint_surface(
    ground: Ground, light: Light, sun: NDArray[np.float32], ray: Field, step: Field, ridge: Range
) -> NDArray[np.float32]:
    depth = np.asarray(ridge.near * (ridge.far / ridge.near) ** (step / (STEPS - 1)), np.float32)
    x = np.asarray(ray[None, :] * depth, np.float32)
    span = ridge.grain / TEXELS * 1.5
    height = ground.height(x, depth)
    slope_x = (ground.height(x + span, depth) - height) / span
    slope_z = (ground.height(x, depth + span) - height) / span
    length = np.sqrt(slope_x**2 + slope_z**2 + 1)
    facing = (-slope_x * sun[0] + sun[1] - slope_z * sun[2]) / length
    albedo = _albedo(ground, ridge, x, depth, stretch(height), 1 / length)
    colour = shade(light, albedo, np.asarray(facing, np.float32))
    return hazed(light, colour, depth)


def _albedo(ground: Ground, ridge: Range, x: Field, z: Field, high: Field, flat: Field) -> NDArray[np.float32]:
    texels = TEXELS / ridge.grain
    speckle = sample(ground.fine, x * texels * 5, z * texels * 5)
    steep = smoothstep(0.86, 0.62, flat + (speckle - 0.5) * 0.16)
    colour = between(ridge.low, ridge.steep, steep)
    if ridge.cap is not None:
        snow = smoothstep(0.52, 0.72, high + (speckle - 0.5) * 0.22) * smoothstep(0.50, 0.66, flat)
        colour = toward(colour, ridge.cap, snow)
    if ridge.tufts is not None:
        woods = sample(ground.broad, x * texels * 2.1 + 90, z * texels * 2.1)
        wooded = smoothstep(0.52, 0.60, woods + (speckle - 0.5) * 0.5) * 0.9
        leaves = between(scaled(ridge.tufts, 0.7), scaled(ridge.tufts, 1.3), speckle)
        colour = toward(colour, leaves, wooded)
    return times(colour, 0.90 + 0.20 * speckle)

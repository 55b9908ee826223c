"""The flat ground: tiles of texture laid in perspective, in bands of growing distance.

A tile is 1024 texels of 64 steps each, so that positions in uint16 wrap round exactly as the ground repeats, and a
frame costs two integer additions before the remap. Each band further away has a coarser tile: none is seen much
smaller than it was painted, so the ground does not shimmer. Bands overlap and fade into each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.foliage import littered
from dalang.engines.animatic.air.light import Light, hazed, rgb, shade
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.abreast import abreast
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import Field, smoothstep, tile2
from dalang.engines.animatic.canvas.pigment import between, times, toward
from dalang.scene.plan import Place

GREEN = (Place.MEADOW, Place.FOREST, Place.MOUNTAIN, Place.RIVER)
"""Where plants cover the ground."""
TEXELS = 1024
STEPS = 64
"""Positions between two texels; TEXELS * STEPS is the range of uint16."""

REACH = (10.0, 30.0, 120.0)
"""Where each band ends, and how wide its tile is, in heights of the eye, for a camera at eye level."""
NEAREST = 3.7
"""Heights of the eye from there to the ground at the bottom of the picture."""


@dataclass(frozen=True)
class Band:
    """Some rows of the ground, counted from the horizon, and the tile they show."""

    tile: Picture
    """TEXELS + 1 square: its last row and column repeat the first."""
    top: int
    fade: int
    """Rows at the top over which this band comes in."""
    u: NDArray[np.uint16]
    v: NDArray[np.uint16]
    lean: NDArray[np.float32]
    """Steps of u that one pixel of turning is worth, by row; shape (rows, 1)."""
    steps: tuple[float, float]
    """Steps a metre in u and v."""

    def draw(self, rows: Picture, pose: Pose) -> None:
        """Draw into `rows`, the canvas from the horizon down."""
        aside = np.round(self.lean * pose.turn + pose.x * self.steps[0]).astype(np.int64).astype(np.uint16)
        u = self.u + aside
        v = self.v + np.uint16(round(pose.z * self.steps[1]) & 0xFFFF)
        whole = cv2.merge([(u >> 6).view(np.int16), (v >> 6).view(np.int16)])
        part = ((u & 63) >> 1) | (((v & 63) >> 1) << 5)
        drawn = np.asarray(cv2.remap(self.tile, whole, part, cv2.INTER_LINEAR), np.uint8)
        place = rows[self.top : self.top + len(drawn)]
        place[: self.fade] = _crossfade(place[: self.fade], drawn[: self.fade])
        place[self.fade :] = drawn[self.fade :]


def _crossfade(under: Picture, top: Picture) -> Picture:
    if not len(top):
        return top
    part = np.linspace(0, 255, len(top) + 2)[1:-1].astype(np.uint8)
    weight = np.ascontiguousarray(np.broadcast_to(part[:, None, None], top.shape))
    kept = cv2.multiply(under, cv2.bitwise_not(weight), scale=1 / 255)
    return np.asarray(cv2.add(kept, cv2.multiply(top, weight, scale=1 / 255)), np.uint8)


@dataclass(frozen=True)
class Plain:
    """The whole flat ground, with haze toward the horizon."""

    bands: tuple[Band, ...]
    clear: Picture
    """How much of the ground's colour is left, 0..255."""
    veil: Picture
    """Haze to add."""
    lens: Lens
    top: int = 0
    """Rows under the horizon where it begins, and covers what was there."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        rows = canvas[self.lens.horizon :]
        for band in self.bands:
            band.draw(rows, pose)
        seen = rows[self.top :]
        cv2.multiply(seen, self.clear[self.top :], dst=seen, scale=1 / 255)
        cv2.add(seen, self.veil[self.top :], dst=seen)


def paint_plain(rng: np.random.Generator, lens: Lens, light: Light, place: Place, facing: float) -> Plain:
    """The ground of `place`; `facing` is how squarely the sun shines on it, 0..1."""
    parts, below = [], lens.height - lens.horizon
    for reach, source in zip(reversed(REACH), rng.spawn(len(REACH)), strict=True):
        last = reach == REACH[-1]
        end = 0 if last else int(lens.focal / (reach * steepness(lens)))
        fade = 0 if last else below // 10
        nearer = REACH[max(0, REACH.index(reach) - 1)] * steepness(lens)
        stop = below if reach == REACH[0] else int(lens.focal / nearer) + below // 10
        parts.append(partial(_band, source, lens, light, place, facing, reach, end, min(stop, below), fade))
    return Plain(tuple(abreast(parts)), *plain_haze(lens, light), lens)


def steepness(lens: Lens) -> float:
    """How near the ground begins, in heights of the eye, beside what it does for a camera at eye level."""
    return lens.nearest / lens.eye / NEAREST


def paint_beach(
    rng: np.random.Generator, lens: Lens, light: Light, facing: float, edge: float, place: Place = Place.SEA
) -> Plain:
    """Ground of `place` from the camera to the water's edge at `edge` metres."""
    below = lens.height - lens.horizon
    top = int(lens.row(edge)) - lens.horizon
    band = _band(rng, lens, light, place, facing, REACH[0], top, below, max(2, below // 14))
    return Plain((band,), *plain_haze(lens, light, edge=0.0), lens, top + band.fade)


def _band(
    rng: np.random.Generator, lens: Lens, light: Light, place: Place, facing: float,
    reach: float, top: int, bottom: int, fade: int,
) -> Band:  # fmt: skip
    wide = reach * 0.8 * lens.eye * steepness(lens)
    deep = wide * max(5.0, reach * 0.6) * steepness(lens)
    albedo = TILES[place](rng, reach, deep / wide)
    if place in GREEN:
        albedo = littered(rng, light.season, albedo, 2 if reach == REACH[0] else 1)
    colour = shade(light, albedo, facing)
    return lay_band(lens, picture(colour), (wide, deep), top, bottom, fade)


def lay_band(lens: Lens, texture: Picture, metres: tuple[float, float], top: int, bottom: int, fade: int) -> Band:
    """Lay `texture` (TEXELS square, `metres` across and deep) on the rows `top` to `bottom` under the horizon."""
    steps = TEXELS * STEPS / metres[0], TEXELS * STEPS / metres[1]
    row = np.arange(top, bottom, dtype=np.float64)[:, None] + 0.5
    z = lens.eye * lens.focal / row
    x = (np.arange(lens.width) - lens.middle)[None, :] / lens.focal * z
    u, v = x * steps[0], z * steps[1] * np.ones_like(x)
    padded = np.asarray(cv2.copyMakeBorder(texture, 0, 1, 0, 1, cv2.BORDER_WRAP), np.uint8)
    lean = np.asarray(z / lens.focal * steps[0], np.float32)
    return Band(padded, top, fade, _wrapped(u), _wrapped(v), lean, steps)


def _wrapped(position: NDArray[np.float64]) -> NDArray[np.uint16]:
    return np.round(position).astype(np.int64).astype(np.uint16)


def plain_haze(lens: Lens, light: Light, edge: float = 0.40) -> tuple[Picture, Picture]:
    """Haze by distance, and a soft edge under the horizon for eyes close to the ground."""
    row = np.arange(lens.height - lens.horizon, dtype=np.float32) + 0.5
    black = hazed(light, np.zeros((len(row), 3), np.float32), lens.eye * lens.focal / row)
    part = np.maximum(black[:, 0] / light.haze[0], edge * np.exp(-row / (0.028 * lens.height)))
    near = 0.80 + 0.20 * smoothstep(1.25, 0.35, row / len(row))
    clear = ((1 - part) * near)[:, None, None] * np.full((1, lens.width, 4), 255, np.float32)
    veil = part[:, None, None] * rgb(light.haze)[None, None, :] * np.ones((1, lens.width, 1), np.float32)
    return clear.astype(np.uint8), picture(veil)


Albedo = NDArray[np.float32]
Tile = Callable[[np.random.Generator, float, float], Albedo]
"""(randomness, reach of the band, depth to width of a tile) to albedo (TEXELS, TEXELS, 3), 0..255."""


def _cells(base: int, aspect: float) -> tuple[int, int]:
    """A grid about as coarse in depth as in width on the ground, in powers of two."""
    rows = 2 ** round(np.log2(base * aspect))
    return int(min(rows, TEXELS)), base


def _grass(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    patches = tile2(rng, (TEXELS, TEXELS), _cells(2, aspect), 5)
    blades = tile2(rng, (TEXELS, TEXELS), (512, _cells(1, 512 / aspect)[0]), 2, 1.0)
    blades += (rng.random((TEXELS, TEXELS), np.float32) - 0.5) * 0.22
    tone = np.clip(patches * 0.7 + (blades - 0.5) * (0.9 if reach < 20 else 0.4) + 0.15, 0, 1)
    return between((58, 108, 38), (166, 190, 84), np.asarray(tone, np.float32))


def _doubled(rng: np.random.Generator, albedo: Albedo) -> Albedo:
    """A tile of half the texels at its full size, still without a seam, with a grain too fine for the half."""
    grain = tile2(rng, (TEXELS, TEXELS), (512, 512), 1) * 0.20 + rng.random((TEXELS, TEXELS), np.float32) * 0.20
    wrapped = np.pad(albedo, ((2, 2), (2, 2), (0, 0)), mode="wrap")
    big = cv2.resize(wrapped, (TEXELS + 8, TEXELS + 8), interpolation=cv2.INTER_LINEAR)
    return times(np.asarray(big[4:-4, 4:-4], np.float32), 0.80 + grain)


def _litter(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    """The floor of a wood: moss and fallen leaves, under a sun that comes through in patches."""
    side = TEXELS // 2, TEXELS // 2
    patches = tile2(rng, side, _cells(4, aspect), 4, 0.5)
    leaf = tile2(rng, side, _cells(64, aspect), 2, 0.7)
    sun = smoothstep(0.60, 0.72, tile2(rng, side, _cells(8, aspect), 3, 0.55))
    moss = smoothstep(0.42, 0.62, patches + (leaf - 0.5) * 0.3)
    brown, green = between((70, 50, 32), (150, 108, 62), leaf), between((52, 76, 30), (116, 140, 56), leaf)
    return _doubled(rng, times(toward(brown, green, moss), 0.74 + 0.75 * sun))


def _alpine(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    """Short grass with scree between."""
    patches, stones = _two_scales(rng, aspect, 4, 0.55)
    bare = smoothstep(0.50, 0.60, patches + (stones - 0.5) * 0.25)
    grass, scree = between((74, 100, 44), (150, 164, 84), stones), between((86, 80, 74), (186, 178, 166), stones)
    return _worn(rng, grass, scree, bare)


def _riverside(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    """Grass, worn down to earth and pebbles in places."""
    patches, grain = _two_scales(rng, aspect, 2, 0.5)
    bare = smoothstep(0.58, 0.68, patches + (grain - 0.5) * 0.3)
    grass, earth = between((56, 96, 38), (150, 176, 80), grain), between((92, 76, 54), (176, 158, 126), grain)
    return _worn(rng, grass, earth, bare)


def _two_scales(rng: np.random.Generator, aspect: float, cells: int, roughness: float) -> tuple[Field, Field]:
    """Patches, and the grain in them."""
    side = TEXELS // 2, TEXELS // 2
    patches = tile2(rng, side, _cells(cells, aspect), 5, roughness)
    return patches, tile2(rng, side, _cells(64, aspect), 3, 0.75)


def _worn(rng: np.random.Generator, grass: Albedo, under: Albedo, bare: Field) -> Albedo:
    """Grass, and where it is `bare` what lies under it."""
    return _doubled(rng, toward(grass, under, bare))


def _snow(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    drifts = tile2(rng, (TEXELS, TEXELS), _cells(4, aspect), 4, 0.4)
    sparkle = rng.random((TEXELS, TEXELS), np.float32) > 0.998
    tone = np.clip(drifts * 1.1 - 0.1 + sparkle, 0, 1)
    return between((176, 196, 232), (252, 253, 255), np.asarray(tone, np.float32))


def _sand(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    return between((202, 146, 88), (246, 204, 142), _ripples(rng, reach, aspect))


def _beach(rng: np.random.Generator, reach: float, aspect: float) -> Albedo:
    return between((190, 172, 140), (246, 232, 200), _ripples(rng, reach, aspect))


def _ripples(rng: np.random.Generator, reach: float, aspect: float) -> Field:
    """Drifts of sand with the marks of wind across them, which are only seen close by."""
    drifts = tile2(rng, (TEXELS, TEXELS), _cells(2, aspect), 5)
    grains = rng.random((TEXELS, TEXELS), np.float32)
    row = np.arange(TEXELS, dtype=np.float32)[:, None] * (2 * np.pi * 48 / TEXELS)
    bend = tile2(rng, (TEXELS, TEXELS), _cells(4, aspect), 3)
    ripple = np.sin(row + bend * 22) * (0.16 if reach < 20 else 0.05)
    return np.asarray(np.clip(drifts * 0.7 + ripple + 0.2 + (grains - 0.5) * 0.12, 0, 1), np.float32)


TILES: dict[Place, Tile] = {
    Place.MEADOW: _grass,
    Place.SNOW: _snow,
    Place.DESERT: _sand,
    Place.SEA: _beach,
    Place.FOREST: _litter,
    Place.MOUNTAIN: _alpine,
    Place.RIVER: _riverside,
}

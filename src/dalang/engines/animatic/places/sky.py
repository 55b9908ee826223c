"""Sky: gradient, sun or moon with its glow, stars, and a deck of clouds that drifts."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import Field, Values, sample, smoothstep, tile
from dalang.engines.animatic.canvas.pigment import between, toward

DRIFT = 0.007
"""Widths of the picture that clouds move in a second."""
TEXELS = 512
THIN = 5000.0
"""Metres of visibility from which on clouds are seen down to the horizon; in thicker air haze takes the far ones."""


@dataclass(frozen=True)
class Sky:
    """Painted once, wider than the frame."""

    dome: Picture
    clouds: Picture
    lens: Lens
    wind: float
    """Pixels a second, to the right."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        width = self.lens.width
        rest = (self.dome.shape[1] - width) / 2 + pose.turn
        canvas[: self.dome.shape[0]] = slide(self.dome, rest, width)
        at = (self.clouds.shape[1] - width) / 2 + pose.turn - self.wind * time
        over(canvas, slide(self.clouds, at, width), 0, 0)


def paint_sky(rng: np.random.Generator, lens: Lens, light: Light, sun_x: float, turn: float, duration: float) -> Sky:
    """The sky down to a little under the horizon. `sun_x` is the sun's column when the camera is not turned."""
    wind = float(rng.choice([-1, 1])) * DRIFT * lens.width * max(1.0, light.wind)
    rows = lens.horizon + 4
    margin = int(turn) + 8
    dome = _paint_dome(rng, lens, light, sun_x, rows, margin)
    clouds = _paint_clouds(rng, lens, light, sun_x, margin + int(abs(wind) * duration) + 2)
    return Sky(dome, clouds, lens, wind)


def thickness(light: Light) -> float:
    """Of the air: 0 where one sees as far as on a clear day, 1 where not at all."""
    return float(np.clip(1 - light.visibility / THIN, 0, 1))


def _paint_dome(rng: np.random.Generator, lens: Lens, light: Light, sun_x: float, rows: int, margin: int) -> Picture:
    columns = lens.width + 2 * margin
    x = np.arange(columns, dtype=np.float32) - margin
    y = np.arange(rows, dtype=np.float32)
    high = np.clip(1 - y / lens.horizon, 0, 1)[:, None, None]
    colour = np.repeat(_gradient(light, high), columns, axis=1)
    away = _distance(lens, light, sun_x, x, y)
    colour = toward(colour, light.sun, _halo(light, away, y[:, None] / lens.horizon))
    if light.stars and not light.starless:
        stars = _stars(rng, rows, columns, lens) * np.float32(light.stars) * np.sqrt(high[..., 0])
        colour = np.asarray(cv2.add(colour, cv2.merge([stars] * 3)), np.float32)
    colour = _disc(lens, light, away, colour, rng)
    grain = rng.random((rows, columns), np.float32) * np.float32(1.6) - np.float32(0.8)
    return picture(np.asarray(cv2.add(colour, cv2.merge([grain] * 3)), np.float32))


def _gradient(light: Light, high: NDArray[np.floating]) -> NDArray[np.float32]:
    """Horizon to sky in the lowest two fifths, sky to zenith over the rest; `high` is 0 at the horizon.

    Thick air lifts the horizon's colour to where far ridges end, which take it too: they must not be brighter than what
    they stand against.
    """
    veil = 0.30 * thickness(light)
    high = np.clip((high - veil) / (1 - veil), 0, 1)
    low = smoothstep(0.12, 0.62, np.asarray(high, np.float32))
    top = smoothstep(0.34, 1.15, np.asarray(high, np.float32))
    colour = rgb(light.horizon) + (rgb(light.sky) - rgb(light.horizon)) * low
    return np.asarray(colour + (rgb(light.zenith) - colour) * top, np.float32)


def _distance(lens: Lens, light: Light, sun_x: float, x: Field, y: Field) -> Field:
    """From the sun, in parts of the picture's shorter side."""
    sun_y = lens.horizon * (1 - light.height)
    away = np.hypot(x[None, :] - sun_x, y[:, None] - sun_y) / min(lens.width, lens.height)
    return np.asarray(away, np.float32)


def _halo(light: Light, away: Field, low: Values) -> Field:
    """Glow round the sun, wider along the horizon when the sun stands low."""
    near = 0.75 * np.exp(-away * 8) + 0.38 * np.exp(-((away / 0.40) ** 2))
    band = 0.5 * max(0.0, 0.6 - light.height) * np.exp(-((away / 1.0) ** 2)) * low
    return np.asarray(np.clip((near + band) * light.glow, 0, 1), np.float32)


def _disc(
    lens: Lens, light: Light, away: Field, colour: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.float32]:
    """The sun, or the moon with its seas, edged over about a pixel."""
    radius = 0.034 + 0.014 * light.stars
    sharp = min(lens.width, lens.height)
    edge = np.clip((radius - away) * sharp + 0.5, 0, 1) * min(1.0, light.glow * 1.2)
    face = np.ones_like(away)
    if light.stars > 0.5:
        face -= 0.22 * smoothstep(0.45, 0.7, _blotches(rng, away.shape, sharp * radius))
    return toward(colour, between((0, 0, 0), light.sun, face), edge)


def _blotches(rng: np.random.Generator, shape: tuple[int, int], size: float) -> Field:
    field = tile(rng, 64, 4, 4)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return sample(field, x * (24 / size), y * (24 / size))


def _stars(rng: np.random.Generator, rows: int, columns: int, lens: Lens) -> Field:
    """Points of many sizes, few of them bright."""
    field = np.zeros((rows, columns), np.float32)
    count = rows * columns // 1500
    y, x = rng.integers(0, rows, count), rng.integers(0, columns, count)
    field[y, x] = 255 * rng.random(count, np.float32) ** 4 + 26
    spread = 0.55 * min(lens.width, lens.height) / 720
    return np.asarray(np.clip(cv2.GaussianBlur(field, (0, 0), max(spread, 0.4)) * 3.2, 0, 230), np.float32)


def _paint_clouds(rng: np.random.Generator, lens: Lens, light: Light, sun_x: float, margin: int) -> Picture:
    """A flat deck over the camera, seen in perspective; painted at half size, clouds being soft.

    Clear all over where the light is without clouds.
    """
    half = 0.5
    if not light.cover:
        return np.zeros((lens.horizon, lens.width + 2 * margin, 4), np.uint8)
    columns, rows = int((lens.width + 2 * margin) * half), int(lens.horizon * half)
    x = (np.arange(columns, dtype=np.float32) / half - margin - lens.middle)[None, :]
    y = (np.arange(rows, dtype=np.float32) / half)[:, None]
    lift = (lens.horizon - y) / lens.focal
    far = 1 / (lift + 0.10)
    deck = tile(rng, TEXELS, 4, 7, 0.52)
    fine = tile(rng, TEXELS, 32, 4, 0.6)
    place_u = np.asarray(x / lens.focal * far * 150 + float(rng.random()) * TEXELS, np.float32)
    place_v = np.asarray((far * 130) * np.ones_like(x) + float(rng.random()) * TEXELS, np.float32)
    bend = (sample(fine, place_u * 0.5, place_v * 0.5) - 0.5) * 26
    density = sample(deck, place_u + bend, place_v + bend)
    density += (sample(fine, place_u * 1.7, place_v * 1.7) - 0.5) * 0.10
    open_sky = 0.76 - 0.5 * light.cover
    body = smoothstep(open_sky, open_sky + 0.20, density)
    toward = np.sign(sun_x - lens.middle) * 9
    behind = sample(deck, place_u + bend + toward, place_v + bend + 9)
    lit = np.clip(0.62 + (density - behind) * 3.4 - (density - open_sky) * 0.9, 0, 1)
    thick = thickness(light)
    fade = smoothstep(0.02 + 0.05 * thick, 0.17 + 0.22 * thick, lift)
    soft = picture(between(light.cloud_shade, light.cloud, lit), body * fade * (0.94 if light.cover > 0.6 else 0.9))
    size = (lens.width + 2 * margin, lens.horizon)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC), np.uint8)

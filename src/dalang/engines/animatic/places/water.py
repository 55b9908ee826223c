"""Open water: the picture over the horizon mirrored in waves, with the sun's glitter.

Waves are one repeating tile looked up twice, moving two ways; their mean bends the mirror. The water is worked out at
half width, since reflections smear sideways anyway, and in uint16 steps that wrap with the tile, as the ground is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import Field, Values, smoothstep, stretch, tile2

TEXELS = 1024
STEPS = 64
SEA: Colour = (22, 84, 104)
"""Albedo of deep water."""
RUN = ((0.020, 0.034), (-0.013, 0.052))
"""Tiles a second that each look-up moves, across and toward the camera."""
DEEP = 0.88
"""Of what the water mirrors, that is lost where one looks down into it, at what lies over the picture."""


@dataclass(frozen=True)
class Water:
    waves: Picture
    """TEXELS + 1 square: slope across, slope in depth, height, nothing."""
    u: NDArray[np.uint16]
    v: NDArray[np.uint16]
    lean: NDArray[np.float32]
    """Steps of u for a pixel of turning and for a metre of travel, by row; shape (2, rows, 1)."""
    at_x: Field
    at_y: Field
    """Where the still mirror looks, in half columns and in rows over the horizon."""
    swing: Field
    """Rows by which a full slope moves the mirror, by row; shape (rows, 1)."""
    shine: Field
    """Share of the mirror in the water's colour, by row."""
    body: Picture
    path: Field
    """Where the sun glitters, 0..1, wider than the frame."""
    sun: Colour
    lens: Lens

    def shown(self, rows: int) -> Water:
        """So many rows of it from the horizon on: what lies nearer is under something else."""
        return replace(
            self, u=self.u[:rows], v=self.v[:rows], lean=self.lean[:, :rows], at_x=self.at_x[:rows],
            at_y=self.at_y[:rows], swing=self.swing[:rows], shine=self.shine[:rows], body=self.body[:rows],
            path=self.path[:rows],
        )  # fmt: skip

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        lens = self.lens
        rows, half = self.u.shape
        mirror = cv2.resize(canvas[: lens.horizon], (half, lens.horizon), interpolation=cv2.INTER_LINEAR)
        if lens.horizon < lens.height - lens.horizon:
            # From above, water shows no more than the tone of what is over the picture.
            cv2.blur(mirror, (half // 3 | 1, 5), dst=mirror)
        waves = self._waves(pose, time)
        across, deep, high = (waves[..., channel] for channel in range(3))
        bend = (deep.astype(np.float32) - 128) * self.swing
        slip = (across.astype(np.float32) - 128) * (self.swing * 0.35)
        seen = cv2.remap(mirror, self.at_x + slip, self.at_y + bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        share = np.clip(self.shine + (deep.astype(np.float32) - 128) * 1.5, 20, 250).astype(np.uint8)
        weight = cv2.cvtColor(share, cv2.COLOR_GRAY2RGBA)
        lit = cv2.multiply(seen, weight, scale=1 / 255)
        lit = cv2.add(lit, cv2.multiply(self.body, cv2.bitwise_not(weight), scale=1 / 255))
        lit = cv2.add(lit, self._glitter(high, pose))
        place = canvas[lens.horizon : lens.horizon + rows]
        cv2.resize(lit, (lens.width, rows), dst=place, interpolation=cv2.INTER_LINEAR)

    def _waves(self, pose: Pose, time: float) -> Picture:
        aside = self.lean[0] * pose.turn + self.lean[1] * pose.x
        views = []
        for across, toward in RUN:
            u = self.u + np.round(aside + across * time * TEXELS * STEPS).astype(np.int64).astype(np.uint16)
            v = self.v + np.uint16(round((pose.z * 0.02 + toward * time) * TEXELS * STEPS) & 0xFFFF)
            whole = cv2.merge([(u >> 6).view(np.int16), (v >> 6).view(np.int16)])
            part = ((u & 63) >> 1) | (((v & 63) >> 1) << 5)
            views.append(cv2.remap(self.waves, whole, part, cv2.INTER_LINEAR))
        return np.asarray(cv2.addWeighted(views[0], 0.5, views[1], 0.5, 0), np.uint8)

    def _glitter(self, high: NDArray[np.uint8], pose: Pose) -> Picture:
        margin = (self.path.shape[1] - high.shape[1]) // 2
        start = min(max(margin + round(pose.turn / 2), 0), 2 * margin)
        bright = np.clip((high.astype(np.float32) - 142) * 7, 0, 255) * self.path[:, start : start + high.shape[1]]
        grey = cv2.cvtColor(bright.astype(np.uint8), cv2.COLOR_GRAY2RGBA)
        return np.asarray(cv2.multiply(grey, np.asarray((*self.sun, 0)), scale=1 / 255), np.uint8)


def paint_water(
    rng: np.random.Generator, lens: Lens, light: Light, sun_x: float, turn: float, calm: float = 1.0
) -> Water:
    """Water from the horizon to the bottom of the frame; `calm` over 1 makes for lower waves."""
    rows, half = lens.height - lens.horizon, lens.width // 2
    y = np.arange(rows, dtype=np.float32)[:, None]
    near = (y + 0.5) / rows
    wave = (7 + 190 * near**1.25) * lens.height / 720
    steps = TEXELS * STEPS / (wave * 5)
    x = (np.arange(half, dtype=np.float32) * 2 - lens.middle)[None, :]
    v = np.cumsum(steps * 3.4, axis=0) * np.ones_like(x)
    distance = lens.eye * lens.focal / (y + 0.5)
    lean = np.stack([steps, steps * lens.focal / distance]).astype(np.float32)
    at_x = np.arange(half, dtype=np.float32)[None, :] * np.ones_like(y)
    at_y = np.maximum(lens.horizon - 1 - y * 1.12, 0) * np.ones((1, half), np.float32)
    steep = smoothstep(0.8 * lens.horizon, 1.15 * lens.horizon, y * 1.12)
    swing = (0.6 + 44 * near) / 128 * lens.height / 720 / calm
    shine = 255 * (0.92 - 0.46 * smoothstep(0.0, 0.9, near)) * (1 - DEEP * steep)
    body = rgb(SEA) * (rgb(light.fill) + 0.5 * rgb(light.key)) * (1.15 - 0.4 * near)[..., None]
    return Water(
        _tile(rng), _wrapped(x * steps), _wrapped(v), lean, at_x, np.asarray(at_y, np.float32),
        np.asarray(swing, np.float32), np.asarray(shine, np.float32), picture(body * np.ones((1, half, 1), np.float32)),
        _path(lens, light, sun_x, int(turn), near), light.sun, lens,
    )  # fmt: skip


def _wrapped(position: Values) -> NDArray[np.uint16]:
    return np.round(position.astype(np.float64)).astype(np.int64).astype(np.uint16)


def _tile(rng: np.random.Generator) -> Picture:
    """Waves longer across than in depth, with sharp crests."""
    high = tile2(rng, (TEXELS, TEXELS), (16, 8), 5, 0.58)
    high = stretch(1 - np.abs(2 * high - 1) * 0.7 + 0.3 * high)
    deep = np.roll(high, 3, 0) - np.roll(high, -3, 0)
    across = np.roll(high, 3, 1) - np.roll(high, -3, 1)
    fields = [_spread(across), _spread(deep), _spread(high - high.mean())]
    stacked = np.dstack([*fields, np.zeros_like(fields[0])])
    return np.asarray(cv2.copyMakeBorder(stacked, 0, 1, 0, 1, cv2.BORDER_WRAP), np.uint8)


def _spread(field: Field) -> NDArray[np.uint8]:
    """Centred on 128, three deviations to each end."""
    return np.asarray(np.clip(field / (field.std() * 3) * 127 + 128, 0, 255), np.uint8)


def _path(lens: Lens, light: Light, sun_x: float, turn: int, near: Values) -> Field:
    half = lens.width // 2 + 2 * (turn // 2 + 2)
    x = np.arange(half, dtype=np.float32)[None, :] * 2 - turn - 4 - sun_x
    width = lens.width * (0.035 + 0.11 * near)
    strength = light.glow * (1.25 - light.height) * 0.9
    return np.asarray(np.exp(-((x / width) ** 2)) * strength * (1 - 0.3 * near), np.float32)

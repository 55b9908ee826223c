"""One heaped cloud, seen from its side: balls of vapour, roughened, and lit by the sun and by the sky."""

from __future__ import annotations

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import Field, sample, smoothstep, tile
from dalang.engines.animatic.places.props import Sun

BALLS = 120
WIDE = 2.3
"""Width to height."""
FINEST = 220
"""Rows at which clouds are worked out; larger ones are enlarged, being soft."""


def paint_cumulus(rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    """A cloud `rows` pixels high with a flat soft foot."""
    high = min(FINEST, max(24, rows))
    wide = round(high * WIDE)
    depth = _heap(rng, high, wide)
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    rough = tile(rng, 256, 8, 6, 0.58)
    unit = 256 / high * 0.5
    grain = sample(rough, x * unit, y * unit)
    body = np.asarray(cv2.GaussianBlur(depth, (0, 0), high * 0.014), np.float32) + (grain - 0.5) * 0.15
    slope_x, slope_y = (cv2.Sobel(body, cv2.CV_32F, *way, scale=high / 30) for way in ((1, 0), (0, 1)))
    length = np.sqrt(slope_x**2 + slope_y**2 + 1)
    facing = (-slope_x * float(sun[0]) + slope_y * float(sun[1]) + 0.55) / length
    foot = 1 - y / high
    lit = np.clip(0.12 + 0.88 * facing + 0.95 * (foot - 0.40), 0, 1)
    lit += (0.80 - lit) * smoothstep(0.30, 0.08, body)  # thin vapour lets light through
    colour = rgb(light.cloud_shade) + (rgb(light.cloud) - rgb(light.cloud_shade)) * lit[..., None]
    rim = smoothstep(0.34, 0.06, body) * light.glow * max(0.0, 1 - light.height)
    colour += (rgb(light.sun) - colour) * (0.45 * rim * np.clip(facing * 1.5, 0, 1))[..., None]
    alpha = smoothstep(0.03, 0.20, body) * smoothstep(0.0, 0.30, foot + (grain - 0.5) * 0.14)
    view = picture(colour, np.asarray(alpha * 0.97, np.float32))
    size = (max(8, round(rows * WIDE)), max(4, rows))
    way = cv2.INTER_AREA if rows <= high else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(view, size, interpolation=way), np.uint8)


def _heap(rng: np.random.Generator, high: int, wide: int) -> Field:
    """How far each point of a heap of balls stands out, in parts of the height; 0 where there is none."""
    depth = np.zeros((high, wide), np.float32)
    peaks = [(float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.45, 0.95))) for _ in range(3)]
    for _ in range(BALLS):
        x = float(np.clip(rng.normal(0.5, 0.19), 0.12, 0.88))
        top = max(level * float(np.exp(-(((x - at) / 0.17) ** 2))) for at, level in peaks) + 0.12
        y = float(rng.uniform(0.04, 1.0)) ** 0.8 * min(top, 0.80)
        radius = float(rng.uniform(0.26, 0.46)) ** 2 * (1.15 - 0.4 * y)
        _ball(depth, x * wide, (1 - y) * high, radius * high)
    return np.asarray(depth / high, np.float32)


def _ball(depth: Field, x: float, y: float, radius: float) -> None:
    left, right = max(0, int(x - radius)), min(depth.shape[1], int(x + radius) + 2)
    top, bottom = max(0, int(y - radius)), min(depth.shape[0], int(y + radius) + 2)
    if right <= left or bottom <= top:
        return
    across = np.arange(left, right, dtype=np.float32)[None, :] - x
    down = np.arange(top, bottom, dtype=np.float32)[:, None] - y
    front = np.sqrt(np.clip(radius * radius - across**2 - down**2, 0, None))
    part = depth[top:bottom, left:right]
    np.maximum(part, front, out=part)

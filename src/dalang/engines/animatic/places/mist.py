"""Soft strips that go by: low clouds between ranges, the shadows of clouds on the ground, streaks on a current."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import Field, smoothstep, tile2

PERIOD = 2048


@dataclass(frozen=True)
class Mist:
    """A soft strip that goes with the wind and comes round again."""

    view: Picture
    top: int
    wind: float
    """Pixels a second."""
    distance: float
    """Metres at which it moves with the camera."""
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        side = pose.turn + self.lens.scale(self.distance) * pose.x - self.wind * time
        over(canvas, slide(self.view, side % PERIOD, self.lens.width), 0, self.top)


def paint_mist(
    rng: np.random.Generator, lens: Lens, colour: Colour, rows: tuple[int, int], distance: float, wind: float
) -> Mist:
    """Cloud between two rows of the canvas, torn above and level below."""
    high = max(4, rows[1] - rows[0])
    body = _strip(rng, high, (2, 16))
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    swell = smoothstep(0.0, 0.40, y - 0.75 * (1 - body)) * smoothstep(1.0, 0.45, y)
    cover = np.clip(swell * (0.5 + 1.2 * body), 0, 0.9)
    lit = rgb(colour) * (0.86 + 0.18 * body * (1 - y))[..., None]
    return Mist(_wound(picture(lit, cover), lens.width), rows[0], wind, distance, lens)


def paint_cloud_shadows(rng: np.random.Generator, lens: Lens, top: int, distance: float, wind: float) -> Mist:
    """Over the ground from row `top` down, larger the nearer."""
    high = lens.height - top
    field = _strip(rng, high, (2, 4))
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    dark = smoothstep(0.50, 0.68, field) * 0.40 * smoothstep(0.0, 0.12, y)
    return Mist(_wound(picture(np.zeros((high, PERIOD, 3), np.float32), dark), lens.width), top, wind, distance, lens)


def paint_streaks(
    rng: np.random.Generator, lens: Lens, colour: Colour, rows: tuple[int, int], distance: float, wind: float
) -> Mist:
    """Long thin ripples that catch the light of the sky, between two rows of the canvas."""
    high = max(3, rows[1] - rows[0])
    field = _strip(rng, high, (16, 32), 3)
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    cover = smoothstep(0.58, 0.82, field) * 0.28 * smoothstep(0.0, 0.25, y) * smoothstep(1.0, 0.75, y)
    lit = rgb(colour) * np.ones((high, PERIOD, 1), np.float32)
    return Mist(_wound(picture(lit, cover), lens.width), rows[0], wind, distance, lens)


def _strip(rng: np.random.Generator, high: int, cells: tuple[int, int], octaves: int = 5) -> Field:
    """Noise that wraps round across; each of its own columns makes four."""
    field = tile2(rng, (128, PERIOD // 4), cells, octaves, 0.55)
    wrapped = np.pad(field, ((0, 0), (2, 2)), mode="wrap")
    big = cv2.resize(wrapped, (PERIOD + 16, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(big[:, 8:-8], np.float32)


def _wound(strip: Picture, width: int) -> Picture:
    return np.tile(strip, (1, 1 + -(-(width + 4) // PERIOD), 1))[:, : PERIOD + width + 4]

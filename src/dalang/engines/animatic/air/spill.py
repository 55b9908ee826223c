"""Light that lies over the whole picture: a flame's pool about the subject, a sun's veil, signs from both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, rgb
from dalang.engines.animatic.camera.camera import Pose
from dalang.engines.animatic.canvas.composite import Picture, picture, slide
from dalang.engines.animatic.canvas.noise import Field
from dalang.engines.animatic.effects.site import Depths, Painter, Site
from dalang.engines.animatic.effects.source import Source, flicker, source
from dalang.engines.animatic.scenery import Layer
from dalang.scene.plan import Lighting

LOWEST = 0.56
"""Of the frame's height: no flame lights a picture from under its edge, or a face seen close would be left dark."""
SMALL = 8
"""Painted at this part of its size, being soft."""
HAZY = 400.0
"""Metres of visibility under which the air itself is bright, and a flare on it leaves only white."""


@dataclass(frozen=True)
class Pool:
    """All but what is near a flame is held dark."""

    source: Source
    shade: Picture
    """What is left of the light, 0..255; wider than the canvas, its middle where the flame is."""
    unsteady: float
    """How much it flickers, 0..1."""
    seed: int

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        column = self.source.place(pose)[0]
        spare = self.shade.shape[1] - canvas.shape[1]
        part = slide(self.shade, spare / 2 + canvas.shape[1] / 2 - column, canvas.shape[1])
        burn = 1 + self.unsteady * (flicker(time, self.seed) - 1)
        cv2.multiply(canvas, part, dst=canvas, scale=burn / 200)


def _pool(site: Site, edge: Colour, reach: float, unsteady: float) -> Pool:
    """`edge`: the light that is left far away from the flame, 0..1 a channel; `reach` in the frame's heights."""
    lens = site.lens
    origin = source(site, 1.0)
    wide, high = (2 * lens.width) // SMALL, -(-lens.height // SMALL)
    x = (np.arange(wide, dtype=np.float32) - wide / 2)[None, :] * SMALL / site.unit / 720
    row = min(origin.row - 0.16 * lens.height, LOWEST * lens.height)
    y = (np.arange(high, dtype=np.float32) * SMALL - row)[:, None] / site.unit / 720
    near = np.exp(-((np.hypot(x, y * 1.1) / reach) ** 2))[..., None]
    left = rgb(edge) + (rgb((1.27, 1.14, 0.96)) - rgb(edge)) * near
    small = picture(np.clip(left * 200, 0, 255))
    whole = cv2.resize(small, (wide * SMALL, high * SMALL), interpolation=cv2.INTER_CUBIC)[: lens.height]
    return Pool(origin, np.ascontiguousarray(whole, np.uint8), unsteady, site.seed % 97)


@dataclass(frozen=True)
class Veil:
    """Light that is added, and stands still."""

    light: Picture

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        cv2.add(canvas, self.light, dst=canvas)


def _veil(site: Site, shown: Callable[[Field, Field], Field]) -> Veil:
    """`shown`: columns and rows, in widths and heights of the canvas, to RGB."""
    wide, high = -(-site.lens.width // SMALL), -(-site.lens.height // SMALL)
    x, y = np.meshgrid(np.linspace(0, 1, wide, dtype=np.float32), np.linspace(0, 1, high, dtype=np.float32))
    big = cv2.resize(shown(x, y), (site.lens.width, site.lens.height), interpolation=cv2.INTER_LINEAR)
    big += (np.indices(big.shape[:2]).sum(0) % 2)[..., None] * 0.5  # or so soft a slope would show steps
    return Veil(picture(np.asarray(big, np.float32)))


def _flare(site: Site, colour: Colour, strength: float) -> Veil:
    """About the sun, and down over what stands before it."""
    at, tall = site.sun_x / site.lens.width, site.lens.horizon / site.lens.height * (1 - site.light.height)

    def shown(x: Field, y: Field) -> Field:
        away = np.hypot((x - at) * site.lens.width / site.lens.height, (y - tall) * 0.9)
        part = 0.75 * np.exp(-((away / 0.30) ** 2)) + 0.45 * np.exp(-((away / 0.85) ** 2))
        return np.asarray(rgb(colour) * (strength * part)[..., None], np.float32)

    return _veil(site, shown)


def _signs(site: Site) -> Veil:
    def shown(x: Field, y: Field) -> Field:
        left, right = np.exp(-((x / 0.42) ** 2)), np.exp(-(((1 - x) / 0.42) ** 2))
        low = (0.55 + 0.45 * y)[..., None]
        return np.asarray((rgb((255, 30, 150)) * left[..., None] + rgb((20, 190, 255)) * right[..., None]) * low * 0.17)

    return _veil(site, shown)


def _sun(site: Site, colour: Colour, behind: float, before: float) -> Depths:
    """Strong on what stands behind the subject, faint on itself, whose dark shape would be lost in it."""
    clear = min(1.0, 0.25 + site.light.visibility / HAZY)
    return Depths(behind=(_flare(site, colour, behind * clear),), before=(_flare(site, colour, before),))


def _before(layer: Layer) -> Depths:
    return Depths(before=(layer,))


SPILLS: dict[Lighting, Painter] = {
    Lighting.CANDLE: lambda site: _before(_pool(site, (0.36, 0.27, 0.25), 0.62, 1.0)),
    Lighting.PRACTICAL: lambda site: _before(_pool(site, (0.66, 0.63, 0.63), 0.85, 0.0)),
    Lighting.BACKLIGHT: lambda site: _sun(site, site.light.sun, 0.34, 0.08),
    Lighting.GOLDEN: lambda site: _sun(site, (255, 176, 86), 0.20, 0.10),
    Lighting.NEON: lambda site: _before(_signs(site)),
    Lighting.SOFT: lambda site: _before(_flare(site, (255, 250, 244), 0.07)),
}
"""Of the lightings that are seen in the air too."""

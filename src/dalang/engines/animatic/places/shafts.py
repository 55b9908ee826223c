"""Shafts of light that fan out from a source over the frame, and waver."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, rgb
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import Field, smoothstep, tile2

SHRINK = 4
"""Worked out this many times smaller: shafts are soft."""
BEAMS = 512


@dataclass(frozen=True)
class Shafts:
    beams: NDArray[np.uint8]
    """Brightness by angle (columns) and by time (rows); both repeat."""
    angle: Field
    """Column of `beams` for each small pixel."""
    fade: NDArray[np.uint8]
    colour: Picture
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        at = self.angle + (pose.turn * 0.10 + time * 1.5)
        once = self._look(at, time * 2.2)
        twice = self._look(at * 1.7 + 90 - time * 5.0, time * 1.4 + 60)
        light = cv2.multiply(cv2.addWeighted(once, 0.62, twice, 0.38, 0), self.fade, scale=1 / 255)
        tinted = cv2.multiply(cv2.cvtColor(light, cv2.COLOR_GRAY2RGBA), self.colour, scale=1 / 255)
        big = cv2.resize(tinted, (self.lens.width, self.lens.height), interpolation=cv2.INTER_LINEAR)
        cv2.add(canvas, big, dst=canvas)

    def _look(self, at: Field, row: float) -> NDArray[np.uint8]:
        column = np.mod(at, np.float32(BEAMS)).astype(np.float32)
        rows = np.full_like(column, row % 128)
        return np.asarray(cv2.remap(self.beams, column, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.uint8)


def paint_shafts(rng: np.random.Generator, lens: Lens, colour: Colour, source_x: float, strength: float) -> Shafts:
    """Shafts from a source over the frame at column `source_x`; `strength` 1 is bright noon."""
    small = (lens.width // SHRINK, lens.height // SHRINK)
    x = (np.arange(small[0], dtype=np.float32)[None, :] * SHRINK - source_x) / lens.height
    y = np.arange(small[1], dtype=np.float32)[:, None] * SHRINK / lens.height
    tan = x / (y + 0.55)
    angle = np.asarray(tan * 150 + BEAMS, np.float32)
    fade = np.clip(1.05 - y * 0.95, 0, 1) ** 1.3 * np.exp(-((tan / 0.85) ** 2)) * (0.25 + 0.75 * min(1.0, strength))
    noise = tile2(rng, (128, BEAMS), (4, 16), 3, 0.55)
    beams = 255 * smoothstep(0.46, 0.86, noise)
    tint = picture(np.broadcast_to(rgb(colour) * 0.62, (small[1], small[0], 3)))
    return Shafts(beams.astype(np.uint8), angle, (255 * fade).astype(np.uint8), tint, lens)

"""What hangs free where there is nothing to stand on: whoever would walk leans into the way, as one who swims does."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action
from dalang.scene.plan import FLOATING, Place

LEAN = {Place.UNDERWATER: 62.0, Place.SKY: 66.0, Place.SPACE: 24.0}
"""Degrees that an upright body leans forward."""
REST = 12.0
"""The same of one who stays where it is."""
UPRIGHT = 1.25
"""Height to width from which a picture shows an upright body."""


def adrift(sprite: Sprite, place: Place, action: Action) -> Sprite:
    """`sprite` as it is drawn in `place`: leaning, where it hangs free and stands upright on the ground."""
    _, rows, columns, _ = sprite.frames.shape
    if place not in FLOATING or sprite.subject.medium != "ground" or rows < UPRIGHT * columns:
        return sprite
    lean = REST if action is Action.STAND else LEAN[place]
    angle = -lean if sprite.subject.faces == "right" else lean
    return replace(sprite, frames=_turned(sprite.frames, angle))


def _turned(frames: np.ndarray, degrees: float) -> np.ndarray:
    """`frames` turned counter-clockwise about their middle, cut to what they show."""
    rows, columns = frames.shape[1:3]
    side = int(np.hypot(rows, columns)) + 2
    move = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    move[:, 2] += side / 2 - columns / 2, side / 2 - rows / 2
    turned = np.stack([_warped(frame, move, side) for frame in frames])
    shown = turned[..., 3].max(axis=0) > 8
    down, across = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    return np.ascontiguousarray(turned[:, down[0] : down[-1] + 1, across[0] : across[-1] + 1])


def _warped(frame: Picture, move: np.ndarray, side: int) -> Picture:
    return np.asarray(cv2.warpAffine(frame, move, (side, side), flags=cv2.INTER_CUBIC), np.uint8)

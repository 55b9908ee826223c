"""A walk for pictures whose feet stand still. Frames are premultiplied float32 RGBA, shape (height, width, 4)."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from pictures import Gait, Leg

Picture = NDArray[np.float32]

BOB = 1.5
"""Pixels the body rises over a passing leg."""

STANCE = 0.6
"""Share of the cycle that a foot stands on the ground, carrying the body `2 * reach / STANCE` pixels in all."""

SEAM = 4
"""Rows above the hip that leg and body share, so that no line shows where they part."""


def walk(frames: list[Picture], gait: Gait, count: int) -> list[Picture]:
    """One cycle of `count` frames; the body plays the first `gait.depth` of `frames` forth and back."""
    return [_stride(frames, gait, k / count) for k in range(count)]


def hop(frames: list[Picture], height: float) -> list[Picture]:
    """The frames in one jump: on the ground for the first third, then up and down by `height` pixels."""
    return [_lifted(f, height * _arc(k / len(frames))) for k, f in enumerate(frames)]


def _stride(frames: list[Picture], gait: Gait, when: float) -> Picture:
    source = frames[round(gait.depth * (1 - math.cos(2 * math.pi * when)) / 2)]
    bob = BOB * math.cos(4 * math.pi * when)
    body, out = source.copy(), np.zeros_like(source)
    for leg in gait.legs:
        layer = np.zeros_like(source)
        hip = leg.hip or gait.hip
        layer[hip - SEAM :, leg.left : leg.right] = body[hip - SEAM :, leg.left : leg.right]
        body[hip + 1 :, leg.left : leg.right] = 0
        out = _over(_bent(layer, gait, leg, when, bob), out)
    out = _over(_shifted(body, bob), out)
    return _rocked(out, gait.rock * math.sin(2 * math.pi * when), gait.foot) if gait.rock else out


def _bent(layer: Picture, gait: Gait, leg: Leg, when: float, bob: float) -> Picture:
    height, width = layer.shape[:2]
    hip = leg.hip or gait.hip
    swing, lift = _foot((when + leg.phase) % 1.0, gait.reach)
    down = np.clip((np.arange(height, dtype=np.float32) - hip) / (gait.foot - hip), 0, 1)[:, None]
    x = np.arange(width, dtype=np.float32)[None, :] - swing * down**1.2
    y = np.arange(height, dtype=np.float32)[:, None] + lift * down + bob * (1 - down) + np.zeros_like(x)
    return cv2.remap(layer, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)


def _foot(phase: float, reach: float) -> tuple[float, float]:
    """Where a foot is, right of its rest and above the ground: it stands for STANCE, then steps to the left."""
    if phase < STANCE:
        return reach * (2 * phase / STANCE - 1), 0.0
    step = (phase - STANCE) / (1 - STANCE)
    return reach * math.cos(math.pi * step), reach * 0.6 * math.sin(math.pi * step)


def _arc(when: float) -> float:
    return 0.0 if when < 1 / 3 else math.sin(math.pi * (when - 1 / 3) * 1.5)


def _lifted(frame: Picture, up: float) -> Picture:
    room = cv2.copyMakeBorder(frame, 64, 0, 0, 0, cv2.BORDER_CONSTANT)
    return _shifted(room, up)


def _shifted(frame: Picture, up: float) -> Picture:
    return _warped(frame, np.float32([[1, 0, 0], [0, 1, -up]]))


def _rocked(frame: Picture, degrees: float, foot: int) -> Picture:
    room = cv2.copyMakeBorder(frame, 24, 24, 24, 24, cv2.BORDER_CONSTANT)
    return _warped(room, cv2.getRotationMatrix2D((24 + frame.shape[1] * 0.6, 24.0 + foot), degrees, 1.0))


def _warped(frame: Picture, matrix: NDArray[np.float32]) -> Picture:
    size = frame.shape[1], frame.shape[0]
    return cv2.warpAffine(frame, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)


def _over(top: Picture, under: Picture) -> Picture:
    return top + under * (1 - top[..., 3:] / 255)

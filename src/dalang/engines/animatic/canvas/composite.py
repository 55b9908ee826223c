"""Putting one picture on another: premultiplied RGBA, uint8, in place.

Everything is drawn on a canvas of four channels (OpenCV moves four bytes a pixel several times faster than three); the
canvas is opaque and its fourth channel means nothing.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.canvas.noise import Field

Picture = NDArray[np.uint8]
"""Premultiplied RGBA of shape (height, width, 4)."""


def picture(colour: NDArray[np.floating], alpha: NDArray[np.floating] | float = 1.0) -> Picture:
    """Premultiply `colour` (height, width, 3), 0..255, by `alpha` (height, width), 0..1."""
    if isinstance(alpha, float) and alpha == 1.0:
        whole = np.maximum(np.asarray(colour, np.float32), 0)
        return np.asarray(cv2.cvtColor(cv2.convertScaleAbs(whole), cv2.COLOR_RGB2RGBA), np.uint8)
    cover = np.ascontiguousarray(np.broadcast_to(np.asarray(alpha, np.float32), colour.shape[:2]))
    parts = [cv2.multiply(part, cover) for part in cv2.split(np.asarray(colour, np.float32))]
    whole = np.asarray(cv2.merge([*parts, cover * np.float32(255)]), np.float32)
    return np.asarray(cv2.convertScaleAbs(np.maximum(whole, 0, out=whole)), np.uint8)


def over(canvas: Picture, source: Picture, x: int, y: int) -> None:
    """Lay `source` on `canvas` with its top left corner at `x`, `y`; what falls outside is cut."""
    place = _overlap(canvas, source, x, y)
    if place is None:
        return
    under, top = place
    clear = cv2.bitwise_not(cv2.extractChannel(top, 3))
    cv2.multiply(under, cv2.cvtColor(clear, cv2.COLOR_GRAY2RGBA), dst=under, scale=1 / 255)
    cv2.add(under, top, dst=under)


def lay(canvas: Picture, source: Picture, x: int, y: int) -> None:
    """`over` for a canvas that is clear in parts: its fourth channel stays right."""
    place = _overlap(canvas, source, x, y)
    if place is None:
        return
    under, top = place
    clear = cv2.bitwise_not(cv2.extractChannel(top, 3))
    cv2.multiply(under, cv2.merge([clear] * 4), dst=under, scale=1 / 255)
    cv2.add(under, top, dst=under)


def add(canvas: Picture, light: Picture, x: int, y: int) -> None:
    """Add the light of `light` to `canvas`, its top left corner at `x`, `y`."""
    place = _overlap(canvas, light, x, y)
    if place is not None:
        cv2.add(place[0], place[1], dst=place[0])


def _overlap(canvas: Picture, source: Picture, x: int, y: int) -> tuple[Picture, Picture] | None:
    left, top = max(0, x), max(0, y)
    right = min(canvas.shape[1], x + source.shape[1])
    bottom = min(canvas.shape[0], y + source.shape[0])
    if right <= left or bottom <= top:
        return None
    return canvas[top:bottom, left:right], source[top - y : bottom - y, left - x : right - x]


def slide(source: Picture, x: float, width: int) -> Picture:
    """The `width` columns of `source` from column `x` on, between whole columns too; `x` is kept inside."""
    x = min(max(x, 0.0), source.shape[1] - width - 1.001)
    whole = math.floor(x)
    part = round((x - whole) * 32) / 32
    first = source[:, whole : whole + width]
    if not part:
        return first
    second = source[:, whole + 1 : whole + 1 + width]
    return np.asarray(cv2.addWeighted(first, 1 - part, second, part, 0), np.uint8)


def stamp(
    canvas: Picture, source: Picture, x: float, y: float, scale: float, *, tall: float = 1.0, lean: float = 0.0,
    lit: bool = False,
) -> None:  # fmt: skip
    """Draw `source`, scaled, with its bottom centre at `x`, `y` (pixels, fractions count).

    `tall` stretches its height alone; its top goes `lean` pixels to the right; `lit` adds light instead of covering.
    """
    height, width = source.shape[0] * scale * tall, source.shape[1] * scale
    left, right = max(-1, math.floor(x - width / 2 + min(0.0, lean))), math.ceil(x + width / 2 + max(0.0, lean)) + 1
    top, bottom = max(-1, math.floor(y - height)), min(math.ceil(y) + 1, canvas.shape[0] + 1)
    box = (min(right, canvas.shape[1] + 1) - left, bottom - top)
    if box[0] <= 0 or box[1] <= 0:
        return
    across = [scale, -lean / source.shape[0], x - width / 2 - left + lean]
    move = np.array([across, [0, scale * tall, y - height - top]], np.float32)
    drawn = np.asarray(cv2.warpAffine(source, move, box, flags=cv2.INTER_LINEAR), np.uint8)
    (add if lit else over)(canvas, drawn, left, top)


def warp(canvas: Picture, source: Picture, move: NDArray[np.floating]) -> None:
    """Draw `source` where the affine `move`, of shape (2, 3), puts its pixels on `canvas`."""
    rows, columns = source.shape[:2]
    corners = np.array([[0, columns, 0, columns], [0, 0, rows, rows], [1, 1, 1, 1]]).T @ np.asarray(move).T
    left, top = (math.floor(max(0, low) - 1) for low in corners.min(axis=0))
    right, bottom = (
        math.ceil(min(high, size)) + 1 for high, size in zip(corners.max(axis=0), canvas.shape[1::-1], strict=True)
    )
    if right <= left or bottom <= top:
        return
    there = np.asarray(move, np.float32) - np.array([[0, 0, left], [0, 0, top]], np.float32)
    drawn = cv2.warpAffine(source, there, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    over(canvas, np.asarray(drawn, np.uint8), left, top)


def glow(radius: int, colour: tuple[float, float, float], power: float = 2.0) -> Picture:
    """A round light that fades to nothing at `radius` pixels, to be added."""
    axis = np.linspace(-1, 1, 2 * radius + 1, dtype=np.float32)
    fall: Field = np.clip(1 - np.hypot(axis[:, None], axis[None, :]), 0, 1) ** power
    return picture(np.asarray(colour, np.float32) * np.ones((*fall.shape, 1), np.float32), fall)

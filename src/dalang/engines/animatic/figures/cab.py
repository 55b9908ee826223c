"""A driver behind the windows of what he drives: painted into its picture where that shows glass."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.canvas.composite import Picture, lay
from dalang.engines.animatic.figures.sprite import Sprite

GLASS = (95, 128)
"""Hue of windows, of 180 (OpenCV's half degrees)."""
STRONG, BRIGHT = 70, 110
"""Saturation and value, of 255, from which blue is glass."""
LEAST, MOST = 0.012, 0.16
"""Of the picture, that a window has at the least to look in at, and at the most: more is paint."""
HIGH = 0.55
"""Of the picture, from its top, where windows are."""
BUST = 0.44
"""Of a seated driver's picture, from its top, that is seen."""
TALL = 1.04
"""Of the window's height, that the bust takes."""
SHINE = 0.28
"""How much of the glass lies over him."""


def crewed(vehicle: Sprite, driver: Sprite) -> Sprite:
    """`vehicle` with `driver` at its foremost window; as it is where it shows none."""
    pane = _pane(vehicle.frames[0], ahead=1 if vehicle.subject.faces == "right" else -1)
    if pane is None:
        return vehicle
    turned = driver.frames[0] if driver.subject.faces == vehicle.subject.faces else driver.frames[0][:, ::-1]
    bust = turned[: round(BUST * turned.shape[0])]
    bust = bust[:, np.flatnonzero(bust[..., 3].max(axis=0) > 8)]
    left, top, width, height = pane
    scale = TALL * height / bust.shape[0]
    small = np.asarray(cv2.resize(bust, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = round(left + (width - small.shape[1]) / 2), round(top + height - small.shape[0])
    return replace(vehicle, frames=np.stack([_behind(frame, small, x, y) for frame in vehicle.frames]))


def _glass(frame: Picture) -> NDArray[np.uint8]:
    """255 where `frame` shows a window."""
    hsv = cv2.cvtColor(np.ascontiguousarray(frame[..., :3]), cv2.COLOR_RGB2HSV)
    found = np.asarray(cv2.inRange(hsv, (GLASS[0], STRONG, BRIGHT), (GLASS[1], 255, 255)), np.uint8)
    return np.asarray(cv2.bitwise_and(found, np.where(frame[..., 3] > 240, 255, 0).astype(np.uint8)), np.uint8)


def _pane(frame: Picture, ahead: int) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the window that is the furthest `ahead`: 1 to the right, -1 to the left."""
    glass = cv2.morphologyEx(_glass(frame), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, _, stats, centres = cv2.connectedComponentsWithStats(np.asarray(glass, np.uint8))
    share = stats[:, cv2.CC_STAT_AREA] / frame[..., 0].size
    high = centres[:, 1] < HIGH * frame.shape[0]
    large = [k for k in range(1, count) if LEAST < share[k] < MOST and high[k]]
    if not large:
        return None
    left, top, width, height, _ = (int(part) for part in stats[max(large, key=lambda k: ahead * centres[k][0])])
    return left, top, width, height


def _behind(frame: Picture, bust: Picture, x: int, y: int) -> Picture:
    """`frame` with `bust` seen through its glass."""
    inside = np.zeros_like(frame)
    lay(inside, bust, x, y)
    glass = cv2.GaussianBlur(_glass(frame), (0, 0), 0.8).astype(np.float32) / 255
    share = glass * inside[..., 3] / 255 * (1 - SHINE)
    mixed = frame[..., :3] * (1 - share[..., None]) + inside[..., :3] * (share * frame[..., 3] / 255)[..., None]
    return np.ascontiguousarray(np.dstack([np.clip(mixed, 0, 255), frame[..., 3]]).astype(np.uint8))

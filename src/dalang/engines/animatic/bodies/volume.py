"""Rounded solids that melt into one another, shaded softly: what the bodies of drawn animals are modelled from.

Points are (x, y) with y up and the ground at 0, in a body's own units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import Field

Point = tuple[float, float]
Colour = tuple[float, float, float]

MELT = 0.07
CHAINED = 0.012
"""Where one piece goes on as another: any more would swell over the joint."""
WEB = 0.03
"""The same of their outlines: less, or skin would span between two legs."""
LIGHT = np.array((-0.42, 0.72, 0.55), np.float32) / np.float32(math.hypot(0.42, 0.72, 0.55))
"""Where the light of the picture comes from: left, above and before it."""
SHADE = np.array((0.50, 0.40, 0.50), np.float32)
"""What is left of a colour that is turned from the light: darker, and a little towards purple."""
GLOSS = 0.10
"""Part of white on what is turned to the light."""
OUTSIDE = -9.0
LOWEST = -0.75
"""Depth of what is beside the body: its rims are turned away."""


@dataclass(frozen=True)
class Volume:
    """A rod with round ends, from `start` to `end`, as thick and as coloured at each end as is said."""

    start: Point
    end: Point
    radii: tuple[float, float]
    colours: tuple[Colour, Colour]
    near: tuple[float, float] = (0.0, 0.0)
    """How far each end stands out towards the eye from the body's middle."""
    melt: float = MELT
    """Units over which its surface flows into the others."""
    paint: bool = False
    """It only colours what is there."""


@dataclass(frozen=True)
class Board:
    """The part of a body's plane that is pictured."""

    left: float
    top: float
    """Units, of the upper left corner."""
    rows: int
    columns: int
    scale: float
    """Pixels a unit."""

    def at(self, point: Point) -> tuple[float, float]:
        """Pixels right and down of the corner."""
        return (point[0] - self.left) * self.scale, (self.top - point[1]) * self.scale


def model(volumes: list[Volume], board: Board, shadow: Field) -> Picture:
    """The solids as one, lit, but where `shadow` (0..1, of any size) falls.

    Modelled at half the size: surfaces are smooth, and the outline is sharp again from its distance.
    """
    half = Board(board.left, board.top, -(-board.rows // 2), -(-board.columns // 2), board.scale / 2)
    inside, depth, colour = _melted(volumes, half)
    size = board.columns, board.rows
    edge = cv2.resize(np.maximum(inside, -0.1), size, interpolation=cv2.INTER_CUBIC)
    edge = np.maximum(edge * np.float32(255 * board.scale) + 127, 0)
    cover = np.asarray(np.minimum(edge, 255, out=edge), np.uint8)
    lit = _lit(depth, colour, half.scale)
    lit *= 1 - cv2.resize(shadow, (half.columns, half.rows))[..., None]
    surface = cv2.resize(cv2.cvtColor(lit.astype(np.uint8), cv2.COLOR_RGB2RGBA), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(surface, cv2.merge([cover] * 4), scale=1 / 255), np.uint8)


def _melted(volumes: list[Volume], board: Board) -> tuple[Field, Field, Field]:
    """How far inside (units), how far towards the eye (units) and of what colour each pixel is."""
    shape = board.rows, board.columns
    inside, depth = np.full(shape, OUTSIDE, np.float32), np.full(shape, OUTSIDE, np.float32)
    colour = np.zeros((*shape, 3), np.float32)
    for volume in volumes:
        window = _window(volume, board)
        if window:
            (_tint if volume.paint else _join)(volume, board, window, inside, depth, colour)
    return inside, depth, colour


def _window(volume: Volume, board: Board) -> tuple[slice, slice] | None:
    reach = (max(volume.radii) + 2 * MELT) * board.scale
    (x0, y0), (x1, y1) = board.at(volume.start), board.at(volume.end)
    left, right = max(0, int(min(x0, x1) - reach)), min(board.columns, int(max(x0, x1) + reach) + 2)
    top, bottom = max(0, int(min(y0, y1) - reach)), min(board.rows, int(max(y0, y1) + reach) + 2)
    return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None


def _profile(volume: Volume, board: Board, window: tuple[slice, slice]) -> tuple[Field, Field, Field]:
    """In a window: how far along the rod (0..1), how far inside and how thick it is."""
    rows, columns = window
    x = board.left + (np.arange(columns.start, columns.stop, dtype=np.float32) + 0.5) / board.scale - volume.start[0]
    y = board.top - (np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5) / board.scale - volume.start[1]
    along_x, along_y = volume.end[0] - volume.start[0], volume.end[1] - volume.start[1]
    length = along_x**2 + along_y**2
    x, y = x[None, :], y[:, None]
    part = np.clip((x * along_x + y * along_y) / max(length, 1e-6), 0, 1)
    away = (x - part * along_x) ** 2 + (y - part * along_y) ** 2
    thick = volume.radii[0] + (volume.radii[1] - volume.radii[0]) * part
    within = (thick * thick - away) / (2 * thick)
    return np.asarray(part, np.float32), np.asarray(within, np.float32), np.asarray(thick, np.float32)


def _join(
    volume: Volume, board: Board, window: tuple[slice, slice], inside: Field, depth: Field, colour: Field
) -> None:
    part, within, thick = _profile(volume, board, window)
    stands = volume.near[0] + (volume.near[1] - volume.near[0]) * part
    round_ = np.sqrt(np.maximum(2 * thick * within, 0)) + 6 * np.minimum(within, 0) + stands
    front, share = _soft_max(depth[window], round_, volume.melt)
    hue = colour[window]
    hue += (_hue(volume, part) - hue) * share[..., None]
    inside[window] = _soft_max(inside[window], within, min(WEB, volume.melt))[0]
    depth[window] = front


def _tint(
    volume: Volume, board: Board, window: tuple[slice, slice], inside: Field, depth: Field, colour: Field
) -> None:
    part, within, _ = _profile(volume, board, window)
    share = np.clip(within / 0.035 + 0.5, 0, 1)[..., None]
    colour[window] += (_hue(volume, part) - colour[window]) * share


def _hue(volume: Volume, part: Field) -> Field:
    first, last = (np.array(colour, np.float32) for colour in volume.colours)
    if volume.colours[0] == volume.colours[1]:
        return first[None, None]
    eased = np.clip((part - 0.2) / 0.6, 0, 1)
    return np.asarray(first + (last - first) * (eased * eased * (3 - 2 * eased))[..., None], np.float32)


def _soft_max(first: Field, second: Field, melt: float) -> tuple[Field, Field]:
    """The larger with the seam rounded off, and the share that the second has in it."""
    share = (second - first) * np.float32(0.5 / melt) + np.float32(0.5)
    np.clip(share, 0, 1, out=share)
    return first + share * (second - first + melt * (1 - share)), share


def _lit(depth: Field, colour: Field, scale: float) -> Field:
    """`colour` in the light of the picture, by the slope of the surface."""
    smooth = cv2.GaussianBlur(np.maximum(depth, LOWEST), (0, 0), 1.5)
    right = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=scale / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=scale / 8)
    faced = (LIGHT[2] - LIGHT[0] * right + LIGHT[1] * down) / np.sqrt(1 + right * right + down * down)
    part = np.clip((faced + 0.45) / 1.25, 0, 1)
    part = part * part * (3 - 2 * part)
    glossy = np.clip(faced, 0, 1)
    glossy *= glossy * glossy * np.float32(255 * GLOSS)
    lit = colour * (SHADE + (np.float32(1.03) - SHADE) * part[..., None]) + glossy[..., None]
    return np.asarray(np.minimum(lit, 255, out=lit), np.float32)

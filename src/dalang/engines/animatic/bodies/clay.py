"""Rounded volumes modelled from outlines: each is lit from above and its front, and darkens towards its edges.

An outline is a list of polygons, in pixels, whose union is filled. A volume's roundness is read from its blurred cover:
that falls off towards the edges, and its slope tells where they look.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.canvas.composite import Picture

Points = NDArray[np.float64]
"""(n, 2): x, y in pixels."""
Outline = list[Points]
Rgb = tuple[float, float, float]
Circle = tuple[float, float, float]
"""x, y, radius."""

FINE = 4
"""Fractional bits of a polygon's corners."""
ROUND = np.linspace(0, 2 * np.pi, 20, endpoint=False)
RIM = np.column_stack([np.cos(ROUND), np.sin(ROUND)])
PLAIN = 208
"""The grey of a shading under which a texture keeps its colours."""
DUSK = np.array([0.60, 0.46, 0.62])
"""What a colour is in its own shade: Fluent's volumes turn to purple there."""


@dataclass(frozen=True)
class Weave:
    """A texture on a volume: a tile, and where it lies."""

    tile: NDArray[np.uint8]
    """RGB, repeating."""
    origin: tuple[float, float]
    """Pixels."""
    angle: float
    """Degrees that its up is turned clockwise."""
    scale: float
    """Pixels of the canvas to one of the tile."""


@dataclass(frozen=True)
class Stuff:
    """What a volume is made of."""

    colour: Rgb
    gloss: float = 0.26
    """How bright its lit side is."""
    depth: float = 1.0
    """How dark its edges are."""


def hull(*circles: Circle) -> Points:
    """The outline of a band stretched round `circles`."""
    rims = np.concatenate([RIM * c[2] + (c[0], c[1]) for c in circles])
    wrapped = cv2.convexHull(rims.astype(np.float32))
    return np.asarray(wrapped[:, 0], np.float64)


def chain(*circles: Circle) -> Outline:
    """A limb: hulls of neighbours."""
    return [hull(first, second) for first, second in itertools.pairwise(circles)]


def model(
    canvas: Picture, outline: Outline, stuff: Stuff, soft: float, weave: Weave | None = None, cast: float = 0.0
) -> None:  # fmt: skip
    """Put a volume on `canvas`. `soft` is how far, in pixels, its edges are rounded; `cast` how dark a shade it throws
    on what lies behind it."""
    box = _box(canvas, outline, int((1.5 if cast else 0.5) * soft) + 3)
    if box is None:
        return
    left, top, right, bottom = box
    cover = fill(outline, box)
    under = canvas[top:bottom, left:right]
    if cast:
        shadow(under, cover, soft, cast)
    shade = _shade(cover, soft)
    face = _face(shade, stuff, cover) if weave is None else _woven(shade, stuff, weave, (left, top), cover)
    lay_face(under, face, cover)


def fill(outline: Outline, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """The cover of an outline in a box (left, top, right, bottom), 0..255."""
    left, top, right, bottom = box
    cover = np.zeros((bottom - top, right - left), np.uint8)
    for points in outline:
        corners = np.round((points - (left, top)) * (1 << FINE)).astype(np.int32)
        cv2.fillPoly(cover, [corners], 255, cv2.LINE_AA, FINE)
    return cover


def lay_face(under: Picture, face: Picture, cover: NDArray[np.uint8]) -> None:
    """Cover `under` with the colours `face`, opaque RGBA, where `cover` says."""
    thick = cv2.merge([cover, cover, cover, cover])
    cv2.multiply(under, cv2.bitwise_not(thick), dst=under, scale=1 / 255)
    cv2.add(under, cv2.multiply(face, thick, scale=1 / 255), dst=under)


def _box(canvas: Picture, outline: Outline, room: int) -> tuple[int, int, int, int] | None:
    low = np.min([points.min(axis=0) for points in outline], axis=0).astype(int) - room
    high = np.max([points.max(axis=0) for points in outline], axis=0).astype(int) + room + 1
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(canvas.shape[1], int(high[0])), min(canvas.shape[0], int(high[1]))
    return (left, top, right, bottom) if right > left and bottom > top else None


def shadow(under: Picture, cover: NDArray[np.uint8], soft: float, dark: float) -> None:
    """A soft shade on what is behind, a little below."""
    reach = max(2.0, soft * 0.8)
    thrown = _blurred(cover, reach * 0.6, (0.3 * reach, 0.8 * reach))
    left = cv2.LUT(cv2.resize(thrown, cover.shape[::-1]), np.clip(255 - np.arange(256) * dark, 0, 255).astype(np.uint8))
    cv2.multiply(under, cv2.merge([left, left, left, np.full_like(left, 255)]), dst=under, scale=1 / 255)


def _blurred(cover: NDArray[np.uint8], reach: float, move: tuple[float, float] = (0.0, 0.0)) -> NDArray[np.uint8]:
    """`cover` blurred over `reach` pixels and moved, at a size at which that is cheap."""
    grain = max(1.0, reach / 2.2)
    rows, columns = cover.shape
    size = max(4, round(columns / grain)), max(4, round(rows / grain))
    small = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), max(0.6, reach / grain), borderType=cv2.BORDER_CONSTANT)
    if move == (0.0, 0.0):
        return np.asarray(blurred, np.uint8)
    matrix = np.array([[1, 0, move[0] / grain], [0, 1, move[1] / grain]], np.float32)
    return np.asarray(cv2.warpAffine(blurred, matrix, size), np.uint8)


def _shade(cover: NDArray[np.uint8], soft: float) -> NDArray[np.uint8]:
    """0 in shade, 128 plain, 255 in full light; smaller than `cover`, for it is soft."""
    blurred = _blurred(cover, max(1.0, soft * 0.62))
    e = max(0.7, soft * 0.34) * blurred.shape[0] / cover.shape[0]
    size = blurred.shape[::-1]
    lit = cv2.warpAffine(blurred, np.array([[1, 0, -e * 0.7], [0, 1, -e]], np.float32), size)
    dim = cv2.warpAffine(blurred, np.array([[1, 0, e * 0.7], [0, 1, e]], np.float32), size)
    slope = cv2.addWeighted(lit, 0.42, dim, -0.42, 128)
    return np.asarray(cv2.subtract(slope, cv2.LUT(blurred, DEPTHS)), np.uint8)


DEPTHS = np.clip((255 - np.arange(256.0)) * 0.42 - 8, 0, 255).astype(np.uint8)
"""How much darker a volume is where its blurred cover is thinner: at its edges."""


@functools.lru_cache(256)
def _ramp(stuff: Stuff) -> NDArray[np.uint8]:
    """Opaque RGBA by shade, (256, 1, 4)."""
    base = np.array(stuff.colour, np.float64)
    dark = base * (1 - (1 - DUSK) * stuff.depth) + np.array([10, 0, 18]) * (1 - base / 255)
    light = base + (255 - base) * stuff.gloss
    at = np.arange(256)[:, None] / 128.0
    ramp = np.where(at < 1, dark + (base - dark) * at, base + (light - base) * (at - 1))
    opaque = np.column_stack([np.clip(ramp, 0, 255), np.full(256, 255)])
    return opaque.astype(np.uint8)[:, None, :]


def _face(shade: NDArray[np.uint8], stuff: Stuff, cover: NDArray[np.uint8]) -> Picture:
    """Opaque RGBA of the size of `cover`."""
    small = cv2.LUT(cv2.merge([shade, shade, shade, shade]), _ramp(stuff))
    return np.asarray(cv2.resize(small, cover.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _woven(
    shade: NDArray[np.uint8], stuff: Stuff, weave: Weave, corner: tuple[int, int], cover: NDArray[np.uint8]
) -> Picture:  # fmt: skip
    """The texture under the shading."""
    move = cv2.getRotationMatrix2D((0, 0), -weave.angle, weave.scale)
    move[:, 2] += np.subtract(weave.origin, corner)
    size = cover.shape[::-1]
    laid = cv2.warpAffine(weave.tile, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    plain = _face(shade, Stuff((PLAIN, PLAIN, PLAIN), stuff.gloss, stuff.depth), cover)
    return np.asarray(cv2.multiply(cv2.cvtColor(laid, cv2.COLOR_RGB2RGBA), plain, scale=1 / PLAIN), np.uint8)

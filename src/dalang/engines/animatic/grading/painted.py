"""Pictures made by hand: cel, watercolour, ink, oil, pencil and clay, from the planes of a frame.

Flat areas come from medians at half the size; lines from the picture over its own blur, as a drawing is dodged out of
a photograph. Textures stand still: paper does not move.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.engines.animatic.canvas.noise import Field, Values, generator, smoothstep, tile
from dalang.engines.animatic.grading.tone import BLACK, WHITE, Table, table
from dalang.engines.i420 import Planes

Places = NDArray[np.int16]
"""Column and row to take for each pixel, shape (height, width, 2)."""


NO_MAP = np.empty(0, np.uint16)
"""cv2.remap's second map, of parts of pixels."""


def steps(levels: int, soft: float) -> Table:
    """Luma in `levels` flat steps; `soft` is the part of each that is a slope."""
    part = np.clip((np.arange(256) - BLACK) / (WHITE - BLACK), 0, 1) * levels
    whole = np.floor(part)
    rise = smoothstep(1 - soft, 1.0, part - whole)
    return table(BLACK + np.clip((whole + rise) / levels, 0, 1) * (WHITE - BLACK))


def _ramp(low: float, high: float, dark: float, bright: float, power: float = 1.0) -> Table:
    """From `dark` at `low` to `bright` at `high`."""
    part = np.clip((np.arange(256) - low) / (high - low), 0, 1) ** power
    return table(dark + (bright - dark) * part)


def _half(plane: Frame, times: int) -> Frame:
    """`plane` at half its sides, in flat areas."""
    small = np.asarray(
        cv2.resize(plane, (plane.shape[1] // 2, plane.shape[0] // 2), interpolation=cv2.INTER_AREA), np.uint8
    )
    for _ in range(times):
        small = np.asarray(cv2.medianBlur(small, 5), np.uint8)
    return small


def _full(plane: Frame, like: Frame) -> Frame:
    return np.asarray(cv2.resize(plane, (like.shape[1], like.shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _taken(plane: Frame, places: Places) -> Frame:
    return np.asarray(cv2.remap(plane, places, NO_MAP, cv2.INTER_NEAREST), np.uint8)


def _dodged(plane: Frame, reach: float) -> Frame:
    """`plane` over its own blur: 250 in flat parts, less in lines that are darker than what is about them."""
    rows, columns = plane.shape
    small = cv2.resize(plane, (max(2, columns // 2), max(2, rows // 2)), interpolation=cv2.INTER_AREA)
    side = max(3, 2 * round(reach * rows / 1440) + 1)
    soft = _lifted(_full(np.asarray(cv2.blur(small, (side, side)), np.uint8), plane))
    return np.asarray(cv2.divide(_lifted(plane), soft, scale=250), np.uint8)


def _lifted(plane: Frame) -> Frame:
    """A little over black, where a quotient would be all noise."""
    return np.asarray(cv2.convertScaleAbs(plane, alpha=1, beta=8), np.uint8)


@dataclass(frozen=True)
class Cel:
    """Flat colour in few tones, with lines."""

    tones: Table
    line: Table

    def apply(self, planes: Planes, time: float) -> None:
        luma, *chroma = planes
        lines = cv2.LUT(_dodged(luma, 9), self.line)
        flat = cv2.LUT(cv2.medianBlur(luma, 5), self.tones)
        cv2.multiply(cv2.addWeighted(flat, 0.80, luma, 0.20, 0), lines, dst=luma, scale=1 / 255)
        for plane in chroma:
            plane[:] = cv2.medianBlur(plane, 5)


def cel() -> Cel:
    return Cel(steps(7, 0.35), _ramp(196, 236, 96, 255))


@dataclass(frozen=True)
class Watercolour:
    tones: Table
    rim: Table
    wander: Places
    paper: Frame
    bare: tuple[Frame, Frame, Frame]
    """How much of each plane is painted, 0..255."""

    def apply(self, planes: Planes, time: float) -> None:
        luma, *chroma = planes
        small = _taken(_half(luma, 2), self.wander)
        rims = cv2.LUT(cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), self.rim)
        wash = cv2.multiply(cv2.LUT(small, self.tones), cv2.blur(rims, (2, 2)), scale=1 / 255)
        cv2.addWeighted(_full(np.asarray(wash, np.uint8), luma), 0.74, luma, 0.26, 0, dst=luma)
        cv2.multiply(luma, self.paper, dst=luma, scale=1 / 255)
        for plane in chroma:
            plane[:] = cv2.blur(_taken(plane, self.wander), (5, 5))
        for plane, cover, ground in zip(planes, self.bare, (228, 127, 129), strict=True):
            _unpaint(plane, cover, ground)


def _unpaint(plane: Frame, cover: Frame, ground: int) -> None:
    """Leave bare paper of that value where `cover` is 0."""
    bare = cv2.bitwise_not(cover)
    cv2.multiply(plane, cover, dst=plane, scale=1 / 255)
    cv2.addWeighted(plane, 1, bare, ground / 255, 0, dst=plane)


def watercolour(seed: int, width: int, height: int) -> Watercolour:
    cover = _ragged_edge(seed, width, height)
    half = np.asarray(cv2.resize(cover, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    return Watercolour(
        steps(7, 0.75), _ramp(6, 60, 255, 150), _wander(seed, width // 2, height // 2, 1.6),
        paper(seed, width, height, 0.13), (cover, half, half),
    )  # fmt: skip


def _ragged_edge(seed: int, width: int, height: int) -> Frame:
    """255 where paint is, 0 on the bare paper round it."""
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    unit = min(width, height)
    inside = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y)) / unit
    rough = _cloth(generator(seed, "edge"), width, height, 4, 6)
    return (255 * smoothstep(0.012, 0.026, inside + (rough - 0.5) * 0.05)).astype(np.uint8)


def _cloth(rng: np.random.Generator, width: int, height: int, cells: int, octaves: int) -> Field:
    """Noise over the whole frame, `cells` of its coarsest grid across the longer side."""
    side = max(width, height)
    field = cv2.resize(tile(rng, 512, cells, octaves, 0.6), (side, side), interpolation=cv2.INTER_LINEAR)
    return np.asarray(field[:height, :width], np.float32)


def paper(seed: int, width: int, height: int, depth: float) -> Frame:
    """Rough paper: how much of the light it gives back, 0..255; its hollows lack `depth` of it."""
    rng, unit = generator(seed, "paper"), max(0.6, min(width, height) / 720)
    fine = cv2.GaussianBlur(rng.random((height, width), np.float32), (0, 0), 1.1 * unit)
    fine = np.clip(0.5 + (fine - 0.5) / (6 * float(fine.std())), 0, 1)
    blotch = _cloth(rng, width, height, 8, 5)
    return np.asarray(255 * (1 - depth * (0.75 * fine + 0.25 * blotch)), np.float32).astype(np.uint8)


def _wander(seed: int, width: int, height: int, reach: float) -> Places:
    """Each pixel taken from a little beside it, so that edges run as a brush left them."""
    rng, unit = generator(seed, "wander"), height / 360
    across, down = (_cloth(rng, width, height, 32, 4) * 2 - 1 for _ in range(2))
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return _within(x + across * reach * unit * 1.6, y + down * reach * unit * 1.6, width, height)


def _within(x: Values, y: Values, width: int, height: int) -> Places:
    return np.dstack([np.clip(np.round(x), 0, width - 1), np.clip(np.round(y), 0, height - 1)]).astype(np.int16)


@dataclass(frozen=True)
class InkWash:
    """Ink in a few dilutions on paper, with a wet brush's contours."""

    washes: Table
    line: Table
    wander: Places
    paper: Frame
    bare: Frame

    def apply(self, planes: Planes, time: float) -> None:
        luma = planes[0]
        small = _taken(_half(luma, 2), self.wander)
        wash = cv2.blur(cv2.LUT(small, self.washes), (3, 3))
        contour = cv2.LUT(_dodged(luma, 14), self.line)
        brushed = cv2.multiply(_full(np.asarray(wash, np.uint8), luma), contour, scale=1 / 255)
        cv2.multiply(brushed, self.paper, dst=luma, scale=1 / 255)
        _unpaint(luma, self.bare, 222)


def ink_wash(seed: int, width: int, height: int) -> InkWash:
    washes = steps(6, 0.5).astype(np.float32)
    pale = BLACK + (WHITE - BLACK) * np.clip((washes - BLACK) / (WHITE - BLACK), 0, 1) ** 0.42
    return InkWash(
        table(pale), _ramp(140, 242, 40, 255), _wander(seed, width // 2, height // 2, 2.0),
        paper(seed, width, height, 0.10), _ragged_edge(seed, width, height),
    )  # fmt: skip


@dataclass(frozen=True)
class Oil:
    """Dabs of one colour each, and the relief that the brush left."""

    dabs: Places
    relief: Frame

    def apply(self, planes: Planes, time: float) -> None:
        luma, *chroma = planes
        small = cv2.medianBlur(_taken(_half(luma, 2), self.dabs), 3)
        cv2.addWeighted(_full(np.asarray(small, np.uint8), luma), 0.86, luma, 0.14, 0, dst=luma)
        cv2.addWeighted(luma, 1, self.relief, 1, -128, dst=luma)
        for plane in chroma:
            plane[:] = _taken(plane, self.dabs)


DABS = 26_000
"""Strokes on a canvas of 16:9; each takes its colour from its middle."""


def oil(seed: int, width: int, height: int) -> Oil:
    """Strokes lie along a slow field of directions."""
    rng, high, wide = generator(seed, "strokes"), height // 2, width // 2
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    strokes = np.ascontiguousarray(np.dstack([x, y, np.zeros_like(x)]))
    count, unit = round(DABS * wide * 9 / (high * 16)), min(wide, high) / 360
    middles = rng.random((count, 2)) * (wide, high)
    flow = _cloth(rng, wide, high, 4, 3)[middles[:, 1].astype(int), middles[:, 0].astype(int)]
    turns, longs = flow * 9 + rng.normal(0, 0.3, count), unit * rng.uniform(3.6, 6.4, count)
    reach = np.stack([np.cos(turns), np.sin(turns)], 1) * longs[:, None] / 2
    starts, ends = (np.round(middles + way * reach).astype(int).tolist() for way in (-1, 1))
    colours = np.column_stack([middles, rng.uniform(-1, 1, count)]).tolist()
    for start, end, colour in zip(starts, ends, colours, strict=True):
        cv2.line(strokes, start, end, colour, max(1, round(2.4 * unit)))
    return Oil(_within(strokes[..., 0], strokes[..., 1], wide, high), _full_relief(strokes[..., 2], width, height))


def _full_relief(shade: Field, width: int, height: int) -> Frame:
    """Light from the upper left on strokes that stand `shade` high."""
    big = cv2.GaussianBlur(cv2.resize(shade, (width, height), interpolation=cv2.INTER_CUBIC), (0, 0), 0.8)
    slope: Field = np.asarray(big - np.roll(big, (1, 1), (0, 1)), np.float32)
    relief = np.clip(128 + slope * (15 / (2 * float(slope.std()) + 1e-6)), 108, 150)
    return np.asarray(relief, np.uint8)


@dataclass(frozen=True)
class Pencil:
    """Lines, and hatching in two directions where it is dark."""

    line: Table
    shades: tuple[Table, Table]
    hatching: tuple[Frame, Frame]
    paper: Frame

    def apply(self, planes: Planes, time: float) -> None:
        luma = planes[0]
        drawn = cv2.LUT(_dodged(luma, 16), self.line)
        soft = cv2.blur(luma, (5, 5))
        for shade, hatch in zip(self.shades, self.hatching, strict=True):
            cv2.multiply(drawn, cv2.max(cv2.LUT(soft, shade), hatch), dst=drawn, scale=1 / 255)
        cv2.multiply(drawn, self.paper, dst=luma, scale=1 / 255)


def pencil(seed: int, width: int, height: int) -> Pencil:
    line, tone = _ramp(150, 246, 52, 236, 1.2), _ramp(20, 170, 84, 255, 0.8)
    dark = _ramp(16, 92, 70, 255)
    hatching = tuple(_hatch(seed, width, height, turn) for turn in (0.72, -0.86))
    return Pencil(line, (tone, dark), (hatching[0], hatching[1]), paper(seed, width, height, 0.12))


def _hatch(seed: int, width: int, height: int, turn: float) -> Frame:
    """Strokes side by side, uneven in weight: 255 between them."""
    rng, unit = generator(seed, f"hatching {turn}"), min(width, height) / 720
    bend = _cloth(rng, width, height, 16, 4)
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    across = (x * math.cos(turn) + y * math.sin(turn)) / (6.0 * unit) + bend * 3.5
    weight = 0.62 + 0.5 * _cloth(rng, width, height, 64, 3)
    stroke = np.clip((np.abs(across - np.round(across)) * 2) / weight, 0, 1)
    return (255 * (0.34 + 0.66 * smoothstep(0.15, 0.95, stroke))).astype(np.uint8)


@dataclass(frozen=True)
class Clay:
    """Smooth bodies with thumb marks, in light that is not quite the same at each exposure."""

    thumbs: Frame
    rate: float

    def apply(self, planes: Planes, time: float) -> None:
        luma = planes[0]
        small = _half(luma, 2)
        broad = cv2.blur(small, (2 * (luma.shape[0] // 60) + 1,) * 2)
        body = cv2.addWeighted(small, 1.45, broad, -0.45, 0)
        cv2.addWeighted(_full(np.asarray(body, np.uint8), luma), 0.5, luma, 0.5, 0, dst=luma)
        cv2.addWeighted(luma, 1, self.thumbs, 1, -128, dst=luma)
        cv2.convertScaleAbs(luma, luma, 1 + 0.012 * math.sin(round(time * self.rate) * 2.7))


def clay(seed: int, width: int, height: int, rate: float) -> Clay:
    """`rate`: exposures a second."""
    field = _cloth(generator(seed, "thumbs"), width, height, 32, 3)
    slope: Field = np.asarray(field - np.roll(field, (2, 2), (0, 1)), np.float32)
    soft = cv2.GaussianBlur(slope, (0, 0), max(0.6, min(width, height) / 500))
    relief = np.clip(128 + soft * (5 / (float(soft.std()) + 1e-6)), 110, 146)
    return Clay(relief.astype(np.uint8), rate)

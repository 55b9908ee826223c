"""Seeded randomness: generators by name, and fractal noise that tiles."""

from __future__ import annotations

import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""A scalar picture, usually within 0..1."""

Values = NDArray[np.floating]
"""The same of any precision, as arithmetic leaves it."""


def generator(seed: int, name: str) -> np.random.Generator:
    """Randomness for one part of a picture, so that a change to one part leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def tile(rng: np.random.Generator, size: int, cells: int, octaves: int, gain: float = 0.5) -> Field:
    """Fractal value noise of shape (size, size) in 0..1 that repeats without a seam; `cells` is its coarsest grid."""
    return tile2(rng, (size, size), (cells, cells), octaves, gain)


def tile2(
    rng: np.random.Generator, shape: tuple[int, int], cells: tuple[int, int], octaves: int, gain: float = 0.5
) -> Field:
    """`tile` with its own shape and grid in each direction; every grid must divide its side.

    Each octave is added to the sum of the coarser ones at its own size: a third of the work of enlarging each.
    """
    coarse = min(cells[0], shape[0]), min(cells[1], shape[1])
    total = rng.random(coarse, np.float32)
    weight = 1.0
    for octave in range(1, octaves):
        rows, columns = coarse[0] << octave, coarse[1] << octave
        if rows > shape[0] or columns > shape[1]:
            break
        weight *= gain
        total = _enlarge(total, (rows, columns)) + np.float32(weight) * rng.random((rows, columns), np.float32)
    return stretch(_enlarge(total, shape))


def _enlarge(grid: Field, shape: tuple[int, int]) -> Field:
    """Cubic enlargement that wraps round at every side."""
    if grid.shape == shape:
        return grid
    pad = 2
    step_y, step_x = shape[0] // grid.shape[0], shape[1] // grid.shape[1]
    wrapped = np.pad(grid, pad, mode="wrap")
    size = (wrapped.shape[1] * step_x, wrapped.shape[0] * step_y)
    big = cv2.resize(wrapped, size, interpolation=cv2.INTER_CUBIC)
    top, left = pad * step_y, pad * step_x
    return np.asarray(big[top : top + shape[0], left : left + shape[1]], np.float32)


def line(rng: np.random.Generator, length: int, cells: int, octaves: int, gain: float = 0.5) -> Field:
    """Fractal noise along a line, `length` samples in 0..1."""
    total = np.zeros(length, np.float32)
    weight = 1.0
    for octave in range(octaves):
        grid = rng.random((1, (cells << octave) + 1), np.float32)
        total += weight * cv2.resize(grid, (length, 1), interpolation=cv2.INTER_CUBIC)[0]
        weight *= gain
    return stretch(total)


def stretch(field: Values) -> Field:
    """`field` moved and scaled to fill 0..1."""
    low, high = float(field.min()), float(field.max())
    return np.asarray((field - low) / max(high - low, 1e-6), np.float32)


def smoothstep(low: float, high: float, field: Values) -> Field:
    """0 below `low`, 1 above `high`, eased between."""
    part = np.clip((field - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def sample(tiled: Field, x: Values, y: Values) -> Field:
    """Values of a repeating tile at texel positions `x`, `y` of any size, by linear interpolation."""
    rows, columns = tiled.shape[:2]
    padded = cv2.copyMakeBorder(tiled, 0, 1, 0, 1, cv2.BORDER_WRAP)
    return np.asarray(cv2.remap(padded, _wrap(x, columns), _wrap(y, rows), cv2.INTER_LINEAR), np.float32)


def _wrap(position: Values, period: int) -> Field:
    """`position` modulo `period`; numpy's own float modulo takes four times as long."""
    position = np.asarray(position, np.float32)
    return np.asarray(position - np.floor(position * np.float32(1 / period)) * np.float32(period), np.float32)

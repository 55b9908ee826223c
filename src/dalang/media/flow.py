"""A picture between two others, along the motion from one to the other.

The motion is found both ways (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", 2016), carried to the
moment between, best matches last, as in Baker et al., "A Database and Evaluation Methodology for Optical Flow" (2011),
section 3.3.2. What only one of the two shows is taken from it alone, and what matches nowhere fades over.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.i420 import Picture

SIDE = 640
"""Pixels of the longer side, at the most, where motion is looked for: finer detail moves along with what is around."""

TRUST = 4.0
"""Pixels, on that scale, by which the motion there and back may miss where it began; at twice that little is left of
belief. A motion that is somewhat wrong still looks better than two pictures over each other."""

FLOOR = 1e-3
"""Weight of what is not believed, so that weights never sum to nothing."""

Field = NDArray[np.float32]
"""Shape (height, width, 2): x and y, in pixels."""

Weights = NDArray[np.float32]
"""Shape (height, width)."""

Vectors = NDArray[np.complex64]
"""x + iy, in pixels: numpy moves a number faster than a row of two."""

Values = TypeVar("Values", bound=NDArray[np.uint8] | NDArray[np.float32])


class Motion(NamedTuple):
    """From one picture to another, on the scale on which it was found."""

    belief: Weights
    """0..1 at each pixel."""
    start: Vectors
    """All pixels, what matches best last."""
    moves: Vectors
    """How far each goes."""


def along_flow(one: Picture, other: Picture) -> Callable[[float], Picture]:
    """What lies at a part 0..1 of the way from `one` to `other`."""
    there, back = _motions(one, other)

    def between(part: float) -> Picture:
        field = _carried(there, back, part)
        seen_there, seen_back = _at(there.belief, field, -part), _at(back.belief, field, 1 - part)
        first, second = _sampled(one, field, -part), _sampled(other, field, 1 - part)
        warped = _mixed(first, second, (1 - part) * (seen_back + FLOOR), part * (seen_there + FLOOR))
        believed = np.maximum(seen_there, seen_back)
        blend = np.asarray(cv2.addWeighted(one, 1 - part, other, part, 0), np.uint8)
        return _mixed(warped, blend, believed, 1 - believed)

    return between


def _motions(one: Picture, other: Picture) -> tuple[Motion, Motion]:
    first, second = _small_grey(one), _small_grey(other)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    there = np.asarray(search.calc(first, second, None), np.float32)  # type: ignore[call-overload]
    back = np.asarray(search.calc(second, first, None), np.float32)  # type: ignore[call-overload]
    return _motion(there, back, first, second), _motion(back, there, second, first)


def _small_grey(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    shrink = ceil(max(height, width) / SIDE)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (width // shrink, height // shrink), interpolation=cv2.INTER_AREA), np.uint8)


def _motion(there: Field, back: Field, one: Picture, other: Picture) -> Motion:
    missed = np.linalg.norm(there + _at(back, there, 1), axis=2)
    belief = np.exp(-np.square(missed / TRUST)).astype(np.float32)
    matches = 255 - cv2.absdiff(one, _at(other, there, 1))
    order = np.argsort(matches, axis=None, kind="stable")
    rows, columns = np.divmod(order, one.shape[1])
    start = (columns + 1j * rows).astype(np.complex64)
    return Motion(belief, start, there.view(np.complex64).ravel()[order])


def _carried(there: Motion, back: Motion, part: float) -> Field:
    """The motion from the first picture to the second, at each pixel of the moment between."""
    height, width = there.belief.shape
    vectors = np.full(height * width, np.nan, np.complex64)
    for motion, step, sign in ((back, 1 - part, -1), (there, part, 1)):
        ends = motion.start + np.float32(step) * motion.moves
        x, y = np.rint(ends.real).astype(np.int32), np.rint(ends.imag).astype(np.int32)
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        vectors[(y * width + x)[inside]] = sign * motion.moves[inside]
    return _filled(vectors.view(np.float32).reshape(height, width, 2))


def _filled(field: Field) -> Field:
    """`field` with its holes, which are not numbers, filled from around, wider and wider."""
    holes = np.isnan(field[..., 0])
    known = (~holes).astype(np.float32)
    field[holes] = 0
    reach = 3
    while holes.any():
        around = cv2.blur(known, (reach, reach))
        filled = cv2.blur(field, (reach, reach)) / np.maximum(around, FLOOR)[..., None]
        reached = holes & (around > FLOOR)
        field[reached], known[reached], holes[reached] = filled[reached], 1, False
        reach = 2 * reach + 1
    return field


def _sampled(picture: Picture, field: Field, step: float) -> Picture:
    """`picture` as seen from `step` motions off; `field` may be of a smaller scale."""
    height, width = picture.shape[:2]
    rows, columns = field.shape[:2]
    scale = np.asarray([step * width / columns, step * height / rows], np.float32)
    moves = np.asarray(cv2.resize(field * scale, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return _at(picture, moves, 1)


def _at(values: Values, field: Field, step: float) -> Values:
    """`values` at where `step` times `field` leads from each pixel."""
    height, width = field.shape[:2]
    x = np.arange(width, dtype=np.float32)[None] + np.float32(step) * field[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + np.float32(step) * field[..., 1]
    return cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _mixed(one: Picture, other: Picture, weight: Weights, other_weight: Weights) -> Picture:
    """By weights that may be of a smaller scale."""
    height, width = one.shape[:2]
    weights = [cv2.resize(each, (width, height), interpolation=cv2.INTER_LINEAR) for each in (weight, other_weight)]
    return np.asarray(cv2.blendLinear(one, other, weights[0], weights[1]), np.uint8)

"""Pictures at another rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import cv2
import numpy as np

from dalang.engines.i420 import Picture
from dalang.media.flow import along_flow
from dalang.weights.profile import Interpolator

Between = Callable[[float], Picture]
"""The picture at a part 0..1 of the way from one to the next."""


def blended(one: Picture, other: Picture) -> Between:
    """One fades into the other: what moves is seen twice."""
    return lambda part: np.asarray(cv2.addWeighted(one, 1 - part, other, part, 0), np.uint8)


def nearest(one: Picture, other: Picture) -> Between:
    """No new pictures: motion is uneven."""
    return lambda part: one if part < 0.5 else other


INTERPOLATORS: dict[Interpolator, Callable[[Picture, Picture], Between]] = {
    "flow": along_flow,
    "blend": blended,
    "nearest": nearest,
}


def retimed(pictures: Iterator[Picture], rate: Fraction, count: int, interpolator: Interpolator) -> Iterator[Picture]:
    """`count` pictures of which number i shows what `pictures` show at i x `rate`, counted in them from 0.

    Holds two of them at a time, and asks for none that it need not show. There must be enough of them.
    """
    source = iter(pictures)
    at, here = 0, next(source)
    ahead: Picture | None = None
    between: Between | None = None
    for number in range(count):
        whole, part = divmod(number * rate, 1)
        while at < whole:
            here, ahead, between = next(source) if ahead is None else ahead, None, None
            at += 1
        if part and between is None:
            ahead = next(source)
            between = INTERPOLATORS[interpolator](here, ahead)
        yield between(float(part)) if part and between else here

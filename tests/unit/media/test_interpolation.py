"""Pictures at another rate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from typing import get_args

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from dalang.media.interpolation import INTERPOLATORS, retimed
from dalang.weights.profile import Interpolator

Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 192, 128


def textured(seed: int) -> Picture:
    """Coarse patches with finer ones on them, as pictures of the world have."""
    noise = np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH * 2, 3)).astype(np.float32)
    layers = np.sum([scale * cv2.GaussianBlur(noise, (0, 0), scale) for scale in (2, 4, 8, 16)], axis=0)
    return np.asarray(cv2.normalize(layers, np.empty_like(noise), 0, 255, cv2.NORM_MINMAX), np.uint8)


def scene(time: float) -> Picture:
    """Ground that goes left by 4 pixels a frame, and before it a bright disc that goes right by 6."""
    shift = np.array([[1, 0, -4 * time], [0, 1, 0]], np.float32)
    picture = cv2.warpAffine(textured(1), shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    place = (round((60 + 6 * time) * 16), 64 * 16)
    return np.asarray(cv2.circle(picture, place, 20 * 16, (20, 240, 250), -1, cv2.LINE_AA, 4), np.uint8)


def error(one: Picture, other: Picture) -> float:
    return float(np.abs(one.astype(float) - other).mean())


def test_every_name_has_an_interpolator() -> None:
    assert set(INTERPOLATORS) == set(get_args(Interpolator))


def numbered() -> Iterator[Picture]:
    return (np.full((16, 16, 3), 10 * number, np.uint8) for number in count())


def test_frame_i_shows_the_time_i_over_fps() -> None:
    for rate in (Fraction(16, 30), Fraction(24, 30), Fraction(1), Fraction(80, 149)):
        found = [int(picture[0, 0, 0]) for picture in retimed(numbered(), rate, 24, "blend")]
        assert found == [pytest.approx(10 * float(rate) * number, abs=1) for number in range(24)]


def test_pictures_that_fall_on_a_frame_are_that_frame() -> None:
    source = [scene(time) for time in range(9)]
    for name in get_args(Interpolator):
        found = list(retimed(iter(source), Fraction(16, 30), 16, name))
        assert (found[0] == source[0]).all()
        assert (found[15] == source[8]).all()


def test_no_more_pictures_are_asked_for_than_are_shown() -> None:
    asked = []
    source = (asked.append(number) or picture for number, picture in enumerate(numbered()))  # type: ignore[func-returns-value]
    pictures = retimed(source, Fraction(1, 2), 5, "blend")
    next(pictures)
    assert asked == [0], "two at a time, and not before they are due"
    assert len(list(pictures)) == 4
    assert asked == [0, 1, 2]


def test_motion_is_followed() -> None:
    truth = scene(0.5)
    errors = {name: error(start(scene(0), scene(1))(0.5), truth) for name, start in INTERPOLATORS.items()}
    assert errors["flow"] < errors["blend"] / 3
    assert errors["flow"] < errors["nearest"] / 3


def test_a_moving_thing_has_no_ghost() -> None:
    """From 60 to 78, half way at 69, and 20 about it; a blend shows half of it from 40 to 49 and from 89 to 98 too."""
    followed, faded = (INTERPOLATORS[name](scene(0), scene(3))(0.5) for name in ("flow", "blend"))
    truth = scene(1.5)
    for column in (slice(41, 47), slice(91, 97)):
        ghost = error(faded[56:72, column], truth[56:72, column])
        assert error(followed[56:72, column], truth[56:72, column]) < 0.7 * ghost


def test_both_ends_are_met() -> None:
    one, other = scene(0), scene(1)
    between = INTERPOLATORS["flow"](one, other)
    assert error(between(0.001), one) < 1
    assert error(between(0.999), other) < 1


def test_what_cannot_be_followed_fades() -> None:
    one, other = textured(2)[:, :WIDTH], textured(3)[:, :WIDTH]
    found = INTERPOLATORS["flow"](one, other)(0.5).astype(float)
    assert error(found, INTERPOLATORS["blend"](one, other)(0.5)) < min(error(found, one), error(found, other))


def test_the_same_pictures_give_the_same_between() -> None:
    cv2.setNumThreads(1)
    one, other = scene(0), scene(1)
    first, second = (INTERPOLATORS["flow"](one, other)(0.4) for _ in range(2))
    assert (first == second).all()

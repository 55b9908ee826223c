"""Pictures at another size."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from dalang.media.resampling import FILTERS, resampled
from dalang.weights.profile import Resampler


def test_every_name_has_a_filter() -> None:
    assert set(FILTERS) == set(get_args(Resampler))


def test_what_has_the_size_is_left_alone() -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    assert resampled(picture, 64, 48, "lanczos") is picture


@pytest.mark.parametrize("name", get_args(Resampler))
@pytest.mark.parametrize("size", [(96, 80), (32, 16)])
def test_colours_and_places_stay(name: Resampler, size: tuple[int, int]) -> None:
    picture = np.full((48, 64, 3), (10, 120, 240), np.uint8)
    picture[:, :32] = 0
    found = resampled(picture, *size, name)
    assert found.shape == (size[1], size[0], 3)
    assert found[:, : size[0] // 2 - 4].max() == 0
    assert (found[:, size[0] // 2 + 4 :] == (10, 120, 240)).all()


@pytest.mark.parametrize("name", get_args(Resampler))
def test_fine_patterns_turn_grey_and_do_not_flicker(name: Resampler) -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    found = resampled(stripes, 24, 24, name).astype(int)
    assert np.ptp(found[4:-4, 4:-4]) < 100, "a filter too narrow would show bands of black and white"

"""Flats: where they stand in the picture, and how far one goes aside that stays in the frame."""

import math

import numpy as np
import pytest

from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.flat import Flat, endless, held

LENS = Lens(64, 48, 60.0, 20, 1.5)
WHITE = np.full((8, 6, 4), 255, np.uint8)


def drawn(flat: Flat, pose: Pose) -> np.ndarray:
    canvas = np.zeros((48, 64, 4), np.uint8)
    flat.draw(canvas, pose, 0.0)
    return canvas[..., 0]


def test_a_flat_stands_on_the_ground_at_its_place() -> None:
    shown = drawn(Flat(WHITE, 0.5, 6.0, 0.0, LENS), Pose(0, 0, 0))
    rows, columns = np.nonzero(shown)
    assert (rows.max() + 1, columns.mean() + 0.5) == (LENS.row(6.0), LENS.middle + 0.5 * LENS.scale(6.0))


def test_a_flat_that_stays_goes_aside_only_as_far_as_it_may() -> None:
    far = Pose(50.0, 0, 0)
    assert not drawn(Flat(WHITE, 0.0, 6.0, 0.0, LENS), far).any()
    assert drawn(Flat(WHITE, 0.0, 6.0, 0.0, LENS, reach=1.0), far).any()
    assert held(50.0, 1.0) == pytest.approx(1.0)
    assert held(50.0, math.inf) == 50.0


def test_light_is_added_and_cloth_covers() -> None:
    canvas = np.full((48, 64, 4), 100, np.uint8)
    Flat(np.full_like(WHITE, 50), 0.0, 6.0, 0.0, LENS, lit=True).draw(canvas, Pose(0, 0, 0), 0.0)
    assert set(np.unique(canvas)) == {100, 150}


def test_an_endless_row_is_the_same_a_period_further_on() -> None:
    view = np.random.default_rng(1).integers(0, 255, (10, 40, 4)).astype(np.uint8)
    view[..., 3] = 255
    row, canvases = endless(view, LENS, 6.0, 1.0), [np.zeros((48, 64, 4), np.uint8) for _ in range(2)]
    for canvas, x in zip(canvases, (0.0, 40 / LENS.scale(6.0)), strict=True):
        row.draw(canvas, Pose(x, 0, 0), 0.0)
    assert np.array_equal(*canvases)

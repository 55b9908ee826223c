"""Drivers: seen through the windows of what they drive, nowhere else."""

import numpy as np
import pytest

from dalang.engines.animatic.figures.cab import crewed
from dalang.engines.animatic.figures.sprite import Sprite, load
from dalang.scene.subjects import SUBJECTS

RED = (200, 30, 30, 255)


def driver() -> Sprite:
    frames = np.zeros((2, 200, 90, 4), np.uint8)
    frames[:, 10:190, 10:80] = RED
    return Sprite(SUBJECTS["man"], frames)


@pytest.mark.parametrize("name", ["car", "bus", "taxi", "truck", "police-car"])
def test_a_driver_is_seen_through_glass_alone(name: str) -> None:
    empty = load(name)
    manned = crewed(empty, driver())
    assert manned.frames.shape == empty.frames.shape
    for before, after in zip(empty.frames, manned.frames, strict=True):
        changed = np.abs(after[..., :3].astype(int) - before[..., :3]).max(axis=2) > 40
        assert changed.sum() > 100
        assert (before[changed][:, 2] > before[changed][:, 0]).mean() > 0.95
        assert np.array_equal(after[..., 3], before[..., 3])


def test_he_sits_ahead() -> None:
    empty = load("car")
    manned = crewed(empty, driver())
    changed = np.abs(manned.frames[0].astype(int) - empty.frames[0]).max(axis=2) > 40
    middle = np.flatnonzero(changed.any(axis=0)).mean() / changed.shape[1]
    assert (middle > 0.5) == (empty.subject.faces == "right")


@pytest.mark.parametrize("name", ["jeep", "sailboat"])
def test_without_windows_it_stays_as_it_is(name: str) -> None:
    blind = load(name)
    assert crewed(blind, driver()) is blind

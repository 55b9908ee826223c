"""The limiter: peaks are held, what lies under the ceiling stays as it is, and the loudness is met."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.sound.limiter import CEILING, TARGET, limited, mastered
from dalang.sound.loudness import loudness, true_peaks
from dalang.sound.tone import RATE, noise


def random() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize("gain", [0.5, 3.0, 30.0])
def test_no_true_peak_passes_the_ceiling(gain: float) -> None:
    track = (gain * noise(2 * RATE, 100, 12_000, 0.5, random())).astype(np.float32)
    assert true_peaks(limited(track, CEILING), 0.0).max() < 10 ** (-1 / 20)


def test_what_stays_under_the_ceiling_is_left_as_it_is() -> None:
    track = (0.05 * noise(RATE, 100, 5000, 1, random())).astype(np.float32)
    assert np.array_equal(limited(track, CEILING), track)


def test_the_gain_comes_down_before_a_peak_and_has_no_steps() -> None:
    track = np.full((RATE, 2), 0.2, np.float32)
    track[RATE // 2] = 4.0
    gain = limited(track, CEILING)[:, 0] / track[:, 0]
    assert gain[RATE // 2 - 48] < 0.5
    assert np.abs(np.diff(gain)).max() < 0.02


@pytest.mark.parametrize("level", [1e-4, 0.1, 5.0])
def test_a_track_is_brought_to_the_target(level: float) -> None:
    track = (level * noise(4 * RATE, 60, 4000, 1, random())).astype(np.float32) + np.float32(level)
    out = mastered(track)
    assert loudness(out) == pytest.approx(TARGET, abs=0.3)
    assert np.abs(out.mean(axis=0)).max() < 1e-3, "no direct current"


def test_silence_stays_silence() -> None:
    assert not mastered(np.zeros((RATE, 2), np.float32)).any()


def test_peaks_are_held_of_a_track_that_has_its_loudness_already() -> None:
    track = mastered((0.1 * noise(4 * RATE, 60, 4000, 1, random())).astype(np.float32))
    track[RATE] = 1.4
    assert true_peaks(mastered(track), 0.0).max() < 10 ** (-1 / 20)

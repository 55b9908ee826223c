"""Lightning strikes at seeded times, within its shot, and more than once in a long one."""

from itertools import pairwise

import pytest

from dalang.scene.lightning import FIRST, PAUSE, flashes


@pytest.mark.parametrize("duration", [0.5, 1.0, 5.0, 15.0])
def test_flashes_come_in_order_within_the_shot(duration):
    for seed in range(20):
        times = flashes(seed, duration)
        assert times, "a storm has lightning"
        assert list(times) == sorted(times)
        assert all(0 < time < duration for time in times)


def test_the_same_seed_strikes_at_the_same_times_and_another_at_others():
    assert flashes(3, 10.0) == flashes(3, 10.0)
    assert flashes(3, 10.0) != flashes(4, 10.0)


def test_a_longer_shot_begins_like_a_shorter_one():
    """So that a picture at one time does not hang on how long its shot is."""
    short, long = flashes(5, 6.0), flashes(5, 15.0)
    assert long[: len(short)] == short
    assert len(long) > len(short)


def test_pauses_are_neither_a_strobe_nor_a_calm():
    pauses = [b - a for seed in range(20) for a, b in pairwise(flashes(seed, 15.0))]
    assert min(pauses) >= PAUSE[0]
    assert max(pauses) <= PAUSE[1]
    assert FIRST[1] < 5.0, "the shortest clip has a flash"

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalang.config import Config
from dalang.limits import FEW, SECOND, Allowance, Rates, allowance, query_rate, retry_after
from dalang.models import MODELS
from tests.clock import ManualClock

PAUSES = st.lists(st.integers(0, SECOND // 2), max_size=200)
"""Nanoseconds before each call."""


def pass_through(limit: int, pauses: list[int]) -> list[int]:
    """When the calls came that were let through."""
    clock = ManualClock(0)
    rates = Rates(clock)
    times = []
    for pause in pauses:
        clock.advance(pause)
        if rates.take("a", limit) is None:
            times.append(clock.now)
    return times


@settings(deadline=None)
@given(st.integers(1, 60), PAUSES)
def test_in_no_stretch_of_time_more_pass_than_its_seconds_allow_and_one_second_s_worth(
    limit: int, pauses: list[int]
) -> None:
    passed = pass_through(limit, pauses)
    for first, since in enumerate(passed):
        for more, until in enumerate(passed[first:], 1):
            assert more * SECOND <= limit * (until - since) + limit * SECOND


@settings(deadline=None)
@given(st.integers(1, 60), PAUSES)
def test_who_waits_as_told_is_let_through_and_who_comes_earlier_is_not(limit: int, pauses: list[int]) -> None:
    clock = ManualClock(0)
    rates = Rates(clock)
    for pause in pauses:
        clock.advance(pause)
        wait = rates.take("a", limit)
        if wait is None:
            continue
        told = round(wait * SECOND)
        clock.advance(told - 1)
        assert rates.take("a", limit) is not None
        clock.advance(1)
        assert rates.take("a", limit) is None


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 300))
def test_who_comes_back_as_soon_as_told_gets_no_more_than_the_limit_in_the_long_run(limit: int, calls: int) -> None:
    clock = ManualClock(0)
    rates = Rates(clock)
    passed = 0
    while passed < limit + calls:
        wait = rates.take("a", limit)
        clock.advance(round((wait or 0) * SECOND))
        passed += wait is None
    assert passed * SECOND <= limit * clock.now + limit * SECOND


def test_an_hour_of_silence_saves_up_no_more_than_a_second_s_worth() -> None:
    clock = ManualClock(0)
    rates = Rates(clock)
    rates.take("a", 5)
    clock.advance(3600 * SECOND)
    assert sum(rates.take("a", 5) is None for _ in range(100)) == 5


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 100))
def test_a_steady_caller_at_the_limit_is_never_refused(limit: int, calls: int) -> None:
    assert len(pass_through(limit, [-(-SECOND // limit)] * calls)) == calls


def test_a_second_s_worth_may_come_at_once() -> None:
    rates = Rates(ManualClock(0))
    assert [rates.take("a", 3) for _ in range(3)] == [None] * 3
    assert rates.take("a", 3) == pytest.approx(1 / 3)


def test_a_refused_call_costs_nothing() -> None:
    clock = ManualClock(0)
    rates = Rates(clock)
    waits = [rates.take("a", 1) for _ in range(4)]
    assert waits == [None, 1.0, 1.0, 1.0]


def test_each_key_has_a_bucket_of_its_own() -> None:
    rates = Rates(ManualClock(0))
    assert rates.take(("a", "wan2.6-t2v"), 1) is None
    assert rates.take(("a", "wan2.6-t2v"), 1) is not None
    assert rates.take(("a", "wan2.5-t2v-preview"), 1) is None
    assert rates.take(("b", "wan2.6-t2v"), 1) is None


def test_without_a_limit_everything_passes_and_nothing_is_kept() -> None:
    rates = Rates(ManualClock(0))
    assert all(rates.take("a", 0) is None for _ in range(1000))
    assert len(rates) == 0


def test_idle_buckets_are_dropped() -> None:
    clock = ManualClock(0)
    rates = Rates(clock)
    for key in range(20 * FEW):
        clock.advance(SECOND // 100)
        rates.take(key, 1)
    assert len(rates) <= FEW + 1


def test_a_bucket_in_use_outlives_the_dropping_of_others() -> None:
    clock = ManualClock(0)
    rates = Rates(clock)
    for key in range(3 * FEW):
        rates.take(key, 1)
    assert rates.take(0, 1) is not None


@pytest.mark.parametrize(("wait", "seconds"), [(0.0, 1), (0.001, 1), (1.0, 1), (1.01, 2)])
def test_retry_after_is_in_whole_seconds_and_never_too_short(wait: float, seconds: int) -> None:
    assert retry_after(wait) == seconds


@pytest.mark.parametrize(
    ("given_ones", "model", "expected"),
    [
        ({}, "wan2.6-t2v", Allowance(0, 0)),
        ({"like_cloud": True}, "wan2.6-t2v", Allowance(5, 5)),
        ({"like_cloud": True}, "wan2.1-t2v-turbo", Allowance(2, 2)),
        ({"submit_rate": 7}, "wan2.1-t2v-turbo", Allowance(7, 0)),
        ({"like_cloud": True, "running_limit": 9}, "wan2.2-t2v-plus", Allowance(2, 9)),
    ],
)
def test_a_setting_beats_the_cloud_s_number_which_holds_only_when_like_the_cloud(
    given_ones: dict[str, int | bool], model: str, expected: Allowance
) -> None:
    assert allowance(Config(data="", **given_ones), MODELS[model]) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("like_cloud", "set_to", "rate"), [(False, 0, 0), (True, 0, 20), (True, 3, 3), (False, 3, 3)])
def test_the_cloud_takes_twenty_queries_a_second(like_cloud: bool, set_to: int, rate: int) -> None:
    assert query_rate(Config(data="", like_cloud=like_cloud, query_rate=set_to)) == rate

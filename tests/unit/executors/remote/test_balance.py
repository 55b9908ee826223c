"""Who gets the next order."""

from __future__ import annotations

import pytest

from dalang.executors.remote.balance import COOL_DOWNS, Balance
from dalang.remotes import Endpoint

A, B, C = "http://a/v1", "http://b/v1", "http://c/v1"


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def balance(clock: Seconds, **weights: int) -> Balance:
    return Balance([Endpoint(f"http://{name}/v1", weight=weight) for name, weight in weights.items()], clock)


def test_turns_follow_the_weights_and_are_spread(clock: Seconds) -> None:
    turns = balance(clock, a=3, b=1, c=1)
    assert [turns.pick() for _ in range(10)] == [A, B, A, C, A] * 2


def test_one_that_failed_gets_nothing_before_it_is_seen_well(clock: Seconds) -> None:
    turns = balance(clock, a=1, b=1)
    turns.failed(A)
    assert {turns.pick() for _ in range(4)} == {B}
    assert not turns.is_to_look_at(A)
    clock.now += COOL_DOWNS[0]
    assert turns.is_to_look_at(A)
    assert not turns.is_to_look_at(B), "it has not failed"
    assert {turns.pick() for _ in range(4)} == {B}, "rested, and not yet looked at"
    turns.answered(A)
    assert {turns.pick() for _ in range(4)} == {A, B}


def test_each_failure_in_a_row_cools_down_longer(clock: Seconds) -> None:
    turns = balance(clock, a=1)
    for pause in (*COOL_DOWNS, COOL_DOWNS[-1]):
        turns.failed(A)
        clock.now += pause - 0.1
        assert not turns.is_to_look_at(A)
        clock.now += 0.1
        assert turns.is_to_look_at(A)


def test_orders_that_fail_at_once_are_one_failure(clock: Seconds) -> None:
    turns = balance(clock, a=1)
    for _ in range(5):
        turns.failed(A)
    clock.now += COOL_DOWNS[0]
    assert turns.is_to_look_at(A)


def test_a_busy_one_is_well_and_left_alone(clock: Seconds) -> None:
    turns = balance(clock, a=1)
    turns.rest(A, 30.0)
    assert not turns.is_open
    assert turns.pick() is None
    assert not turns.is_to_look_at(A)
    clock.now += 30.0
    assert turns.is_open
    assert turns.pick() == A


def test_one_that_has_refused_is_passed_over(clock: Seconds) -> None:
    turns = balance(clock, a=5, b=1)
    assert turns.pick(but=[A]) == B
    assert turns.pick(but=[A, B]) is None

"""Orders a second, and no more."""

from __future__ import annotations

from dalang.executors.remote.pace import Pace


def test_orders_are_spread() -> None:
    pace = Pace(4.0, lambda: 100.0)
    assert [pace.turn() for _ in range(4)] == [0.0, 0.25, 0.5, 0.75]


def test_time_in_which_nothing_was_ordered_is_not_made_up_for() -> None:
    times = iter([100.0, 200.0, 200.0])
    pace = Pace(1.0, lambda: next(times))
    assert [pace.turn() for _ in range(3)] == [0.0, 0.0, 1.0]


def test_none_is_none() -> None:
    pace = Pace(0.0, lambda: 100.0)
    assert [pace.turn() for _ in range(3)] == [0.0, 0.0, 0.0]

"""How long a task stays PENDING or RUNNING, for `Server.transition`."""

from __future__ import annotations

from dalang.testbed.transition import AT_ONCE, Stage
from dalang.testing.values import check_values

at_once = AT_ONCE
"""No longer than the work of that state takes."""

by_hand = Stage(by_hand=True)
"""Until `Server.start_task` (of a PENDING task) or `Server.finish_task` (of a RUNNING one)."""


def polls(count: int) -> Stage:
    """So many queries are answered with this state."""
    return checked(Stage(polls=count))


def seconds(length: float) -> Stage:
    """By the server's clock, which `Server.clock` moves."""
    return checked(Stage(seconds=length))


def checked(stage: Stage) -> Stage:
    """Raises ValueError for what a stage cannot be."""
    check_values(stage)
    return stage


def check_stage(name: str, stage: object) -> None:
    """Raises TypeError where it is none."""
    if not isinstance(stage, Stage):
        raise TypeError(f"{name} must be at_once, polls(n), seconds(t) or by_hand, not {stage!r}.")
    check_values(stage)

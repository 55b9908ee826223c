"""How long a task stays PENDING or RUNNING, for `Server.transition`."""

from __future__ import annotations

from dalang.testbed.transition import AT_ONCE, Stage

at_once = AT_ONCE
"""No longer than the work of that state takes."""

by_hand = Stage(by_hand=True)
"""Until `Server.start_task` (of a PENDING task) or `Server.finish_task` (of a RUNNING one)."""


def polls(count: int) -> Stage:
    """So many queries are answered with this state."""
    return Stage(polls=count)


def seconds(length: float) -> Stage:
    """By the server's clock, which `Server.clock` moves."""
    return Stage(seconds=length)

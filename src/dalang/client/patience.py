"""How long to wait for what: deadlines and the pace of polling. Pure, but for the clock it is given."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Protocol


class Clock(Protocol):
    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


SYSTEM_CLOCK: Clock = time


class Deadline:
    """A moment after which a call gives up."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, at least 0."""
        return max(0.0, self._end - self._clock.monotonic())

    @property
    def is_past(self) -> bool:
        return self.left <= 0

    def pause(self, seconds: float) -> None:
        """Sleep, but not beyond the deadline."""
        self._clock.sleep(min(seconds, self.left))


def cloud_pace() -> Iterator[float]:
    """Seconds between polls of the cloud, as the official SDKs take them; it limits the rate per account."""
    return chain((1, 1, 2, 2, 2, 4), repeat(5))


def local_pace() -> Iterator[float]:
    """Seconds between polls of a Dalang server: 50 ms at first, then growing by half to 1 s."""
    step = 0.05
    while True:
        yield step
        step = min(1.0, step * 1.5)


SHORTLY = (0.2, 0.5, 1.0)
"""Seconds before a call that did not get through is made again."""


def for_long() -> Iterator[float]:
    """The same where the server may be starting anew."""
    return chain(SHORTLY, repeat(2.0))

"""Orders a second, and no more."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """`rate` 0 is none."""

    def __init__(self, rate: float, now: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._next = 0.0
        self._now = now

    def turn(self) -> float:
        """In how many seconds whoever asks now may order."""
        now = self._now()
        at = max(now, self._next)
        self._next = at + self._gap
        return at - now

"""A clock that a test can move, stop and set."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from dalang.clock import Clock

LATEST = 253_370_764_799_000
"""Milliseconds: the end of the year 9998. Dates can name one more, and there are later ones in every reply: those of
UTC+8, and whatever passes after the clock was put here."""


class TestClock:
    """Called like any `Clock`; runs with `real` until it is told otherwise."""

    __test__ = False  # for pytest, which takes the name for a suite

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._ahead = 0
        self._frozen: int | None = None
        self._moved = asyncio.Event()

    def __call__(self) -> int:
        return self._real() + self._ahead if self._frozen is None else self._frozen

    @property
    def is_frozen(self) -> bool:
        return self._frozen is not None

    def set(self, moment: int) -> None:
        """Go on, or stand still, from `moment`."""
        moment = max(0, min(moment, LATEST))
        if self._frozen is not None:
            self._frozen = moment
        self._ahead = moment - self._real()
        self._ring()

    def freeze(self) -> None:
        self._frozen = self()
        self._ring()

    def go(self) -> None:
        """On from where it stood still."""
        if self._frozen is not None:
            moment, self._frozen = self._frozen, None
            self.set(moment)

    def reset(self) -> None:
        self._ahead, self._frozen = 0, None
        self._ring()

    async def reach(self, moment: int) -> None:
        """Returns once it shows `moment`, by itself or because it was moved."""
        while (left := moment - self()) > 0:
            moved = self._moved
            with suppress(TimeoutError):
                async with asyncio.timeout(None if self.is_frozen else left / 1000):
                    await moved.wait()

    def _ring(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

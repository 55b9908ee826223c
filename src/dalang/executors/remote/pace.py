"""Orders a second, and no more."""

from __future__ import annotations

import asyncio
import time


class Pace:
    """`rate` 0 is none."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + self._gap
        await asyncio.sleep(at - now)

"""A clock that stands still until a test moves it."""

from __future__ import annotations

START = 1_758_769_648_590
"""2025-09-25 11:07:28.590 in UTC+8."""


class ManualClock:
    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, milliseconds: int) -> None:
        self.now += milliseconds

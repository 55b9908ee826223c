"""The one clock. Everything that asks what time it is takes a `Clock`, so that a test can move it."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Milliseconds since the epoch."""


def system_clock() -> int:
    return time.time_ns() // 1_000_000

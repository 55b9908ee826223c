"""How long to wait before another server is asked again."""

from __future__ import annotations

import time
from collections.abc import Iterator

from dalang.retry_after import read_retry_after

LONGEST_WISH = 3600.0
"""Seconds that a Retry-After may put us off."""


def growing(first: float, longest: float, factor: float = 1.5) -> Iterator[float]:
    """Seconds, without end."""
    pause = first
    while True:
        yield pause
        pause = min(pause * factor, longest)


def wish(retry_after: str | None) -> float | None:
    """Seconds from now that a Retry-After asks for; None where it asks for nothing."""
    wished = read_retry_after(retry_after, round(time.time() * 1000))
    return None if wished is None else min(max(wished / 1000, 0.0), LONGEST_WISH)

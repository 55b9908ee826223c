"""How long to wait before another server is asked again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_WISH = 3600.0
"""Seconds that a Retry-After may put us off."""


def growing(first: float, longest: float, factor: float = 1.5) -> Iterator[float]:
    """Seconds, without end."""
    pause = first
    while True:
        yield pause
        pause = min(pause * factor, longest)


def wish(retry_after: str | None) -> float | None:
    """Seconds from now of `120` or an HTTP date (RFC 9110, 10.2.3); None for anything else."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WISH)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - time.time()
    return min(max(seconds, 0.0), LONGEST_WISH)

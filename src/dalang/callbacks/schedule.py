"""When a message that was not taken is sent again. Pure."""

from __future__ import annotations

import zlib

from dalang.retry_after import read_retry_after
from dalang.task import Task

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000

DELAYS = (
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""Milliseconds after each failure (the schedule that Standard Webhooks proposes); after the last it is given up."""

JITTER = 0.1
"""Part of a delay that may come on top, so that what failed together does not come back together."""

LONGEST_WISH = 24 * HOUR
"""Milliseconds that a Retry-After may put off the next try."""


def next_try(task: Task, tries: int, now: int, retry_after: str | None = None) -> int | None:
    """When to send again after failure number `tries`, from 1 on; None to give up, at the end of the schedule or where
    the task will have expired. `retry_after` is the receiver's header, heeded where it asks for more patience."""
    if tries > len(DELAYS):
        return None
    delay = DELAYS[tries - 1]
    jitter = zlib.crc32(f"{task.id} {tries}".encode()) / 2**32 * JITTER
    at = now + max(round(delay * (1 + jitter)), min(read_retry_after(retry_after, now) or 0, LONGEST_WISH))
    return None if task.expires is not None and at >= task.expires else at

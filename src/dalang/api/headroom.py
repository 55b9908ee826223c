"""The bound of the queue, kept without counting it for each create."""

from __future__ import annotations

from dalang.clock import Clock
from dalang.errors import Throttling
from dalang.limits import QUOTA_EXCEEDED
from dalang.store import Store

RECOUNT = 1000
"""Milliseconds between two counts of a full queue, which is long to count and may be knocked at all the time."""

RETRY_SECONDS = 5
"""A queue as long as its bound does not empty at once."""


class Headroom:
    """How many tasks each account may surely add: where n were counted to wait, limit - n more fit, whatever goes on
    meanwhile. Servers on one folder each count for themselves, so together they may go over by what one adds."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._left: dict[str, int] = {}
        self._counted: dict[str, int] = {}

    def check(self, account: str, limit: int) -> None:
        """Take one place; a `limit` of 0 is none. Raises Throttling."""
        if not limit:
            return
        left, now = self._left.get(account, 0), self._clock()
        if left <= 0 and now - self._counted.get(account, 0) >= RECOUNT:
            self._counted[account] = now
            left = limit - self._store.waiting_of(account, limit)
        if left <= 0:
            raise Throttling(
                f"{QUOTA_EXCEEDED} {limit} tasks of this account wait already (queue_limit).",
                code="Throttling.AllocationQuota",
                retry_after=RETRY_SECONDS,
            )
        self._left[account] = left - 1

"""How often an account may call, and how much of one model it may have at once: numbers, buckets and sentences."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from typing import NamedTuple

from dalang.config import Config
from dalang.models import ModelSpec

RATE_EXCEEDED = "Requests rate limit exceeded, please try again later."
"""The documented sentence of Throttling.RateQuota."""

QUOTA_EXCEEDED = "Allocated quota exceeded, please increase your quota limit."
"""The documented sentence of Throttling.AllocationQuota."""

CLOUD_QUERY_RATE = 20
"""Calls a second of an account, of query, list and cancel each, as documented."""

SECOND = 1_000_000_000
"""In nanoseconds: buckets count in integers, so that no rate drifts."""

FEW = 1024
"""Buckets that are kept without looking which of them are idle."""


class Allowance(NamedTuple):
    """What one account may have of one model; 0 is no limit."""

    submit_rate: int
    """Creates a second."""
    running: int
    """Tasks that run at once."""


def allowance(config: Config, spec: ModelSpec) -> Allowance:
    """A number of the configuration beats the cloud's, which holds for `like_cloud` only."""
    cloud = spec.limits
    return Allowance(
        submit_rate=config.submit_rate or (cloud.submit_rate if config.like_cloud else 0),
        running=config.running_limit or (cloud.concurrency if config.like_cloud else 0),
    )


def query_rate(config: Config) -> int:
    """Queries, lists and cancels a second, of each kind, of one account; 0 is no limit."""
    return config.query_rate or (CLOUD_QUERY_RATE if config.like_cloud else 0)


def retry_after(wait: float) -> int:
    """Whole seconds for the header Retry-After, at least one, since clients take 0 for leave to come back at once."""
    return max(1, math.ceil(wait))


class Rates:
    """Token buckets in memory, one for each key, of one second's worth each: so many may come at once.

    A bucket is kept as the one moment at which it will be full again (the generic cell rate algorithm, ITU-T I.371).
    One that is full is as good as none, so idle ones are dropped.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock = clock
        self._full_at: dict[Hashable, int] = {}
        self._crowd = FEW

    def __len__(self) -> int:
        """Buckets in memory."""
        return len(self._full_at)

    def clear(self) -> None:
        """As if nobody had called."""
        self._full_at.clear()

    def take(self, key: Hashable, limit: int) -> float | None:
        """Let one more call of `key` through, at `limit` a second (0: no limit); else the seconds until it would be."""
        if not limit:
            return None
        now = self._clock()
        each = -(-SECOND // limit)
        full_at = max(self._full_at[key], now) if key in self._full_at else now
        early = full_at + each - limit * each - now
        if early > 0:
            return early / SECOND
        self._full_at[key] = full_at + each
        if len(self._full_at) > self._crowd:
            self._drop_idle(now)
        return None

    def _drop_idle(self, now: int) -> None:
        """The next look comes when there are twice as many as stay, so that a call's share of the work is constant."""
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        self._crowd = max(FEW, 2 * len(self._full_at))

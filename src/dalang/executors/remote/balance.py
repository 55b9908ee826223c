"""Which of a remote's endpoints gets the next order: by weight, among those in health."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from dalang.remotes import Endpoint

COOL_DOWNS = (1.0, 5.0, 15.0, 60.0)
"""Seconds that an endpoint is left alone after each failure in a row."""

BREATH = 2.0
"""Seconds that one is left alone which is busy and does not say for how long."""


@dataclass
class Health:
    """Of one endpoint. Times in seconds of the balance's clock."""

    endpoint: Endpoint
    resting_until: float = 0.0
    failures: int = 0
    """In a row."""
    credit: int = 0
    """What its weight has earned it and no order has used up."""


class Balance:
    """Smooth weighted round robin: of weights 2 and 1 the turns are a, b, a, and not a, a, b. One that has failed gets
    nothing before a look at it, once it has rested, has found it well."""

    def __init__(self, endpoints: Sequence[Endpoint], now: Callable[[], float] = time.monotonic) -> None:
        self._all = {endpoint.url.rstrip("/"): Health(endpoint) for endpoint in endpoints}
        self._now = now

    @property
    def is_open(self) -> bool:
        """Whether any endpoint would be given an order."""
        return any(self._is_well(health) for health in self._all.values())

    def pick(self, but: Collection[str] = ()) -> str | None:
        """The address of the endpoint whose turn it is; None when none of them is well, but for those named."""
        well = {url: health for url, health in self._all.items() if url not in but and self._is_well(health)}
        if not well:
            return None
        for health in well.values():
            health.credit += health.endpoint.weight
        url = max(well, key=lambda url: well[url].credit)
        well[url].credit -= sum(health.endpoint.weight for health in well.values())
        return url

    def failed(self, url: str) -> None:
        """Several orders that fail at once are one failure."""
        health = self._all[url]
        if health.failures and health.resting_until > self._now():
            return
        health.resting_until = self._now() + COOL_DOWNS[min(health.failures, len(COOL_DOWNS) - 1)]
        health.failures += 1

    def answered(self, url: str) -> None:
        self._all[url].failures = 0

    def rest(self, url: str, seconds: float | None) -> None:
        """It is well, and wants to be left alone."""
        health = self._all[url]
        health.resting_until = max(health.resting_until, self._now() + (BREATH if seconds is None else seconds))

    def is_to_look_at(self, url: str) -> bool:
        """Whether it has failed and has rested since."""
        health = self._all[url]
        return bool(health.failures) and health.resting_until <= self._now()

    def _is_well(self, health: Health) -> bool:
        return not health.failures and health.resting_until <= self._now()

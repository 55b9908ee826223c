"""The server's clock, as a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from dalang.testing.controls import Controls


class Reading(msgspec.Struct, frozen=True):
    now: int
    """Milliseconds since the epoch."""
    is_frozen: bool


class Clock:
    """Expiry, retention, stages of so many seconds, links and leases go by it; sleeping does not."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    def now(self) -> datetime:
        """In UTC."""
        return datetime.fromtimestamp(self._read().now / 1000, UTC)

    @property
    def is_frozen(self) -> bool:
        return self._read().is_frozen

    def advance(
        self,
        by: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> None:
        """Forward: `advance(hours=24)` is over in a millisecond."""
        if not isinstance(by, timedelta | None):
            raise TypeError(f"The clock is moved by a timedelta or by name: seconds={by!r}.")
        step = (by or timedelta()) + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self._controls.post("clock", {"advance": step.total_seconds()})

    def move_to(self, moment: datetime) -> None:
        """One without a zone is local time, as in Python."""
        if not isinstance(moment, datetime):
            raise TypeError(f"The clock is moved to a datetime, not to {moment!r}.")
        self._controls.post("clock", {"set": round(moment.timestamp() * 1000)})

    def freeze(self) -> None:
        """It stands still until it is moved, or `unfreeze`."""
        self._controls.post("clock", {"freeze": True})

    def unfreeze(self) -> None:
        self._controls.post("clock", {"freeze": False})

    def _read(self) -> Reading:
        return msgspec.json.decode(self._controls.ask("clock"), type=Reading)

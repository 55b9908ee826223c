"""What a test has in store for one task, and how far that has come. Moments are milliseconds of the server's clock."""

from __future__ import annotations

import asyncio

from dalang.testbed.fault import Fail
from dalang.testbed.transition import Stage, Transition


class Gate:
    """Shut for as long as a `Stage` says: it has a bolt for each thing that is waited for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.opened = asyncio.Event()
        self.due: int | None = None
        """The moment at which its seconds are over; None before it has begun."""
        self.opened_at = 0
        """The moment at which the last bolt was to be drawn, even if somebody only looked later."""
        self._polls = 0
        self._bolts = {name for name in ("polls", "seconds", "by_hand") if getattr(stage, name)}

    @property
    def is_open(self) -> bool:
        return self.opened.is_set()

    def begin(self, since: int) -> None:
        """The state is entered; the first time counts."""
        if self.due is None:
            self.due = since + round(self.stage.seconds * 1000)
            self._draw("nothing", since)

    def look(self, now: int) -> None:
        """Time may have passed."""
        if self.due is not None and now >= self.due:
            self._draw("seconds", self.due)

    def poll(self, now: int) -> None:
        """A query has come. Those that were declared are answered while it is shut; the next one draws the bolt."""
        if not self.is_open and self._polls < self.stage.polls:
            self._polls += 1
        else:
            self._draw("polls", now)

    def wave_through(self, now: int) -> None:
        """By hand, whatever else is waited for."""
        self._bolts.clear()
        self._draw("by_hand", now)

    def _draw(self, bolt: str, moment: int) -> None:
        if self.is_open:
            return
        self._bolts.discard(bolt)
        self.opened_at = max(self.opened_at, moment)
        if not self._bolts:
            self.opened.set()


class Script:
    """Of one task."""

    def __init__(self, transition: Transition, fail: Fail | None = None, crashes: int = 0) -> None:
        self.start = Gate(transition.pending)
        self.end = Gate(transition.running)
        self.fail = fail
        """In place of its video."""
        self.crashes = crashes
        """Attempts to come whose worker is to die."""

"""What a test has in store for one task, and how far that has come."""

from __future__ import annotations

import asyncio

from dalang.testbed.fault import Fail
from dalang.testbed.transition import Stage, Transition


class Gate:
    """Shut for as long as a `Stage` says: it has a bolt for each thing that is waited for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.opened = asyncio.Event()
        self._polls = 0
        self._bolts = {name for name in ("polls", "seconds", "by_hand") if getattr(stage, name)}
        self._draw("nothing")

    @property
    def is_open(self) -> bool:
        return self.opened.is_set()

    def poll(self) -> None:
        """A query has come. Those that were declared are answered while it is shut; the next one draws the bolt."""
        if not self.is_open and self._polls < self.stage.polls:
            self._polls += 1
        else:
            self._draw("polls")

    def time_is_up(self) -> None:
        self._draw("seconds")

    def wave_through(self) -> None:
        """By hand, whatever else is waited for."""
        self._bolts.clear()
        self._draw("by_hand")

    def _draw(self, bolt: str) -> None:
        self._bolts.discard(bolt)
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

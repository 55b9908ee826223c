"""Who waits here without polling, and what is looked up once for all of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from dalang.clock import Clock
from dalang.errors import Throttling
from dalang.store import QUEUE_POSITION_LIMIT, Store
from dalang.task import Task, TaskStatus

AT_ONCE, EACH = 8000, 6000
"""Waits and streams of a process, in all and of one account; each is one of the listener's requests in progress."""

LOOK = 1000
"""Milliseconds between two looks at the same."""


class Waiters:
    """Counts who waits, so that waiting cannot use up all that the listener takes at once; and ends it all."""

    def __init__(self) -> None:
        self.are_dismissed = False
        self._seats: Counter[str] = Counter()
        self._naps: set[asyncio.Timeout] = set()

    @property
    def count(self) -> int:
        return self._seats.total()

    def check(self, account: str) -> None:
        """Raises Throttling."""
        if self.count >= AT_ONCE or self._seats[account] >= EACH:
            raise Throttling("Requests throttling triggered. Too many wait already: poll instead.", retry_after=5)

    @contextmanager
    def seat(self, account: str) -> Iterator[None]:
        self._seats[account] += 1
        try:
            yield
        finally:
            self._seats[account] -= 1
            if not self._seats[account]:
                del self._seats[account]

    @asynccontextmanager
    async def nap(self, seconds: float) -> AsyncIterator[Callable[[], None]]:
        """A block that is left, without an error, after so many seconds, or when what it is given is called, or once
        all are dismissed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self.are_dismissed else seconds) as nap:
                self._naps.add(nap)
                try:
                    yield lambda: _end(nap)
                finally:
                    self._naps.discard(nap)

    def dismiss(self) -> None:
        """The server is about to stop: nobody waits any longer."""
        self.are_dismissed = True
        for nap in self._naps:
            _end(nap)


def _end(nap: asyncio.Timeout) -> None:
    if not nap.expired():
        nap.reschedule(0)


class Queue:
    """Positions of waiting tasks, looked up together for all who watch, however many."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._positions: dict[str, dict[str, int]] = {}
        """By pool, of those that were asked for since the last look."""
        self._looked = 0

    def position(self, task: Task) -> int:
        """As `Store.queue_position`, up to a second old."""
        if abs(self._clock() - self._looked) >= LOOK:  # a clock may be set back
            self._looked = self._clock()
            self._positions.clear()
        if task.pool not in self._positions:
            first = self._store.waiting(task.pool, QUEUE_POSITION_LIMIT)
            self._positions[task.pool] = {task_id: number for number, task_id in enumerate(first)}
        return self._positions[task.pool].get(task.id, QUEUE_POSITION_LIMIT)


class Rows:
    """Tasks, read together for all who watch the same one, however many."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._tasks: dict[str, Task | None] = {}
        self._looked = 0

    def get(self, task_id: str, status: TaskStatus | None) -> Task | None:
        """As `Store.get`, up to a second old, but never of another status than `status`, if that is right."""
        if abs(self._clock() - self._looked) >= LOOK:  # a clock may be set back
            self._looked = self._clock()
            self._tasks = {}
        task = self._tasks.get(task_id)
        if task is None or task.status is not status:
            task = self._tasks[task_id] = self._store.get(task_id)
        return task

"""Who waits here without polling, and what is looked up once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dalang.clock import Clock
from dalang.errors import Throttling
from dalang.store import QUEUE_POSITION_LIMIT, Store
from dalang.task import Task

AT_ONCE = 8000
"""Waits and streams of a process; each is one of the listener's requests in progress."""

LOOK = 1000
"""Milliseconds between two looks at the queue."""


class Waiters:
    """Counts who waits, so that waiting cannot use up all that the listener takes at once."""

    def __init__(self) -> None:
        self._count = 0

    def check(self) -> None:
        """Raises Throttling."""
        if self._count >= AT_ONCE:
            raise Throttling("Requests throttling triggered. Too many wait already: poll instead.", retry_after=5)

    @contextmanager
    def seat(self) -> Iterator[None]:
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1


class Queue:
    """Positions of waiting tasks, looked up together for all who watch, however many."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._positions: dict[str, int] = {}
        self._looked = 0

    def position(self, task: Task) -> int:
        """As `Store.queue_position`, up to a second old."""
        if self._clock() - self._looked >= LOOK:
            self._looked = self._clock()
            self._positions = {task_id: n for n, task_id in enumerate(self._store.waiting(QUEUE_POSITION_LIMIT))}
        return self._positions.get(task.id, QUEUE_POSITION_LIMIT)

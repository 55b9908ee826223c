"""The embedded store, with tasks held back as a test wants."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from dalang.routes import LOCAL
from dalang.store import Once
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task

AT_ANY_TIME = 0
"""The moment from which a task may be claimed that is not held, wherever the clock is put meanwhile."""


class Director(Protocol):
    """Who says what becomes of tasks."""

    @property
    def is_held(self) -> bool:
        """Whether none is claimed at all."""

    def enter(self, task: Task) -> Task:
        """The row that a new task is to have."""

    def made(self, task: Task) -> None:
        """It is there."""

    def forget(self, task_id: str) -> None:
        """It was not made after all."""


class StagedStore(SQLiteStore):
    """Asks `director` before a task is made or claimed."""

    director: Director

    async def open(self) -> None:
        await super().open()
        waiting = [task_id for pool in self.waiting_pools() for task_id in self.waiting(pool, sys.maxsize)]
        for task_id in waiting:  # held by an earlier server, whose tests are gone
            await self.postpone(task_id, AT_ANY_TIME)

    async def insert(
        self, task: Task, *, once: Once | None = None, callback: str | None = None, most_waiting: int = 0
    ) -> str | None:
        row = self.director.enter(task)
        stands = await super().insert(row, once=once, callback=callback, most_waiting=most_waiting)
        if stands == task.id:
            self.director.made(task)
        else:
            self.director.forget(task.id)
        return stands

    async def release(self, task: Task, failures: int, ready: int) -> bool:
        """At once: the pause before another attempt would be one of a clock that may stand still."""
        return await super().release(task, failures, AT_ANY_TIME)

    async def claim(
        self,
        owner: str,
        limit: int,
        lease: int,
        most_running: Callable[[str], int] | None = None,
        pool: str = LOCAL,
        wanted: Sequence[str] = (),
    ) -> Sequence[Task]:
        if self.director.is_held:
            return []
        return await super().claim(owner, limit, lease, most_running, pool, wanted)

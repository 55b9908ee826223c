"""Who looks at which task. A change wakes those who look at that task and nobody else.

Changes of our own are told here. For those of other processes on the same folder there is one follower, as long as
anybody watches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

from dalang.errors import StoreError
from dalang.store.connection import Row, Values
from dalang.store.rows import STATUSES, to_json
from dalang.task import TaskStatus

FOLLOW_EVERY = 1.0
"""Seconds between two looks at what others have changed."""

CHUNK = 500
"""Tasks that one query looks at, so that the event loop is held for a millisecond or two."""

STATES = "SELECT id, status, attempt, progress FROM tasks WHERE id IN (SELECT value FROM json_each(?))"

State = tuple[str, int, float]
"""Status, attempt, progress: what others change and somebody may wait for."""

log = logging.getLogger("dalang.store")


class Eye:
    """A `Watch`; it is open within its `with` block. There may be thousands, so it is kept small."""

    __slots__ = ("_at_end", "_has_changed", "_state", "_waiter", "_watches", "task_id")

    def __init__(self, watches: Watches, task_id: str) -> None:
        self.task_id = task_id
        self._watches = watches
        self._state: State | None = None
        self._has_changed = False
        self._waiter: asyncio.Future[None] | None = None
        self._at_end: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self._state = self._watches.open(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._watches.shut(self)

    @property
    def status(self) -> TaskStatus | None:
        return STATUSES[self._state[0]] if self._state else None

    @property
    def is_over(self) -> bool:
        status = self.status
        return status is None or status.is_final

    def at_end(self, call: Callable[[], None]) -> None:
        self._at_end = call
        if self.is_over:
            call()

    async def changed(self) -> None:
        if not self._has_changed:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        self._has_changed = False

    def wake(self, state: State | None) -> None:
        self._state, self._has_changed = state, True
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)
        if self._at_end and self.is_over:
            self._at_end()


class Watches:
    """`read` queries the database on the event loop, where all of this runs."""

    def __init__(self, read: Callable[[str, Values], Sequence[Row]]) -> None:
        self._read = read
        self._eyes: dict[str, set[Eye]] = {}
        self._known: dict[str, State | None] = {}
        self._follower: asyncio.Task[None] | None = None

    def open(self, eye: Eye) -> State | None:
        """What it sees first. Raises StoreError."""
        if eye.task_id in self._eyes:
            self._compare([eye.task_id])
        else:
            self._start(eye.task_id)
        self._eyes[eye.task_id].add(eye)
        return self._known[eye.task_id]

    def shut(self, eye: Eye) -> None:
        self._eyes[eye.task_id].discard(eye)
        if not self._eyes[eye.task_id]:
            self._stop(eye.task_id)

    def tell(self, task_ids: Sequence[str]) -> None:
        """We changed these."""
        watched = [task_id for task_id in task_ids if task_id in self._eyes]
        if watched:
            with suppress(StoreError):  # what is written is written; the follower will then tell it a second time
                self._known |= self._states(watched)
            self._wake(watched)

    def close(self) -> None:
        if self._follower:
            self._follower.cancel()

    def _start(self, task_id: str) -> None:
        """The database's version is looked at before the task, so that no change falls between."""
        version = None if self._eyes else self._version()
        self._known |= self._states([task_id])
        self._eyes[task_id] = set()
        if version is not None:
            self._follower = asyncio.create_task(self._follow(version))

    def _stop(self, task_id: str) -> None:
        del self._eyes[task_id], self._known[task_id]
        if not self._eyes:
            self.close()

    def _wake(self, task_ids: Sequence[str]) -> None:
        for task_id in task_ids:
            for eye in self._eyes[task_id]:
                eye.wake(self._known[task_id])

    async def _follow(self, seen: int) -> None:
        while True:
            await asyncio.sleep(FOLLOW_EVERY)
            try:
                version = self._version()
                if version != seen:
                    await self._look()
                    seen = version
            except StoreError as error:
                log.error("changes of other servers not seen", extra={"reason": str(error)})

    async def _look(self) -> None:
        watched = list(self._eyes)
        for start in range(0, len(watched), CHUNK):
            self._compare([task_id for task_id in watched[start : start + CHUNK] if task_id in self._eyes])
            await asyncio.sleep(0)

    def _compare(self, task_ids: Sequence[str]) -> None:
        """With the database: who knows no better is woken."""
        states = self._states(task_ids)
        changed = [task_id for task_id in task_ids if states[task_id] != self._known[task_id]]
        self._known |= states
        self._wake(changed)

    def _version(self) -> int:
        """Moves with every commit of another connection, whatever its process."""
        version: int = self._read("PRAGMA data_version", ())[0][0]
        return version

    def _states(self, task_ids: Sequence[str]) -> dict[str, State | None]:
        """None for a task that is gone."""
        rows = self._read(STATES, (to_json(task_ids),))
        return dict.fromkeys(task_ids) | {task_id: (status, *rest) for task_id, status, *rest in rows}

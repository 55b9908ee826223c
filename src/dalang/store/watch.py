"""Who looks at which task. A change wakes those who look at that task and nobody else.

Changes of our own are told here. For those of other processes on the same folder there is one follower, as long as
anybody watches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

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
    """A `Watch`."""

    def __init__(self, state: State | None) -> None:
        self._change = asyncio.Event()
        self._state = state

    @property
    def status(self) -> TaskStatus | None:
        return STATUSES[self._state[0]] if self._state else None

    async def changed(self) -> None:
        await self._change.wait()
        self._change.clear()

    def wake(self, state: State | None) -> None:
        self._state = state
        self._change.set()


class Watches:
    """`read` queries the database on the event loop, where all of this runs."""

    def __init__(self, read: Callable[[str, Values], Sequence[Row]]) -> None:
        self._read = read
        self._eyes: dict[str, set[Eye]] = {}
        self._known: dict[str, State | None] = {}
        self._follower: asyncio.Task[None] | None = None

    @contextmanager
    def watch(self, task_id: str) -> Iterator[Eye]:
        """Raises StoreError."""
        if task_id in self._eyes:
            self._compare([task_id])
        else:
            self._start(task_id)
        eye = Eye(self._known[task_id])
        self._eyes[task_id].add(eye)
        try:
            yield eye
        finally:
            self._eyes[task_id].discard(eye)
            if not self._eyes[task_id]:
                self._stop(task_id)

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

"""Tasks held in their states: what is in store for each, who has been waved through, and whether the queue moves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from dalang.testbed.clock import TestClock
from dalang.testbed.codes import sentence
from dalang.testbed.fault import Crash, Fail, OnTask
from dalang.testbed.script import Gate, Script
from dalang.testbed.store import AT_ANY_TIME
from dalang.testbed.transition import Transition

NOT_YET = 1 << 62
"""The moment from which a task may be claimed that is held: never."""

PATIENCE = 30.0
"""Seconds that a query waits for a task to come where it should be found."""


class Stages:
    """`transition` and `is_held` are for tests to set; the first is of tasks that come."""

    def __init__(self, clock: TestClock, store: SQLiteStore) -> None:
        self._clock = clock
        self._store = store
        self._scripts: dict[str, Script] = {}
        self._ushers: set[asyncio.Task[Any]] = set()
        self._released = 0
        """When the queue was let go; no task was RUNNING before."""
        self.transition = Transition()
        self.is_held = False

    def reset(self) -> None:
        for usher in self._ushers:
            usher.cancel()
        self._scripts.clear()
        self.transition, self.is_held, self._released = Transition(), False, 0

    def hold(self, is_held: bool) -> None:
        """Whether no task is claimed at all."""
        self.is_held = is_held
        self._released = self._clock()
        self._store.touch()

    def enter(self, task: Task, effects: Sequence[OnTask], transition: Transition) -> Task:
        """The row that a new task is to have."""
        crashes = sum(effect.attempts for effect in effects if isinstance(effect, Crash))
        fail = next((effect for effect in effects if isinstance(effect, Fail)), None)
        if fail and fail.stage == "preparation":
            script = self._scripts[task.id] = Script(Transition())  # no state holds up what it will be refused for
            script.start.begin(task.submitted)
            return msgspec.structs.replace(task, code=fail.code, message=sentence_of(fail), prepared=None)
        script = self._scripts[task.id] = Script(transition, fail, crashes)
        script.start.begin(task.submitted)
        self._time(script.start)
        self._follow(script)
        if script.start.is_open:
            return msgspec.structs.replace(task, ready=AT_ANY_TIME)
        self._usher(self._admit(task.id, script))
        return msgspec.structs.replace(task, ready=NOT_YET)

    def forget(self, task_id: str) -> None:
        self._scripts.pop(task_id, None)

    async def _admit(self, task_id: str, script: Script) -> None:
        await script.start.opened.wait()
        await self._store.postpone(task_id, AT_ANY_TIME)

    def _follow(self, script: Script) -> None:
        """Let the time that has passed do its work; a state begins when the one before it was to end, not when somebody
        looked."""
        script.start.look(self._clock())
        if not script.start.is_open or self.is_held:
            return
        if script.end.due is None:
            script.end.begin(max(script.start.opened_at, self._released))
            self._time(script.end)
        script.end.look(self._clock())

    def _time(self, gate: Gate) -> None:
        async def pass_by() -> None:
            assert gate.due is not None
            await self._clock.reach(gate.due)
            gate.look(self._clock())

        if gate.stage.seconds:
            self._usher(pass_by())

    def _usher(self, work: Coroutine[Any, Any, None]) -> None:
        usher = asyncio.create_task(work)
        self._ushers.add(usher)
        usher.add_done_callback(self._ushers.discard)

    # Attempts

    def running(self, task_id: str) -> Script:
        """The script of a task that is RUNNING from now on; for one of an earlier start there is none."""
        script = self._scripts.get(task_id) or Script(Transition())
        script.start.wave_through(self._clock())
        self._follow(script)
        return script

    # Queries

    async def polled(self, task_id: str) -> bool:
        """A query of the task comes: returns when the task is where it should be found. True if it is kept there by
        polls, so that it would be in vain to wait for its end."""
        script = self._open(task_id)
        if script is None:
            self.forget(task_id)
            return False
        self._follow(script)
        script.start.poll(self._clock())
        if not script.start.is_open or self.is_held:
            return bool(script.start.stage.polls)
        self._follow(script)
        script.end.poll(self._clock())
        await self._come(task_id, to=None if script.end.is_open else TaskStatus.RUNNING)
        return not script.end.is_open and bool(script.end.stage.polls)

    async def _come(self, task_id: str, to: TaskStatus | None) -> None:
        """Returns when it is in the state `to`, when it is over, or when it takes too long."""
        with suppress(TimeoutError), self._store.watch(task_id) as watch:
            async with asyncio.timeout(PATIENCE):
                while not watch.is_over and watch.status is not to:
                    await watch.changed()

    # By hand

    def start(self, task_id: str) -> bool:
        """Whether there is such a task, and it has not ended."""
        script = self._open(task_id)
        if script:
            script.start.wave_through(self._clock())
        return script is not None

    def finish(self, task_id: str, fail: Fail | None = None) -> bool:
        """The same; one that is PENDING is started."""
        script = self._open(task_id)
        if script:
            script.fail = fail or script.fail
            script.start.wave_through(self._clock())
            script.end.wave_through(self._clock())
        return script is not None

    def _open(self, task_id: str) -> Script | None:
        task = self._store.get(task_id)
        return None if task is None or task.status.is_final else self._scripts.get(task_id)


def sentence_of(fail: Fail) -> str:
    """The documented one where none was given."""
    return sentence(fail.code) if fail.message is None else fail.message

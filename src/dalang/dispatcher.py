"""The main loop: what has expired goes, what dead servers left comes back, what is unwanted stops, what waits is
claimed and run, what came of it is recorded.

Nobody calls the dispatcher. It looks at the store whenever the store changes, a slot becomes idle or a time comes.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dalang.alarm import Alarm
from dalang.attempt import Attempt, Parts, about, patience, requeue
from dalang.clock import Clock
from dalang.config import Config, milliseconds
from dalang.errors import DalangError, StoreError
from dalang.executors import Executor
from dalang.limits import allowance
from dalang.liveness import Liveness
from dalang.models import MODELS
from dalang.moderation import Moderator
from dalang.storage import Storage
from dalang.store import Store
from dalang.task import Task, TaskStatus
from dalang.weights.library import Library

TICK = 1.0
"""Seconds after which leases of other servers on the same folder are looked at again, with nothing to wake us."""

EXPIRE_AT_ONCE = 20
"""Their folders are deleted before anything is claimed."""

STOP_SECONDS = 2.0
"""How long a drain waits for attempts to stop politely, before it closes what they run on."""

log = logging.getLogger("dalang.dispatcher")


class Dispatcher:
    """One per server. `executors` by pool, LOCAL's among them; `liveness` says who is alive, and who we are."""

    def __init__(
        self,
        config: Config,
        store: Store,
        storage: Storage,
        executors: Mapping[str, Executor],
        moderator: Moderator,
        liveness: Liveness,
        clock: Clock,
    ) -> None:
        self._config = config
        self._store = store
        self._storage = storage
        self._executors = executors
        self._liveness = liveness
        self._clock = clock
        self._lease = milliseconds(config.lease)
        limit = milliseconds(config.render_limit)
        self._parts = Parts(
            store,
            storage,
            executors,
            liveness.scratch,
            clock,
            self._lease,
            limit,
            moderator,
            config.provenance,
            Library(config.weights_folder, config.profiles, config.loras, config.checkpoints, config.parallel),
        )
        self._attempts: set[Attempt] = set()
        self._alarm = Alarm(store)
        self._hurry = asyncio.Event()

    async def run(self) -> None:
        """Until canceled; attempts go on, for `drain` to end."""
        await asyncio.gather(*(self._start(pool) for pool in self._executors))
        async with self._alarm.watching():
            while True:
                self._alarm.clear()
                pause = TICK
                try:
                    await self.step()
                    pause = self._pause()
                except Exception:  # the wall: one bad step must not end all service
                    log.exception("step failed")
                await self._alarm.wait(pause)

    async def _start(self, pool: str) -> None:
        """A pool that cannot be started has no idle slots; the others go on."""
        try:
            await self._executors[pool].start(self._alarm.ring)
        except (DalangError, OSError) as error:
            log.error("pool not started", extra={"pool": pool, "reason": str(error)})

    async def step(self) -> None:
        await self._expire()
        await self._recover()
        await self._adopt_strays()
        self._stop_unwanted()
        await self._claim()

    async def drain(self, grace: float) -> None:
        """Let attempts end for `grace` seconds, then put the rest back in the queue at no cost."""
        await self._wait_for_attempts(grace)
        for attempt in self._attempts:
            if attempt.may_stop:
                attempt.stop()
        try:
            await self._release_rest()
        except StoreError as error:  # then they come back when our lock is free
            log.error("tasks not released", extra={"reason": str(error)})
        attempts = [attempt.work for attempt in self._attempts]
        await asyncio.gather(*(executor.close() for executor in self._executors.values()))
        await asyncio.gather(*attempts, return_exceptions=True)

    async def _release_rest(self) -> None:
        """First what was claimed, also where the claim was the last thing we did; then what stops or is published."""
        publishing = {attempt.task.id for attempt in self._attempts if not attempt.work.cancelling()}
        for task in self._store.running():
            is_left = task.owner == self._liveness.me and task.id not in publishing
            if is_left and await self._store.release(task, task.failures, self._clock()):
                log.info("task released", extra=about(task))
        works = [attempt.work for attempt in self._attempts]
        await asyncio.gather(*(work for work in works if not work.cancelling()), return_exceptions=True)
        if works:
            await asyncio.wait(works, timeout=STOP_SECONDS)

    def hurry(self) -> None:
        """Let the grace period end now."""
        self._hurry.set()

    async def _wait_for_attempts(self, seconds: float) -> None:
        if not self._attempts:
            return
        ended = asyncio.create_task(asyncio.wait([attempt.work for attempt in self._attempts]))
        hurry = asyncio.create_task(self._hurry.wait())
        ends: list[asyncio.Task[Any]] = [ended, hurry]
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()

    def _pause(self) -> float:
        at = self._store.next_event()
        return TICK if at is None else min(TICK, max(0, at - self._clock()) / 1000)

    # Step by step

    async def _expire(self) -> None:
        for expired in await self._store.expire(EXPIRE_AT_ONCE):
            await self._storage.delete_task(expired.task_id)
            log.info("task expired" if expired.request_id else "upload expired", extra=expired._asdict())

    async def _recover(self) -> None:
        """Tasks of servers that died, or that were stopped for longer than their lease, wait again at no cost. So do
        tasks of our own whose end could not be recorded."""
        ours = {(attempt.task.id, attempt.task.attempt) for attempt in self._attempts}
        for task in self._store.running():
            if (task.id, task.attempt) in ours or not self._is_abandoned(task):
                continue
            if await requeue(self._store, task, task.failures, self._clock(), "The server died."):
                log.warning("task recovered", extra=about(task) | {"owner": task.owner})

    async def _adopt_strays(self) -> None:
        """Tasks of a pool that an earlier config had wait for LOCAL's slots, where their attempt says what became of
        it. While another server lives on the folder, they may be its own."""
        strays = [pool for pool in self._store.waiting_pools() if pool not in self._executors]
        if strays and not self._liveness.others():
            log.warning("tasks of pools that are no more", extra={"pools": ", ".join(strays)})
            await self._store.move_strays(tuple(self._executors))

    def _is_abandoned(self, task: Task) -> bool:
        assert task.owner is not None
        assert task.lease_end is not None
        return task.lease_end < self._clock() or not self._liveness.is_alive(task.owner)

    def _stop_unwanted(self) -> None:
        """Canceled, or taken over by another server."""
        for attempt in self._attempts:
            now = self._store.get(attempt.task.id)
            is_wanted = now and now.status is TaskStatus.RUNNING and now.attempt == attempt.task.attempt
            if attempt.may_stop and not is_wanted:
                attempt.stop()

    async def _claim(self) -> None:
        for pool, executor in self._executors.items():
            on_the_way = [a.task for a in self._attempts if not a.has_slot and a.task.pool == pool]
            if (idle := executor.idle - len(on_the_way)) > 0:
                wanted = Counter(executor.wanted) - Counter(task.setup for task in on_the_way if task.setup)
                await self._claim_for(pool, idle, list(wanted.elements()))

    async def _claim_for(self, pool: str, idle: int, wanted: Sequence[str]) -> None:
        lease = patience(pool, self._lease)
        for task in await self._store.claim(self._liveness.me, idle, lease, self._most_running, pool, wanted):
            log.info("task running", extra=about(task))
            self._attempts.add(Attempt(task, self._parts, self._forget))

    def _most_running(self, model: str) -> int:
        """Of one account; a model that is no longer in the catalogue is not in its way."""
        spec = MODELS.get(model)
        return (allowance(self._config, spec).running if spec else 0) or sys.maxsize

    def _forget(self, attempt: Attempt) -> None:
        self._attempts.discard(attempt)
        self._alarm.ring()

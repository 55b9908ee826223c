"""The main loop: what has expired goes, what dead servers left comes back, what is unwanted stops, what waits is
claimed and run, what came of it is recorded.

Nobody calls the dispatcher. It looks at the store whenever the store changes, a slot becomes idle or a time comes.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dalang.clock import Clock
from dalang.config import Config, milliseconds
from dalang.errors import ProtocolError, WorkerFault
from dalang.events import Progress, Render, Rendered
from dalang.executors import Executor
from dalang.liveness import Liveness
from dalang.models import MODELS, usage
from dalang.storage import Storage
from dalang.store import Outcome, Store
from dalang.task import RenderRequest, Task, TaskStatus

MAX_FAILURES = 3
MAX_ATTEMPTS = 10
"""Whatever ended them: a task that brings its server down must not do so for ever."""

RETRY_PAUSE = 1000
"""Milliseconds before the second retry; the first is at once, each later one waits twice as long."""

BEAT = 500
"""Milliseconds between heartbeats at the most often."""

TICK = 1.0
"""Seconds after which leases of other servers on the same folder are looked at again, with nothing to wake us."""

EXPIRE_AT_ONCE = 100

log = logging.getLogger("dalang.dispatcher")


@dataclass
class Attempt:
    task: Task
    work: asyncio.Task[None]
    has_slot: bool = False
    """From then on the executor counts its slot as taken."""
    may_stop: bool = True
    """Until its render has ended: what publishes must end, to leave no file without an owner, and what is being
    recorded looks unwanted once it is."""

    def stop(self) -> None:
        """Once: a second time would cut off the worker's polite end."""
        self.may_stop = False
        self.work.cancel()


class Dispatcher:
    """One per server. `liveness` says who is alive, and who we are."""

    def __init__(
        self, config: Config, store: Store, storage: Storage, executor: Executor, liveness: Liveness, clock: Clock
    ) -> None:
        self._store = store
        self._storage = storage
        self._executor = executor
        self._liveness = liveness
        self._clock = clock
        self._lease = milliseconds(config.lease)
        self._render_limit = milliseconds(config.render_limit)
        self._attempts: dict[tuple[str, int], Attempt] = {}
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()

    async def run(self) -> None:
        """Until canceled; attempts go on, for `drain` to end."""
        await self._executor.start(self._wake.set)
        watch = asyncio.create_task(self._watch_store())
        try:
            while True:
                self._wake.clear()
                pause = TICK
                try:
                    await self.step()
                    pause = self._pause()
                except Exception:  # the wall: one bad step must not end all service
                    log.exception("step failed")
                with suppress(TimeoutError):  # not wait_for, which in Python 3.11 may swallow a cancel
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
        finally:
            watch.cancel()

    async def step(self) -> None:
        await self._expire()
        await self._recover()
        self._stop_unwanted()
        await self._claim()

    async def drain(self, grace: float) -> None:
        """Let attempts end for `grace` seconds, then put the rest back in the queue at no cost."""
        await self._wait_for_attempts(grace)
        for attempt in list(self._attempts.values()):
            if attempt.may_stop:
                attempt.stop()
                if await self._store.release(attempt.task, attempt.task.failures, self._clock()):
                    log.info("task released", extra=_about(attempt.task))
        await asyncio.gather(*(attempt.work for attempt in self._attempts.values()), return_exceptions=True)
        await self._executor.close()

    def hurry(self) -> None:
        """Let the grace period end now."""
        self._hurry.set()

    async def _wait_for_attempts(self, seconds: float) -> None:
        if not self._attempts:
            return
        ended = asyncio.create_task(asyncio.wait([attempt.work for attempt in self._attempts.values()]))
        hurry = asyncio.create_task(self._hurry.wait())
        ends: list[asyncio.Task[Any]] = [ended, hurry]
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()

    async def _watch_store(self) -> None:
        version = self._store.version
        while True:
            version = await self._store.changed(version)
            self._wake.set()

    def _pause(self) -> float:
        at = self._store.next_event()
        return TICK if at is None else min(TICK, max(0, at - self._clock()) / 1000)

    # Step by step

    async def _expire(self) -> None:
        for task_id in await self._store.expire(EXPIRE_AT_ONCE):
            await self._storage.delete_task(task_id)
            log.info("task expired", extra={"task_id": task_id})

    async def _recover(self) -> None:
        """Tasks of servers that died, or that were stopped for longer than their lease, wait again at no cost. So do
        tasks of our own whose end could not be recorded."""
        for task in self._store.running():
            if _key(task) not in self._attempts and self._is_abandoned(task):
                await self._requeue(task, task.failures, self._clock(), "The server died.")
                log.warning("task recovered", extra=_about(task) | {"owner": task.owner})

    def _is_abandoned(self, task: Task) -> bool:
        assert task.owner is not None
        assert task.lease_end is not None
        return task.lease_end < self._clock() or not self._liveness.is_alive(task.owner)

    def _stop_unwanted(self) -> None:
        """Canceled, or taken over by another server."""
        for attempt in self._attempts.values():
            now = self._store.get(attempt.task.id)
            is_wanted = now and now.status is TaskStatus.RUNNING and now.attempt == attempt.task.attempt
            if attempt.may_stop and not is_wanted:
                attempt.stop()

    async def _claim(self) -> None:
        idle = self._executor.idle - sum(not attempt.has_slot for attempt in self._attempts.values())
        if idle <= 0:
            return
        for task in await self._store.claim(self._liveness.me, idle, self._lease):
            self._attempts[_key(task)] = Attempt(task, asyncio.create_task(self._attempt(task)))
            log.info("task running", extra=_about(task))

    # One attempt

    async def _attempt(self, task: Task) -> None:
        file = self._liveness.scratch / f"{task.id}-{task.attempt}.mp4"
        try:
            await self._try(task, file)
        except Exception:  # the wall: the lease will end, and another attempt be made
            log.exception("attempt not recorded", extra=_about(task))
        finally:
            file.unlink(missing_ok=True)
            del self._attempts[_key(task)]
            self._wake.set()

    async def _try(self, task: Task, file: Path) -> None:
        """Render, then record what came of it. Raises StoreError when it could not be recorded."""
        try:
            rendered = await self._render(task, file)
            if rendered:
                await self._publish(task, rendered, file)
        except ProtocolError as error:
            await self._end(task, Outcome(TaskStatus.FAILED, code=error.code, message=error.message))
        except WorkerFault as fault:
            await self._forgive(task, fault)
        except OSError as error:
            message = f"Failed to upload result. {error.strerror}."
            await self._end(task, Outcome(TaskStatus.FAILED, code="InternalError.Upload", message=message))

    async def _render(self, task: Task, file: Path) -> Rendered | None:
        """None when the task is no longer ours. Raises ProtocolError or WorkerFault."""
        command = Render(task.engine, await self._request(task), str(file))
        limit = asyncio.timeout(self._render_limit / 1000)
        stall = asyncio.timeout(self._lease / 1000)
        beaten = self._clock()
        self._attempts[_key(task)].has_slot = True
        try:
            async with limit, stall, aclosing(self._executor.run(command)) as events:
                async for event in events:
                    if isinstance(event, Rendered):
                        return event
                    stall.reschedule(asyncio.get_running_loop().time() + self._lease / 1000)
                    if isinstance(event, Progress) and self._clock() - beaten >= BEAT:
                        beaten = self._clock()
                        if not await self._store.heartbeat(task, event.fraction, self._lease):
                            return None
        except TimeoutError:
            if limit.expired():
                raise ProtocolError(TIMEOUT, code="InternalError.Timeout") from None
            raise WorkerFault(f"The worker made no progress for {self._lease / 1000:g} s.") from None
        finally:
            self._attempts[_key(task)].may_stop = False
        raise WorkerFault("The worker gave no answer.")

    async def _request(self, task: Task) -> RenderRequest:
        asked, prepared = task.request, task.prepared
        assert prepared is not None, "claimed before it was prepared"
        return RenderRequest(
            model=asked.model,
            prompt=asked.prompt,
            width=prepared.width,
            height=prepared.height,
            duration=asked.duration,
            fps=asked.fps,
            seed=asked.seed,
            sound=asked.sound,
            image=str(await self._storage.local(prepared.image)) if prepared.image else None,
        )

    async def _publish(self, task: Task, rendered: Rendered, file: Path) -> None:
        """The file first, under a name of this attempt's own; then the one statement that makes it the task's."""
        assert task.prepared is not None
        key = f"{task.id}/{task.attempt}.mp4"
        await self._storage.put(key, file)
        size = (task.prepared.width, task.prepared.height)
        bill = usage(MODELS[task.model], task.request, size)
        outcome = Outcome(TaskStatus.SUCCEEDED, result=key, usage=bill, warnings=rendered.warnings)
        if not await self._end(task, outcome):
            await self._storage.delete(key)

    async def _forgive(self, task: Task, fault: WorkerFault) -> None:
        failures = task.failures + 1
        pause = 0 if failures == 1 else RETRY_PAUSE << (failures - 2)
        log.warning("attempt failed", extra=_about(task) | {"reason": str(fault), "failures": failures})
        await self._requeue(task, failures, self._clock() + pause, str(fault))

    async def _requeue(self, task: Task, failures: int, ready: int, reason: str) -> None:
        if failures < MAX_FAILURES and task.attempt < MAX_ATTEMPTS:
            await self._store.release(task, failures, ready)
        else:
            message = f"inference internal error. {reason}"
            await self._end(task, Outcome(TaskStatus.FAILED, code="InternalError.Algo", message=message))

    async def _end(self, task: Task, outcome: Outcome) -> bool:
        done = await self._store.finish(task, outcome)
        if done:
            log.info(
                f"task {outcome.status.lower()}", extra=_about(task) | {"code": outcome.code, "reason": outcome.message}
            )
        return done


TIMEOUT = "An internal timeout error has occured during execution, please try again later or contact service support."
"""The service's own sentence, misspelling included."""


def _key(task: Task) -> tuple[str, int]:
    """An attempt that another server took over may come back to us while its zombie still stops."""
    return task.id, task.attempt


def _about(task: Task) -> dict[str, object]:
    return {"task_id": task.id, "request_id": task.request_id, "model": task.model, "attempt": task.attempt}

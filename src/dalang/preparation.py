"""The stage before the slot: what a task needs is fetched and checked here, so that no render slot waits for a download
and no presigned link dies in a queue. The task stays PENDING; what is found is kept in its row."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from dalang.errors import InternalError, ProtocolError, StoreError, WorkerFault
from dalang.events import Inspect, Inspected
from dalang.executors import Executor
from dalang.models import MODELS
from dalang.storage import Storage
from dalang.store import Store
from dalang.task import Prepared, Task, TaskStatus

AT_ONCE, EACH = 16, 8
"""Tasks in preparation, in all and of one account, so that one account's slow addresses do not hold up another's; the
downloads run side by side, the checks take turns in the inspectors."""

TICK = 5.0
"""Seconds after which it looks again with nothing to wake it: at tasks of a server on the same folder that died."""

TRIES = 2
"""Inspections that may die of one picture before the picture is held to be the reason."""

INSPECTION_SECONDS = 20.0
"""For one picture, so that none that hangs a decoder holds up the others for ever."""

log = logging.getLogger("dalang.preparation")


class Fetcher(Protocol):
    async def fetch(self, url: str, target: Path, max_bytes: int) -> None:
        """Raises InvalidURL."""


class Job(NamedTuple):
    """A task in preparation."""

    account: str
    work: asyncio.Task[None]


class Preparation:
    """`inspectors` run `Inspect`; `scratch` is a folder of this server's own."""

    def __init__(self, store: Store, storage: Storage, fetcher: Fetcher, inspectors: Executor, scratch: Path) -> None:
        self._store = store
        self._storage = storage
        self._fetcher = fetcher
        self._inspectors = inspectors
        self._scratch = scratch
        self._active: dict[str, Job] = {}
        self._idle_inspector = asyncio.Event()
        self._started = False

    async def run(self) -> None:
        """Until canceled."""
        try:
            while True:
                version = self._store.version
                try:
                    await self.step()
                except StoreError as error:
                    log.error("preparation step failed", extra={"reason": str(error)})
                with suppress(TimeoutError):  # not wait_for, which in Python 3.11 may swallow a cancel
                    async with asyncio.timeout(TICK):
                        await self._store.changed(version)
        finally:
            jobs = list(self._active.values())
            for job in jobs:
                job.work.cancel()
            await asyncio.gather(*(job.work for job in jobs), return_exceptions=True)

    async def step(self) -> None:
        """Drop what is no longer wanted; begin what is waiting, oldest first, as far as there is room."""
        for task_id, job in self._active.items():
            now = self._store.get(task_id)
            if now is None or now.status is not TaskStatus.PENDING:
                job.work.cancel()
        for task in await self._store.to_prepare(EACH):
            if task.id not in self._active and self._has_room(task.account):
                await self._start_inspectors()
                work = asyncio.create_task(self._settle(task))
                self._active[task.id] = Job(task.account, work)
                work.add_done_callback(partial(self._forget, task.id))

    def _has_room(self, account: str) -> bool:
        return len(self._active) < AT_ONCE and sum(job.account == account for job in self._active.values()) < EACH

    def _forget(self, task_id: str, _: asyncio.Task[None]) -> None:
        del self._active[task_id]

    async def _start_inspectors(self) -> None:
        """With the first picture: a server that only ever sees prompts needs none."""
        if not self._started:
            self._started = True
            await self._inspectors.start(self._idle_inspector.set)

    async def _settle(self, task: Task) -> None:
        source = self._scratch / f"{task.id}.source"
        target = self._scratch / f"{task.id}.png"
        try:
            await self._prepare_or_refuse(task, source, target)
        except StoreError as error:  # the task waits on, and is tried again after a pause
            log.error("preparation not recorded", extra=_about(task) | {"reason": str(error)})
            await asyncio.sleep(TICK)
        except Exception:  # the wall: what a bug stops now it would stop each time
            log.exception("preparation failed", extra=_about(task))
            await self._store.refuse(task.id, InternalError.code, InternalError.SENTENCE)
        finally:
            source.unlink(missing_ok=True)
            target.unlink(missing_ok=True)

    async def _prepare_or_refuse(self, task: Task, source: Path, target: Path) -> None:
        """Raises StoreError when what came of it could not be recorded."""
        try:
            prepared = await self._prepare(task, source, target)
            recorded = await self._store.prepare(task.id, prepared)
            if prepared.image and not recorded:
                await self._storage.delete(prepared.image)
        except ProtocolError as error:
            await self._store.refuse(task.id, error.code, error.message)
            log.info("task refused", extra=_about(task) | {"code": error.code, "reason": error.message})
        except OSError as error:
            await self._store.refuse(task.id, "InternalError", f"{InternalError.SENTENCE} {error.strerror}.")
            log.error("preparation failed", extra=_about(task) | {"reason": str(error)})

    async def _prepare(self, task: Task, source: Path, target: Path) -> Prepared:
        image = task.request.image
        assert image is not None, "only pictures need preparation"
        limit = MODELS[task.model].limits.image_bytes
        if image.startswith("input:"):
            source = await self._storage.local(image.removeprefix("input:"))
        else:
            await self._fetcher.fetch(image, source, limit)
        seen = await self._inspect(task, Inspect(str(source), str(target), task.request.tier, limit))
        # Another server on this folder may prepare it too, and its source may change meanwhile: each writes its own.
        key = f"{task.id}/image-{self._scratch.name}.png"
        await self._storage.put(key, target)
        return Prepared(width=seen.width, height=seen.height, image=key)

    async def _inspect(self, task: Task, command: Inspect) -> Inspected:
        for _ in range(TRIES):
            try:
                return await self._inspect_once(command)
            except TimeoutError:
                log.warning("inspection took too long", extra=_about(task))
                break
            except WorkerFault as fault:
                log.warning("inspection failed", extra=_about(task) | {"reason": str(fault)})
        raise ProtocolError("The picture cannot be decoded.", code="InvalidImage.FileFormat")

    async def _inspect_once(self, command: Inspect) -> Inspected:
        """Raises ProtocolError, WorkerFault, or TimeoutError for a picture that would take as long again."""
        while not self._inspectors.idle:
            self._idle_inspector.clear()
            await self._idle_inspector.wait()
        async with asyncio.timeout(INSPECTION_SECONDS), aclosing(self._inspectors.run(command)) as events:
            async for event in events:
                if isinstance(event, Inspected):
                    return event
        raise WorkerFault("The inspector gave no answer.")


def _about(task: Task) -> dict[str, str]:
    return {"task_id": task.id, "request_id": task.request_id}

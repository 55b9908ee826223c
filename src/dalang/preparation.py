"""The stage before the slot: what a task needs is fetched, checked and inspected here and its prompt extended, so that
no render slot waits for a download and no presigned link dies in a queue. The task stays PENDING; what is found is
kept in its row."""

from __future__ import annotations

import asyncio
import logging
import shutil
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from dalang.alarm import Alarm
from dalang.errors import InternalError, ProtocolError, StoreError
from dalang.inputs import Inputs, Tools
from dalang.moderation import Moderator
from dalang.prompt import Extension
from dalang.store import Store
from dalang.task import MEDIA, Prepared, Task, TaskStatus

AT_ONCE, EACH = 16, 8
"""Tasks in preparation, in all and of one account, so that one account's slow addresses do not hold up another's; the
downloads run side by side, the checks take turns in the inspectors."""

TICK = 5.0
"""Seconds after which it looks again with nothing to wake it: at tasks of a server on the same folder that died."""

log = logging.getLogger("dalang.preparation")


class Job(NamedTuple):
    """A task in preparation."""

    account: str
    work: asyncio.Task[None]


class Preparation:
    """`scratch` is a folder of this server's own."""

    def __init__(self, store: Store, tools: Tools, moderator: Moderator, extension: Extension, scratch: Path) -> None:
        self._store = store
        self._tools = tools
        self._moderator = moderator
        self._extension = extension
        self._scratch = scratch
        self._active: dict[str, Job] = {}
        self._alarm = Alarm(store)

    async def run(self) -> None:
        """Until canceled."""
        try:
            async with self._alarm.watching():
                while True:
                    self._alarm.clear()
                    try:
                        await self.step()
                    except StoreError as error:
                        log.error("preparation step failed", extra={"reason": str(error)})
                    await self._alarm.wait(TICK)
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
        if len(self._active) >= AT_ONCE:
            return
        for task in await self._store.to_prepare(EACH):
            if task.id not in self._active and self._has_room(task.account):
                work = asyncio.create_task(self._settle(task))
                self._active[task.id] = Job(task.account, work)
                work.add_done_callback(partial(self._forget, task.id))

    def _has_room(self, account: str) -> bool:
        return len(self._active) < AT_ONCE and sum(job.account == account for job in self._active.values()) < EACH

    def _forget(self, task_id: str, _: asyncio.Task[None]) -> None:
        del self._active[task_id]
        self._alarm.ring()

    async def _settle(self, task: Task) -> None:
        folder = self._scratch / task.id
        try:
            await self._prepare_or_refuse(task, folder)
        except StoreError as error:  # the task waits on, and is tried again after a pause
            log.error("preparation not recorded", extra=_about(task) | {"reason": str(error)})
            await asyncio.sleep(TICK)
        except Exception:  # the wall: what a bug stops now it would stop each time
            log.exception("preparation failed", extra=_about(task))
            await self._store.refuse(task.id, InternalError.code, InternalError.SENTENCE)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def _prepare_or_refuse(self, task: Task, folder: Path) -> None:
        """Raises StoreError when what came of it could not be recorded."""
        try:
            prepared = await self._prepare(task, _made(folder))
            if not await self._store.prepare(task.id, prepared):
                await self._discard(prepared)
        except ProtocolError as error:
            await self._store.refuse(task.id, error.code, error.message)
            log.info("task refused", extra=_about(task) | {"code": error.code, "reason": error.message})
        except OSError as error:
            await self._store.refuse(task.id, "InternalError", f"{InternalError.SENTENCE} {error.strerror}.")
            log.error("preparation failed", extra=_about(task) | {"reason": str(error)})

    async def _prepare(self, task: Task, folder: Path) -> Prepared:
        if task.code:  # the create call took it as the cloud does: to refuse it now
            raise ProtocolError(task.message or "", code=task.code)
        asked = task.request
        inputs = Inputs(task, self._tools, folder, wants_stills=self._moderator.looks_at_images)
        prepared = await inputs.check()
        extended = await self._extension.extend(asked)
        warnings = extended.warnings
        texts = [asked.prompt] if extended.prompt is None else [asked.prompt, extended.prompt]
        warnings += await self._moderator.inspect_input(asked, texts, inputs.stills)
        prepared = msgspec.structs.replace(prepared, prompt=extended.prompt, warnings=warnings)
        return await inputs.keep(prepared)

    async def _discard(self, prepared: Prepared) -> None:
        """The task was canceled meanwhile, or another server was faster."""
        for name in MEDIA:
            if key := getattr(prepared, name):
                await self._tools.storage.delete(key)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _about(task: Task) -> dict[str, str]:
    return {"task_id": task.id, "request_id": task.request_id}

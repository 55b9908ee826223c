"""Files that no row speaks of: left by a server that was killed between writing a file and writing the row. They go
once they are old, since young ones may belong to a create or an attempt that is about to write its row."""

from __future__ import annotations

import asyncio
import logging

from dalang.clock import Clock
from dalang.errors import StoreError
from dalang.storage import Storage
from dalang.store import Store
from dalang.task import MEDIA, Task

AGE = 3_600_000
"""Milliseconds after which a file without a row belongs to nobody."""

EVERY = 3600.0
"""Seconds."""

log = logging.getLogger("dalang.sweep")


async def sweep_for_ever(store: Store, storage: Storage, clock: Clock) -> None:
    while True:
        try:
            await sweep(store, storage, clock)
        except (OSError, StoreError) as error:
            log.error("sweep failed", extra={"reason": str(error)})
        await asyncio.sleep(EVERY)


async def sweep(store: Store, storage: Storage, clock: Clock) -> None:
    """A folder is a task's, or an upload's."""
    for task_id in await storage.tasks_before(clock() - AGE):
        task = store.get(task_id)
        if task is None and store.find_upload(task_id) is None:
            await storage.delete_task(task_id)
            log.info("files swept", extra={"task_id": task_id})
        elif task and task.status.is_final:
            for key in set(await storage.keys(task_id)) - references(task):
                await storage.delete(key)
                log.info("file swept", extra={"task_id": task_id, "request_id": task.request_id, "key": key})


def references(task: Task) -> set[str]:
    """The storage keys that a row speaks of."""
    asked = [getattr(task.request, name) or "" for name in MEDIA]
    prepared = [getattr(task.prepared, name) for name in MEDIA] if task.prepared else []
    inputs = [address.removeprefix("input:") for address in asked if address.startswith("input:")]
    return {key for key in (*inputs, *prepared, task.result) if key}

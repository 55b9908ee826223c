"""One attempt, where the dispatcher's tests do not reach."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator
from pathlib import Path

from dalang.attempt import Attempt, Parts
from dalang.events import Command, Event
from dalang.moderation import Moderator
from dalang.routes import LOCAL
from dalang.storage.local import LocalStorage
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from dalang.weights.library import Library
from tests.clock import ManualClock
from tests.samples import text_task
from tests.stage import Stage, films


async def runs_out_of_files(command: Command) -> AsyncGenerator[Event, None]:
    raise OSError(errno.EMFILE, "Too many open files")
    yield


async def claimed(store: SQLiteStore, clock: ManualClock) -> Task:
    await store.insert(text_task(clock))
    return (await store.claim("me", 1, 60_000))[0]


def parts(store: SQLiteStore, storage: LocalStorage, stage: Stage, scratch: Path, clock: ManualClock) -> Parts:
    return Parts(
        store,
        storage,
        {LOCAL: stage},
        scratch,
        clock,
        lease=60_000,
        render_limit=600_000,
        moderator=Moderator(),
        with_provenance=False,
        library=Library(scratch / "weights"),
    )


async def test_one_that_is_stopped_before_it_began_is_reported_all_the_same(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    """A canceled asyncio task that never ran runs no `finally`; its slot would count as taken for ever."""
    ended: list[Attempt] = []
    attempt = Attempt(await claimed(store, clock), parts(store, storage, Stage(films), tmp_path, clock), ended.append)
    attempt.stop()
    await asyncio.wait([attempt.work])
    await asyncio.sleep(0)
    assert ended == [attempt]


async def test_too_many_open_files_is_no_full_disk(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    task = await claimed(store, clock)
    stage = Stage(runs_out_of_files)
    await stage.start(lambda: None)
    attempt = Attempt(task, parts(store, storage, stage, tmp_path, clock), lambda _: None)
    await asyncio.wait([attempt.work])
    now = store.get(task.id)
    assert now is not None
    assert (now.status, now.failures) == (TaskStatus.PENDING, 1), "another attempt may not meet it"

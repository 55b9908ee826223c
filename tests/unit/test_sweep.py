"""Only what is old and what no row speaks of is swept."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from dalang.ids import new_id
from dalang.storage.local import LocalStorage
from dalang.store import Outcome, Upload
from dalang.store.sqlite import SQLiteStore
from dalang.sweep import AGE, references, sweep
from dalang.task import MEDIA, Prepared, Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import IMAGE, image_task, text_task

NAMES = ("input", "image.png", "1.mp4", "2.mp4")


async def write_files(storage: LocalStorage, task: Task, modified: int) -> None:
    for name in NAMES:
        await storage.write(f"{task.id}/{name}", [b"x"])
    file = await storage.local(f"{task.id}/input")
    touch(file.parent, modified)


def touch(folder: Path, time: int) -> None:
    for path in (*folder.iterdir(), folder):
        os.utime(path, (time / 1000, time / 1000))


async def names(storage: LocalStorage, task: Task) -> set[str]:
    file = await storage.local(f"{task.id}/input")
    return listing(file.parent)


def listing(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def test_old_files_without_a_row_go_and_young_ones_stay(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock
) -> None:
    old, young = text_task(clock), text_task(clock)
    await write_files(storage, old, clock() - AGE - 1)
    await write_files(storage, young, clock() - AGE + 1000)
    await sweep(store, storage, clock)
    assert await names(storage, old) == set()
    assert await names(storage, young) == set(NAMES), "its row may be about to be written"


async def test_of_a_finished_task_what_its_row_speaks_of_stays(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock
) -> None:
    task = image_task(clock)
    prepared = Prepared(width=1, height=1, image=f"{task.id}/image.png")
    asked = msgspec.structs.replace(IMAGE, image=f"input:{task.id}/input")
    task = msgspec.structs.replace(task, request=asked, prepared=prepared)
    await store.insert(task)
    (running,) = await store.claim("me", 1, 60_000)
    await store.finish(running, Outcome(TaskStatus.SUCCEEDED, result=f"{task.id}/2.mp4"))
    await write_files(storage, task, clock() - AGE - 1)
    await sweep(store, storage, clock)
    assert await names(storage, task) == {"input", "image.png", "2.mp4"}


async def test_all_that_its_request_and_its_preparation_speak_of_stays(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock
) -> None:
    """A retry takes them over."""
    task = image_task(clock)
    inputs = {name: f"{task.id}/{name}" for name in MEDIA}
    prepared = {name: f"{task.id}/{name}-prepared" for name in MEDIA}
    asked = msgspec.structs.replace(IMAGE, **{name: f"input:{key}" for name, key in inputs.items()})
    task = msgspec.structs.replace(task, request=asked, prepared=Prepared(width=1, height=1, **prepared))
    assert references(task) == {*inputs.values(), *prepared.values()}
    await store.insert(task)
    await store.cancel(task.id, "acme", "pending")
    for key in (*inputs.values(), *prepared.values(), f"{task.id}/1.mp4"):
        await storage.write(key, [b"x"])
    folder = (await storage.local(f"{task.id}/image")).parent
    touch(folder, clock() - AGE - 1)
    await sweep(store, storage, clock)
    assert listing(folder) == {*MEDIA, *(f"{name}-prepared" for name in MEDIA)}


async def test_uploads_stay_until_their_row_goes(store: SQLiteStore, storage: LocalStorage, clock: ManualClock) -> None:
    upload = Upload(new_id(clock), "acme", "wan2.6-i2v", "fox.png", 1, clock() - AGE - 1, clock() + 1)
    await store.add_upload(upload)
    await storage.write(f"{upload.id}/file", [b"x"])
    folder = (await storage.local(f"{upload.id}/file")).parent
    touch(folder, clock() - AGE - 1)
    await sweep(store, storage, clock)
    assert listing(folder) == {"file"}
    clock.advance(1)
    await store.expire(1)
    await sweep(store, storage, clock)
    assert listing(folder) == set()


async def test_files_of_a_task_that_is_not_finished_stay(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock
) -> None:
    task = text_task(clock)
    await store.insert(task)
    await write_files(storage, task, clock() - AGE - 1)
    await sweep(store, storage, clock)
    assert await names(storage, task) == set(NAMES)

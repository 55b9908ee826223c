"""Whoever asked to be told of a task's end is told of each end, by one server at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from dalang.store import Callback, Once, Outcome, callbacks
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from tests.clock import START, ManualClock
from tests.samples import image_task, text_task
from tests.unit.conftest import DAY

LEASE, HOLD = 60_000, 30_000

URL = "https://hooks.example/done"


async def claimed(store: SQLiteStore) -> Task:
    (task,) = await store.claim("me", 1, LEASE)
    return task


async def succeed(store: SQLiteStore, task: Task) -> bool:
    return await store.finish(await claimed(store), Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4"))


async def fail(store: SQLiteStore, task: Task) -> bool:
    return await store.finish(await claimed(store), Outcome(TaskStatus.FAILED, code="InternalError"))


async def cancel(store: SQLiteStore, task: Task) -> bool:
    return await store.cancel(task.id, task.account, "pending")


async def cancel_running(store: SQLiteStore, task: Task) -> bool:
    await claimed(store)
    return await store.cancel(task.id, task.account, "any")


async def refuse(store: SQLiteStore, task: Task) -> bool:
    return await store.refuse(task.id, "InvalidURL", "No such host.")


async def ended(store: SQLiteStore, clock: ManualClock) -> Task:
    clock.advance(1)
    task = text_task(clock)
    await store.insert(task, callback=URL)
    await store.cancel(task.id, task.account, "pending")
    return task


async def due_ids(store: SQLiteStore, limit: int = 9) -> list[str]:
    return [callback.task.id for callback in await store.due_callbacks(limit, HOLD)]


@pytest.mark.parametrize("end", [succeed, fail, cancel, cancel_running, refuse])
async def test_a_callback_is_due_from_the_end_on_whatever_it_is(
    store: SQLiteStore, clock: ManualClock, end: Callable[[SQLiteStore, Task], Awaitable[bool]]
) -> None:
    task = image_task(clock) if end is refuse else text_task(clock)
    await store.insert(task, callback=URL)
    await store.insert(text_task(clock, priority=-1))
    assert (store.next_callback(), await store.due_callbacks(9, HOLD)) == (None, [])
    clock.advance(700)
    assert await end(store, task)
    assert store.next_callback() == START + 700
    now = store.get(task.id)
    assert now
    assert now.status.is_final
    assert await store.due_callbacks(9, HOLD) == [Callback(now, URL, 0)]


async def test_a_release_is_no_end(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock), callback=URL)
    await store.release(await claimed(store), 0, clock())
    assert store.next_callback() is None


async def test_nobody_else_is_given_one_while_it_is_held(store: SQLiteStore, clock: ManualClock) -> None:
    task = await ended(store, clock)
    taken = await asyncio.gather(*(due_ids(store) for _ in range(5)))
    assert sorted(taken) == [[], [], [], [], [task.id]]
    clock.advance(HOLD - 1)
    assert await due_ids(store) == []
    clock.advance(1)
    assert await due_ids(store) == [task.id], "its sender may have died"


async def test_the_oldest_go_first(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = [await ended(store, clock) for _ in range(3)]
    assert await due_ids(store, 2) == [task.id for task in tasks[:2]]
    assert await due_ids(store, 2) == [tasks[2].id]


async def test_one_that_failed_is_due_again_at_its_time(store: SQLiteStore, clock: ManualClock) -> None:
    task = await ended(store, clock)
    await due_ids(store)
    await store.settle_callback(task.id, clock() + 5000)
    assert store.next_callback() == clock() + 5000
    assert await due_ids(store) == []
    clock.advance(5000)
    (again,) = await store.due_callbacks(9, HOLD)
    assert again.tries == 1


async def test_one_that_is_settled_is_gone(store: SQLiteStore, clock: ManualClock) -> None:
    task = await ended(store, clock)
    await store.settle_callback(task.id, None)
    clock.advance(HOLD)
    assert (store.next_callback(), await due_ids(store)) == (None, [])


async def test_one_goes_with_its_task(store: SQLiteStore, clock: ManualClock) -> None:
    await ended(store, clock)
    clock.advance(DAY)
    await store.expire(9)
    assert store.next_callback() is None


async def test_who_is_told_of_the_first_is_not_told_of_one_sent_again(store: SQLiteStore, clock: ManualClock) -> None:
    first, again = text_task(clock), text_task(clock)
    await store.insert(first, once=Once("key", "digest"), callback=URL)
    await store.insert(again, once=Once("key", "digest"), callback="https://hooks.example/again")
    await store.cancel(first.id, "acme", "pending")
    assert [callback.url for callback in await store.due_callbacks(9, HOLD)] == [URL]


async def test_an_account_with_thousands_bars_nobody(store: SQLiteStore, clock: ManualClock) -> None:
    for _ in range(callbacks.EACH + 5):
        await ended(store, clock)
    clock.advance(1)
    task = text_task(clock, account="other")
    await store.insert(task, callback=URL)
    await store.cancel(task.id, "other", "pending")
    assert (await due_ids(store, callbacks.EACH + 1))[-1] == task.id
    assert len(await due_ids(store)) == 5, "then the rest"

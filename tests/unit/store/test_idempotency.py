"""A create that is sent again finds the task of the first."""

from __future__ import annotations

import asyncio

from dalang.store import First, Once, TaskFilter
from dalang.store.sqlite import SQLiteStore
from tests.clock import START, ManualClock
from tests.samples import text_task
from tests.unit.conftest import DAY

ONCE = Once("key", "digest")


async def test_the_same_key_gives_the_same_task(store: SQLiteStore, clock: ManualClock) -> None:
    first, again = text_task(clock), text_task(clock)
    assert store.first("acme", "key") is None
    assert await store.insert(first, once=ONCE) == first.id
    seen = store.version
    assert await store.insert(again, once=Once("key", "another digest")) == first.id
    assert store.get(again.id) is None
    assert store.version == seen, "nothing has changed"
    assert store.first("acme", "key") == First(first.id, "digest"), "for the caller to compare"


async def test_creates_at_the_same_time_make_one_task(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = [text_task(clock) for _ in range(20)]
    ids = await asyncio.gather(*(store.insert(task, once=ONCE) for task in tasks))
    assert len(set(ids)) == 1
    page = await store.list(TaskFilter("acme", 0, START), 0, 100)
    assert [task.id for task in page.tasks] == [ids[0]]


async def test_keys_are_the_accounts_own(store: SQLiteStore, clock: ManualClock) -> None:
    mine, others = text_task(clock), text_task(clock, account="other")
    assert await store.insert(mine, once=ONCE) == mine.id
    assert await store.insert(others, once=ONCE) == others.id
    assert store.first("nobody", "key") is None


async def test_without_a_key_nothing_is_merged(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = [text_task(clock) for _ in range(2)]
    assert [await store.insert(task) for task in tasks] == [task.id for task in tasks]


async def test_a_key_goes_with_its_task(store: SQLiteStore, clock: ManualClock) -> None:
    first, second = text_task(clock), text_task(clock)
    await store.insert(first, once=ONCE)
    await store.cancel(first.id, "acme", "pending")
    clock.advance(DAY)
    assert store.first("acme", "key") is None, "the task is as good as gone"
    assert await store.insert(second, once=ONCE) == second.id
    await store.expire(9)
    assert store.first("acme", "key") == First(second.id, "digest"), "which the first does not take along"

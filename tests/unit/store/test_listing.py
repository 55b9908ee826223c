"""Lists that go on from a task, and what they hold once some are deleted."""

from __future__ import annotations

import pytest

from dalang.store import Charge, Outcome
from dalang.store.connection import fetch
from dalang.store.listing import ONWARD
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import text_task
from tests.unit.conftest import DAY

LEASE = 60_000

BILLED = Outcome(
    TaskStatus.SUCCEEDED,
    result="x/1.mp4",
    charge=Charge(seconds=5, tier="720P", size="1280*720", sound=True, price=3_000_000),
)


async def three(store: SQLiteStore, clock: ManualClock) -> list[str]:
    """A millisecond apart; and one of another account's in between."""
    tasks = []
    for account in ("acme", "acme", "else", "acme"):
        clock.advance(1)
        await store.insert(task := text_task(clock, account=account))
        tasks.append(task)
    return [task.id for task in tasks if task.account == "acme"]


async def ids(store: SQLiteStore, after: str | None = None, limit: int = 9, *, oldest_first: bool = False) -> list[str]:
    return [task.id for task in await store.list_after("acme", after, limit, oldest_first=oldest_first)]


async def end(store: SQLiteStore) -> Task:
    (task,) = await store.claim("me", 1, LEASE)
    assert await store.finish(task, BILLED)
    return task


async def test_a_list_goes_on_from_a_task_in_either_order(store: SQLiteStore, clock: ManualClock) -> None:
    first, second, third = await three(store, clock)
    assert await ids(store) == [third, second, first]
    assert await ids(store, oldest_first=True) == [first, second, third]
    assert await ids(store, after=third, limit=1) == [second]
    assert await ids(store, after=first, oldest_first=True) == [second, third]
    assert await ids(store, after=first) == []


async def test_tasks_of_one_millisecond_are_each_listed_once(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = [text_task(clock) for _ in range(5)]
    for task in tasks:
        await store.insert(task)
    listed: list[str] = []
    while more := await ids(store, after=listed[-1] if listed else None, limit=2):
        listed += more
    assert listed == sorted((task.id for task in tasks), reverse=True)


@pytest.mark.parametrize("oldest_first", [True, False])
async def test_a_list_goes_on_from_a_task_that_is_gone(
    store: SQLiteStore, clock: ManualClock, oldest_first: bool
) -> None:
    made = await three(store, clock)
    for _ in range(3):  # the accounts take turns
        await end(store)
    assert await store.delete(made[1], "acme")
    rest = made[2] if oldest_first else made[0]
    assert await ids(store, after=made[1], oldest_first=oldest_first) == [rest]


async def test_what_has_expired_is_not_listed(store: SQLiteStore, clock: ManualClock) -> None:
    _, *others = await three(store, clock)
    await end(store)
    clock.advance(DAY)
    assert await ids(store, oldest_first=True) == others


async def test_a_list_looks_at_no_more_rows_than_it_gives(store: SQLiteStore) -> None:
    for beyond, direction in (("<", "DESC"), (">", "ASC")):
        sql = "EXPLAIN QUERY PLAN " + ONWARD.format(beyond=beyond, direction=direction)
        plan = str(fetch(store._read, sql, ("acme", 1, "", 1, 1)))
        assert "tasks_of_account (account=? AND (submitted,id)" in plan
        assert "B-TREE" not in plan


async def test_only_what_has_ended_is_deleted_and_only_by_its_account(store: SQLiteStore, clock: ManualClock) -> None:
    waiting, *_ = await three(store, clock)
    assert not await store.delete(waiting, "acme"), "PENDING"
    (running,) = await store.claim("me", 1, LEASE)
    assert not await store.delete(running.id, "acme"), "RUNNING"
    assert await store.finish(running, BILLED)
    assert not await store.delete(running.id, "else")
    assert await store.delete(running.id, "acme")
    assert store.get(running.id) is None
    assert not await store.delete(running.id, "acme"), "gone"


async def test_a_deleted_task_stays_on_the_bill(store: SQLiteStore, clock: ManualClock) -> None:
    await three(store, clock)
    task = await end(store)
    before = await store.spent(0, clock() + 1, "account", "acme")
    assert await store.delete(task.id, "acme")
    assert await store.spent(0, clock() + 1, "account", "acme") == before != []


async def test_who_watches_a_task_that_is_deleted_is_told(store: SQLiteStore, clock: ManualClock) -> None:
    await three(store, clock)
    task = await end(store)
    seen = store.version
    await store.delete(task.id, "acme")
    assert store.version > seen

"""Who watches a task hears of its changes, from whichever process, and of no other's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from dalang.errors import StoreError
from dalang.store import Outcome, Watch, watch
from dalang.store.sqlite import SQLiteStore
from dalang.store.watch import Eye
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import image_task, text_task
from tests.unit.conftest import DAY

LEASE = 60_000

CANCEL = "UPDATE tasks SET status = 'CANCELED' WHERE id = ?"

DONE = Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4")


@pytest.fixture
async def other(store: SQLiteStore, tmp_path: Path, clock: ManualClock) -> AsyncIterator[SQLiteStore]:
    """As another server on the same folder has it."""
    other = SQLiteStore(tmp_path / "dalang.db", clock, DAY)
    await other.open()
    yield other
    await other.close()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "FOLLOW_EVERY", 0.001)


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "FOLLOW_EVERY", 1e6)


async def inserted(store: SQLiteStore, clock: ManualClock) -> Task:
    clock.advance(1)
    task = text_task(clock)
    await store.insert(task)
    return task


async def has_changed(eye: Watch) -> bool:
    """By now."""
    try:
        async with asyncio.timeout(0):
            await eye.changed()
    except TimeoutError:
        return False
    return True


async def changes(eye: Watch) -> None:
    async with asyncio.timeout(5):
        await eye.changed()


@pytest.mark.usefixtures("never")
async def test_a_change_wakes_who_watches_that_task_and_nobody_else(store: SQLiteStore, clock: ManualClock) -> None:
    mine, others = await inserted(store, clock), await inserted(store, clock)
    with store.watch(mine.id) as first, store.watch(mine.id) as second, store.watch(others.id) as third:
        assert not await has_changed(first), "nothing has changed since the watch began"
        await store.cancel(mine.id, "acme", "pending")
        assert [await has_changed(eye) for eye in (first, second, third)] == [True, True, False]
        assert not await has_changed(first), "each change is told once"


@pytest.mark.usefixtures("never")
async def test_each_kind_of_change_is_told(store: SQLiteStore, clock: ManualClock) -> None:
    task = image_task(clock)
    await store.insert(task)
    with store.watch(task.id) as eye:
        assert await store.prepare(task.id, Prepared(width=1, height=1))
        assert await has_changed(eye)
        (running,) = await store.claim("me", 1, LEASE)
        assert await has_changed(eye)
        assert await store.heartbeat(running, 0.5, LEASE)
        assert await has_changed(eye)
        assert await store.release(running, 0, clock())
        assert await has_changed(eye)
        assert not await store.finish(running, DONE)
        assert not await has_changed(eye), "what took no effect is no change"
        (running,) = await store.claim("me", 1, LEASE)
        assert await has_changed(eye)
        assert await store.finish(running, DONE)
        assert await has_changed(eye)
        clock.advance(DAY)
        assert await store.expire(1)
        assert await has_changed(eye)


@pytest.mark.usefixtures("never")
async def test_a_change_wakes_without_looking_at_who_else_watches(
    store: SQLiteStore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Eye] = []
    monkeypatch.setattr(Eye, "wake", lambda eye, _: woken.append(eye))
    tasks = [await inserted(store, clock) for _ in range(50)]
    with ExitStack() as watches:
        eyes = [watches.enter_context(store.watch(task.id)) for task in tasks]
        await store.cancel(tasks[7].id, "acme", "pending")
        assert woken == [eyes[7]]


@pytest.mark.usefixtures("often")
async def test_changes_of_another_server_are_seen(store: SQLiteStore, other: SQLiteStore, clock: ManualClock) -> None:
    task, idle = await inserted(store, clock), await inserted(store, clock)
    with store.watch(task.id) as eye, store.watch(idle.id) as unmoved:
        (running,) = await other.claim("other", 1, LEASE)
        await changes(eye)
        assert await other.heartbeat(running, 0.5, LEASE)
        await changes(eye)
        assert await other.release(running, 0, clock() + 1000)
        await changes(eye)
        assert not await has_changed(unmoved)


@pytest.mark.usefixtures("often")
async def test_a_change_between_begin_and_first_look_is_seen(
    store: SQLiteStore, other: SQLiteStore, clock: ManualClock
) -> None:
    task, late = await inserted(store, clock), await inserted(store, clock)
    with store.watch(task.id) as eye, closing(other._connect()) as connection:
        connection.execute(CANCEL, (task.id,))  # before the event loop does anything else
        with store.watch(late.id) as second:
            connection.execute(CANCEL, (late.id,))
            await changes(eye)
            await changes(second)


@pytest.mark.usefixtures("never")
async def test_a_second_watch_begins_with_what_is_so_now(
    store: SQLiteStore, other: SQLiteStore, clock: ManualClock
) -> None:
    task = await inserted(store, clock)
    with store.watch(task.id) as first:
        assert first.status is TaskStatus.PENDING
        await other.cancel(task.id, "acme", "pending")
        with store.watch(task.id) as second:
            assert second.status is TaskStatus.CANCELED
            assert not await has_changed(second)
            assert await has_changed(first)
            assert first.status is TaskStatus.CANCELED


@pytest.mark.usefixtures("often")
async def test_a_task_that_another_server_deletes_has_changed(
    store: SQLiteStore, other: SQLiteStore, clock: ManualClock
) -> None:
    task = await inserted(store, clock)
    await store.cancel(task.id, "acme", "pending")
    with store.watch(task.id) as eye:
        clock.advance(DAY)
        await other.expire(9)
        await changes(eye)


@pytest.mark.usefixtures("often")
async def test_more_tasks_than_one_query_takes_are_all_followed(
    store: SQLiteStore, other: SQLiteStore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "CHUNK", 3)
    tasks = [await inserted(store, clock) for _ in range(10)]
    with ExitStack() as watches:
        eyes = [watches.enter_context(store.watch(task.id)) for task in tasks]
        for task in tasks:
            await other.cancel(task.id, "acme", "pending")
        for eye in eyes:
            await changes(eye)


@pytest.mark.usefixtures("often")
async def test_a_follower_outlives_a_read_that_failed(
    store: SQLiteStore, other: SQLiteStore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await inserted(store, clock)
    told = asyncio.Event()
    monkeypatch.setattr(watch.log, "error", lambda *_, **__: told.set())
    read, store._read = store._read, store._connect()
    with store.watch(task.id) as eye:
        store._read.close()
        async with asyncio.timeout(5):
            await told.wait()
        store._read = read
        await other.cancel(task.id, "acme", "pending")
        await changes(eye)


@pytest.mark.usefixtures("never")
async def test_nobody_follows_when_nobody_watches(store: SQLiteStore, clock: ManualClock) -> None:
    watches = store._watches
    task = await inserted(store, clock)
    assert watches._follower is None
    with store.watch(task.id):
        with store.watch(task.id):
            follower = watches._follower
            assert follower
        await asyncio.sleep(0)
        assert not follower.done(), "one still watches"
    await asyncio.wait([follower], timeout=5)
    assert follower.cancelled()
    assert not watches._eyes
    assert not watches._known


async def test_a_watch_that_cannot_begin_leaves_nothing(store: SQLiteStore) -> None:
    read, store._read = store._read, store._connect()
    store._read.close()
    with pytest.raises(StoreError), store.watch("some task"):
        pass
    store._read = read
    assert not store._watches._eyes
    assert store._watches._follower is None


@pytest.mark.usefixtures("never")
async def test_the_end_alone_is_told_to_who_asks_for_that(store: SQLiteStore, clock: ManualClock) -> None:
    task = await inserted(store, clock)
    ends: list[str] = []
    with store.watch(task.id) as eye:
        eye.at_end(lambda: ends.append("told"))
        (running,) = await store.claim("me", 1, LEASE)
        assert await store.heartbeat(running, 0.5, LEASE)
        assert ends == []
        assert not eye.is_over
        assert await store.finish(running, DONE)
        assert ends == ["told"]
        assert eye.is_over


async def test_who_asks_for_the_end_after_it_or_of_nothing_is_told_at_once(
    store: SQLiteStore, clock: ManualClock
) -> None:
    task = await inserted(store, clock)
    await store.cancel(task.id, "acme", "pending")
    for task_id in (task.id, "no task"):
        ends: list[str] = []
        with store.watch(task_id) as eye:
            eye.at_end(lambda told=ends: told.append("told"))  # type: ignore[misc]
        assert ends == ["told"]

"""The queue as it is shown and bounded."""

from __future__ import annotations

from pathlib import Path

from dalang.api.waiters import Queue
from dalang.routes import GPU, LOCAL
from dalang.store import Outcome, queue
from dalang.store.connection import connect
from dalang.store.sqlite import SQLiteStore
from dalang.task import TaskStatus
from tests.clock import ManualClock
from tests.samples import image_task, text_task

LEASE = 60_000


async def test_the_first_are_listed_in_the_order_of_their_positions(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = []
    for priority in (0, 3, 0, 3, -1):
        clock.advance(1)
        task = text_task(clock, priority=priority)
        await store.insert(task)
        tasks.append(task)
    expected = [tasks[index].id for index in (1, 3, 0, 2, 4)]
    assert store.waiting(LOCAL, 9) == expected
    assert store.waiting(LOCAL, 2) == expected[:2]
    assert sorted(tasks, key=store.queue_position) == sorted(tasks, key=lambda task: expected.index(task.id))


async def test_the_first_are_found_without_sorting_the_queue(store: SQLiteStore, tmp_path: Path) -> None:
    connection = connect(tmp_path / "dalang.db")
    plan = str(connection.execute(f"EXPLAIN QUERY PLAN {queue.FIRST}", (LOCAL, 1)).fetchall())
    connection.close()
    assert "tasks_waiting" in plan
    assert "B-TREE" not in plan


async def test_what_waits_for_other_slots_is_not_before_a_task(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = []
    for pool, priority in ((GPU, 0), (LOCAL, 3), (GPU, 0)):
        clock.advance(1)
        tasks.append(text_task(clock, pool=pool, priority=priority))
        await store.insert(tasks[-1])
    assert [store.queue_position(task) for task in tasks] == [0, 0, 1]
    assert store.waiting(GPU, 9) == [tasks[0].id, tasks[2].id]
    watched = Queue(store, clock)
    assert [watched.position(task) for task in tasks] == [0, 0, 1]


async def test_what_an_account_has_waiting_is_counted(store: SQLiteStore, clock: ManualClock) -> None:
    async def count(account: str = "acme") -> int:
        return store.waiting_of(account, 100)

    assert await count() == 0
    tasks = [text_task(clock), text_task(clock), image_task(clock), image_task(clock)]
    for task in tasks:
        await store.insert(task)
    assert (await count(), store.waiting_of("acme", 3), await count("other")) == (4, 3, 0)
    (running,) = await store.claim("me", 1, LEASE)
    assert await count() == 3, "one runs"
    await store.release(running, 1, clock())
    assert await count() == 4, "and waits again"
    await store.refuse(tasks[2].id, "InvalidURL", "No such host.")
    await store.cancel(tasks[3].id, "acme", "pending")
    assert await count() == 2
    (running, _) = await store.claim("me", 2, LEASE)
    await store.finish(running, Outcome(TaskStatus.FAILED))
    assert await count() == 0
    await store.cancel(running.id, "acme", "any")
    assert await count() == 0

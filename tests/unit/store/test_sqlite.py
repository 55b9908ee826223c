"""The store's promises: fenced writes, one end, a just order, wake-ups that are never lost, and time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from dalang.errors import StoreError
from dalang.store import QUEUE_POSITION_LIMIT, Outcome, TaskFilter
from dalang.store.sqlite import SQLiteStore
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import START, ManualClock
from tests.samples import SECRET, a_key, image_task, text_task
from tests.unit.conftest import DAY

LEASE = 60_000

DONE = Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4", usage={"duration": 5}, warnings=("dim",))


async def claim_one(store: SQLiteStore, owner: str = "me") -> Task:
    (task,) = await store.claim(owner, 1, LEASE)
    return task


def stored(store: SQLiteStore, task: Task) -> Task:
    found = store.get(task.id)
    assert found is not None
    return found


# Rows


async def test_a_task_comes_back_as_it_went_in(store: SQLiteStore, clock: ManualClock) -> None:
    for task in (text_task(clock), image_task(clock, priority=3)):
        await store.insert(task)
        assert store.get(task.id) == task


async def test_an_id_is_taken_once(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    with pytest.raises(StoreError, match="UNIQUE"):
        await store.insert(task)


async def test_rows_outlive_the_store(tmp_path: Path, store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    again = SQLiteStore(tmp_path / "dalang.db", clock, DAY)
    await again.open()
    assert again.get(task.id) == task
    await again.close()


async def test_a_commit_is_on_the_disk_before_it_is_answered(store: SQLiteStore) -> None:
    full = 2
    synchronous = await store._write(lambda connection: connection.execute("PRAGMA synchronous").fetchone()[0])
    journal = await store._write(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()[0])
    assert (synchronous, journal) == (full, "wal")


# Attempts


async def test_a_claim_starts_an_attempt_under_a_lease(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    clock.advance(5)
    claimed = await claim_one(store)
    assert claimed == store.get(task.id)
    assert (claimed.status, claimed.attempt, claimed.owner) == (TaskStatus.RUNNING, 1, "me")
    assert (claimed.scheduled, claimed.lease_end) == (START + 5, START + 5 + LEASE)
    assert await store.claim("me", 9, LEASE) == [], "a task is claimed once"


async def test_heartbeats_move_the_lease(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    clock.advance(1000)
    assert await store.heartbeat(task, 0.25, LEASE)
    assert (stored(store, task).progress, stored(store, task).lease_end) == (0.25, START + 1000 + LEASE)


async def test_success_writes_result_usage_and_expiry(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    clock.advance(700)
    assert await store.finish(task, DONE)
    now = stored(store, task)
    assert (now.status, now.result, now.usage, now.warnings) == (
        TaskStatus.SUCCEEDED,
        "x/1.mp4",
        {"duration": 5},
        ("dim",),
    )
    assert (now.ended, now.expires) == (START + 700, START + 700 + DAY)
    assert (now.owner, now.lease_end) == (None, None)


async def test_release_gives_the_task_back_unstarted(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    await store.heartbeat(task, 0.5, LEASE)
    assert await store.release(task, 1, clock() + 50)
    now = stored(store, task)
    assert (now.status, now.attempt, now.failures, now.ready) == (TaskStatus.PENDING, 1, 1, START + 50)
    assert (now.owner, now.lease_end, now.progress, now.scheduled) == (None, None, 0.0, None)


@pytest.mark.parametrize("write", ["heartbeat", "finish", "fail", "release"])
async def test_a_write_of_an_attempt_does_nothing_once_the_next_was_claimed(
    store: SQLiteStore, clock: ManualClock, write: str
) -> None:
    await store.insert(text_task(clock))
    zombie = await claim_one(store, "first")
    await store.release(zombie, 0, clock())
    await claim_one(store, "second")
    before, version = stored(store, zombie), store.version
    writes = {
        "heartbeat": lambda: store.heartbeat(zombie, 0.9, LEASE),
        "finish": lambda: store.finish(zombie, DONE),
        "fail": lambda: store.finish(zombie, Outcome(TaskStatus.FAILED, code="InternalError.Algo")),
        "release": lambda: store.release(zombie, 1, clock()),
    }
    assert not await writes[write]()
    assert store.get(zombie.id) == before, "the zombie changes nothing"
    assert store.version == version, "and wakes nobody"


async def test_a_task_ends_once(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    ends = await asyncio.gather(*(store.finish(task, DONE) for _ in range(5)))
    assert sorted(ends) == [False] * 4 + [True]


@pytest.mark.parametrize("cancel_first", [True, False])
async def test_cancel_and_finish_race_to_one_end(store: SQLiteStore, clock: ManualClock, cancel_first: bool) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    racers = [store.cancel(task.id, "acme", "any"), store.finish(task, DONE)]
    results = await asyncio.gather(*(racers if cancel_first else racers[::-1]))
    assert results == [True, False]
    winner = TaskStatus.CANCELED if cancel_first else TaskStatus.SUCCEEDED
    assert stored(store, task).status is winner
    assert (stored(store, task).result is None) == cancel_first, "a canceled task shows no result"


# Cancel


async def test_a_pending_task_is_canceled(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    assert await store.cancel(task.id, "acme", "pending")
    assert (stored(store, task).status, stored(store, task).expires) == (TaskStatus.CANCELED, START + DAY)
    assert await store.claim("me", 1, LEASE) == [], "and stays so"
    assert not await store.cancel(task.id, "acme", "any"), "once"


async def test_a_running_task_is_canceled_only_by_any(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    assert not await store.cancel(task.id, "acme", "pending")
    assert await store.cancel(task.id, "acme", "any")
    assert stored(store, task).status is TaskStatus.CANCELED


async def test_another_accounts_task_is_out_of_reach(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    assert not await store.cancel(task.id, "else", "any")


# Order


async def claim_all(store: SQLiteStore, limit: int) -> list[str]:
    return [task.id for task in await store.claim("me", limit, LEASE)]


async def insert_in_turn(store: SQLiteStore, clock: ManualClock, tasks: list[Task]) -> None:
    await asyncio.gather(*(store.insert(task) for task in tasks))


def a_task_each_ms(clock: ManualClock, count: int, **changes: object) -> list[Task]:
    tasks = []
    for _ in range(count):
        clock.advance(1)
        tasks.append(text_task(clock, **changes))
    return tasks


async def test_the_oldest_goes_first(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = a_task_each_ms(clock, 5)
    await insert_in_turn(store, clock, tasks[::-1])
    assert await claim_all(store, 9) == [task.id for task in tasks]


async def test_priority_beats_age_and_account(store: SQLiteStore, clock: ManualClock) -> None:
    low, high, negative = a_task_each_ms(clock, 1), a_task_each_ms(clock, 1, priority=5), a_task_each_ms(clock, 1)
    negative = [msgspec.structs.replace(negative[0], priority=-1, account="other")]
    await insert_in_turn(store, clock, [*negative, *low, *high])
    assert await claim_all(store, 9) == [high[0].id, low[0].id, negative[0].id]


async def test_accounts_take_turns(store: SQLiteStore, clock: ManualClock) -> None:
    first, second = a_task_each_ms(clock, 4, account="a"), a_task_each_ms(clock, 2, account="b")
    await insert_in_turn(store, clock, first + second)
    order = await claim_all(store, 9)
    assert order == [first[0].id, second[0].id, first[1].id, second[1].id, first[2].id, first[3].id]


async def test_a_thousand_tasks_of_one_account_delay_anothers_first_by_one(
    store: SQLiteStore, clock: ManualClock
) -> None:
    crowd = a_task_each_ms(clock, 1000, account="crowd")
    await insert_in_turn(store, clock, crowd)
    for _ in range(3):
        await store.finish(await claim_one(store), DONE)
        clock.advance(10)
    (guest,) = a_task_each_ms(clock, 1, account="guest")
    await store.insert(guest)
    order = []
    for _ in range(2):
        task = await claim_one(store)
        await store.finish(task, DONE)
        clock.advance(10)
        order.append(task.id)
    assert guest.id in order


async def test_with_one_slot_two_accounts_alternate(store: SQLiteStore, clock: ManualClock) -> None:
    await insert_in_turn(store, clock, a_task_each_ms(clock, 6, account="a") + a_task_each_ms(clock, 3, account="b"))
    order = []
    for _ in range(6):
        task = await claim_one(store)
        await store.finish(task, DONE)
        clock.advance(10)
        order.append(task.account)
    assert order == ["a", "b"] * 3


async def test_a_task_is_not_claimed_before_it_is_ready(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    task = await claim_one(store)
    await store.release(task, 2, clock() + 1000)
    clock.advance(999)
    assert await store.claim("me", 1, LEASE) == []
    clock.advance(1)
    assert (await claim_one(store)).attempt == 2


async def test_one_that_is_not_ready_does_not_hold_up_its_account(store: SQLiteStore, clock: ManualClock) -> None:
    first, second = a_task_each_ms(clock, 2)
    await insert_in_turn(store, clock, [first, second])
    await store.release(await claim_one(store), 2, clock() + 1000)
    assert await claim_all(store, 9) == [second.id]


async def test_only_prepared_tasks_are_claimed(store: SQLiteStore, clock: ManualClock) -> None:
    task = image_task(clock)
    await store.insert(task)
    assert await store.claim("me", 1, LEASE) == []
    assert await store.prepare(task.id, Prepared(width=1280, height=720, image=f"{task.id}/image.png"))
    assert await claim_all(store, 1) == [task.id]


async def test_queue_position_counts_who_goes_before(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = a_task_each_ms(clock, QUEUE_POSITION_LIMIT + 5)
    await insert_in_turn(store, clock, tasks)
    assert [store.queue_position(task) for task in tasks[:3]] == [0, 1, 2]
    assert store.queue_position(tasks[-1]) == QUEUE_POSITION_LIMIT
    (urgent,) = a_task_each_ms(clock, 1, priority=1)
    await store.insert(urgent)
    assert (store.queue_position(urgent), store.queue_position(tasks[0])) == (0, 1)


# Preparation


async def test_the_oldest_unprepared_come_first(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = [*(image_task(clock) for _ in range(3)), text_task(clock)]
    for index, task in enumerate(tasks):
        tasks[index] = msgspec.structs.replace(task, id=f"0000000{index}-0000-7000-8000-000000000000")
    await insert_in_turn(store, clock, tasks[::-1])
    assert [task.id for task in await store.to_prepare(2)] == [task.id for task in tasks[:2]]


async def test_what_was_prepared_stays(store: SQLiteStore, clock: ManualClock) -> None:
    task = image_task(clock)
    await store.insert(task)
    assert await store.prepare(task.id, Prepared(width=1, height=1))
    assert not await store.prepare(task.id, Prepared(width=2, height=2)), "every attempt renders the same"
    assert not await store.refuse(task.id, "InvalidURL", "Late.")
    assert stored(store, task).prepared == Prepared(width=1, height=1)


async def test_a_refused_task_has_failed_with_its_reason(store: SQLiteStore, clock: ManualClock) -> None:
    task = image_task(clock)
    await store.insert(task)
    assert await store.refuse(task.id, "InvalidURL", "No such host.")
    now = stored(store, task)
    assert (now.status, now.code, now.message) == (TaskStatus.FAILED, "InvalidURL", "No such host.")
    assert (now.attempt, now.ended, now.expires) == (0, START, START + DAY)


async def test_a_canceled_task_is_neither_prepared_nor_refused(store: SQLiteStore, clock: ManualClock) -> None:
    task = image_task(clock)
    await store.insert(task)
    await store.cancel(task.id, "acme", "pending")
    assert not await store.prepare(task.id, Prepared(width=1, height=1))
    assert not await store.refuse(task.id, "InvalidURL", "Late.")
    assert stored(store, task).status is TaskStatus.CANCELED


# Wake-ups


async def test_a_change_since_wakes_at_once_and_none_waits(store: SQLiteStore, clock: ManualClock) -> None:
    seen = store.version
    await store.insert(text_task(clock))
    assert await store.changed(seen) == store.version > seen
    waiting = asyncio.create_task(store.changed(store.version))
    await asyncio.wait([waiting], timeout=0)
    assert not waiting.done()
    waiting.cancel()


async def test_changes_that_come_together_wake_fewer_times_and_none_is_lost(
    store: SQLiteStore, clock: ManualClock
) -> None:
    start, count, wakes = store.version, 200, 0

    async def watch() -> None:
        nonlocal wakes
        seen = start
        while seen < start + count:
            seen = await store.changed(seen)
            wakes += 1

    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(store.insert(text_task(clock)) for _ in range(count)))
    async with asyncio.timeout(5):
        await watcher
    assert 1 <= wakes < count


async def test_a_watcher_that_gave_up_takes_no_wake_up_with_it(store: SQLiteStore, clock: ManualClock) -> None:
    quitter, stayer = (asyncio.create_task(store.changed(store.version)) for _ in range(2))
    await asyncio.wait([quitter, stayer], timeout=0)
    quitter.cancel()
    await store.insert(text_task(clock))
    async with asyncio.timeout(5):
        assert await stayer == store.version


# Time


async def test_the_next_event_is_the_next_retry_or_expiry(store: SQLiteStore, clock: ManualClock) -> None:
    assert store.next_event() is None
    await insert_in_turn(store, clock, a_task_each_ms(clock, 2))
    assert store.next_event() is None, "a new task waits for a slot, not for a time"
    await store.finish(await claim_one(store), DONE)
    assert store.next_event() == clock() + DAY
    await store.release(await claim_one(store), 2, clock() + 1000)
    assert store.next_event() == clock() + 1000


async def test_a_retry_whose_time_has_come_is_no_event_any_more(store: SQLiteStore, clock: ManualClock) -> None:
    await store.insert(text_task(clock))
    await store.release(await claim_one(store), 2, clock() + 1000)
    clock.advance(1000)
    assert store.next_event() is None, "else a dispatcher whose slots are busy would spin"


async def test_what_has_expired_goes_the_oldest_first(store: SQLiteStore, clock: ManualClock) -> None:
    ended = []
    for task in a_task_each_ms(clock, 3):
        await store.insert(task)
        await store.finish(await claim_one(store), DONE)
        ended.append(task.id)
        clock.advance(10)
    pending = text_task(clock)
    await store.insert(pending)
    clock.now = START + DAY + 3
    assert await expired_ids(store, 10) == [ended[0]], "not before its time"
    clock.advance(DAY)
    assert await expired_ids(store, 1) == [ended[1]]
    assert await expired_ids(store, 10) == [ended[2]]
    assert [task_id for task_id in [*ended, pending.id] if store.get(task_id)] == [pending.id], "a waiting one stays"


async def expired_ids(store: SQLiteStore, limit: int) -> list[str]:
    return [expired.task_id for expired in await store.expire(limit)]


async def test_without_retention_nothing_expires(tmp_path: Path, clock: ManualClock) -> None:
    store = SQLiteStore(tmp_path / "for-good.db", clock, None)
    await store.open()
    await store.insert(text_task(clock))
    await store.finish(await claim_one(store), DONE)
    clock.advance(1000 * DAY)
    assert (store.next_event(), await store.expire(10)) == (None, [])
    await store.close()


# Lists


async def list_ids(store: SQLiteStore, wanted: TaskFilter, offset: int = 0, limit: int = 10) -> tuple[list[str], int]:
    page = await store.list(wanted, offset, limit)
    return [task.id for task in page.tasks], page.total


async def test_the_list_filters_and_pages_newest_first(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = a_task_each_ms(clock, 4)
    other = text_task(clock, account="other")
    image = image_task(clock, submitted=clock() + 1)
    await insert_in_turn(store, clock, [*tasks, other, image])
    await store.cancel(tasks[1].id, "acme", "pending")
    mine = TaskFilter("acme", START, START + 100)
    newest = [image.id, *(task.id for task in tasks[::-1])]
    assert await list_ids(store, mine) == (newest, 5)
    assert await list_ids(store, mine, 2, 2) == (newest[2:4], 5)
    assert await list_ids(store, mine, 9) == ([], 5)
    assert await list_ids(store, mine._replace(since=START + 2, until=START + 3)) == ([tasks[2].id, tasks[1].id], 2)
    assert await list_ids(store, mine._replace(model="wan2.6-i2v")) == ([image.id], 1)
    assert await list_ids(store, mine._replace(status=TaskStatus.CANCELED)) == ([tasks[1].id], 1)
    assert await list_ids(store, mine._replace(task_id=tasks[0].id)) == ([tasks[0].id], 1)
    assert await list_ids(store, mine._replace(task_id=other.id)) == ([], 0)


async def test_the_list_filters_by_key_and_region(store: SQLiteStore, clock: ManualClock) -> None:
    tasks = [text_task(clock), text_task(clock, key_id="key-2"), text_task(clock, region="us-east-1")]
    await insert_in_turn(store, clock, tasks)
    mine = TaskFilter("acme", START, START)
    assert await list_ids(store, mine._replace(key_id="key-2")) == ([tasks[1].id], 1)
    assert await list_ids(store, mine._replace(region="us-east-1")) == ([tasks[2].id], 1)
    assert await list_ids(store, mine._replace(region="us-east-1", key_id="key-2")) == ([], 0)


async def test_counts_by_engine_and_status(store: SQLiteStore, clock: ManualClock) -> None:
    await insert_in_turn(store, clock, a_task_each_ms(clock, 3) + a_task_each_ms(clock, 1, engine="animatic"))
    await claim_one(store)
    assert await store.count() == {("slate", "RUNNING"): 1, ("slate", "PENDING"): 2, ("animatic", "PENDING"): 1}


# Keys


async def test_a_key_is_found_by_its_secret_until_it_is_revoked(
    tmp_path: Path, store: SQLiteStore, clock: ManualClock
) -> None:
    key = a_key(clock, cancel="any", models=("wan2.6-t2v", "wan2.6-i2v"), callback="https://hooks.example/done")
    await store.create_key(key, SECRET)
    assert store.find_key(SECRET) == key
    assert store.find_key("sk-another") is None
    assert await store.list_keys() == [key]
    assert await store.revoke_key(key.id)
    assert not await store.revoke_key(key.id)
    assert store.find_key(SECRET) is None


async def test_the_secret_is_nowhere_in_the_database(tmp_path: Path, store: SQLiteStore, clock: ManualClock) -> None:
    await store.create_key(a_key(clock), SECRET)
    assert SECRET.encode() not in bytes_of_all(tmp_path)


def bytes_of_all(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_waits_that_were_given_up_leave_nothing(store: SQLiteStore) -> None:
    """An idle server waits again and again."""
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await store.changed(store.version)
    assert not store._watchers

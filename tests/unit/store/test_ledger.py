"""One row for each finished video, in the commit that finishes it, for good."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
import pytest

from dalang.store import Charge, GroupBy, Outcome, Spent
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from dalang.wire import UTC_8
from tests.clock import START, ManualClock
from tests.samples import SECRET, TEXT, a_key, text_task
from tests.unit.conftest import DAY

LEASE = 60_000

CHARGE = Charge(seconds=5, tier="720P", size="1280*720", sound=True, price=3_000_000, cost=250_000)

DONE = Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4", charge=CHARGE)

FOR_EVER = (0, START * 2)


async def running(store: SQLiteStore, clock: ManualClock, **changes: object) -> Task:
    await store.insert(text_task(clock, **changes))
    (task,) = await store.claim("me", 1, LEASE)
    return task


async def finished(store: SQLiteStore, clock: ManualClock, price: int = 3_000_000, **changes: object) -> Task:
    task = await running(store, clock, **changes)
    assert await store.finish(task, DONE._replace(charge=msgspec.structs.replace(CHARGE, price=price)))
    return task


async def test_a_finished_video_is_charged_and_the_charge_outlives_it(store: SQLiteStore, clock: ManualClock) -> None:
    task = await finished(store, clock, workspace="film", region="cn-beijing")
    clock.advance(DAY)
    assert await store.expire(9)
    assert store.get(task.id) is None
    (row,) = store._rows("SELECT * FROM ledger")
    about = (task.id, "acme", "key-1", "film", "cn-beijing", "wan2.6-t2v", "slate", START)
    assert row == (*about, 5, "720P", "1280*720", 1, 3_000_000, 250_000)


async def test_a_video_is_charged_once(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    await asyncio.gather(*(store.finish(task, DONE) for _ in range(5)))
    assert await store.spent(*FOR_EVER, "account") == [Spent("acme", 1, 5, 3_000_000, 250_000)]


async def test_what_took_no_effect_is_not_charged(store: SQLiteStore, clock: ManualClock) -> None:
    zombie = await running(store, clock)
    await store.release(zombie, 0, clock())
    await store.claim("me", 1, LEASE)
    assert not await store.finish(zombie, DONE)
    canceled = await running(store, clock)
    await store.cancel(canceled.id, "acme", "any")
    assert not await store.finish(canceled, DONE)
    failed = await running(store, clock)
    assert await store.finish(failed, DONE._replace(status=TaskStatus.FAILED, result=None))
    assert await store.spent(*FOR_EVER, "account") == []


async def test_an_extended_prompt_goes_into_what_was_prepared(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    await store.finish(task, DONE._replace(prompt='A red fox 狐 "runs"'))
    now = store.get(task.id)
    assert now
    assert task.prepared
    assert now.prepared == msgspec.structs.replace(task.prepared, prompt='A red fox 狐 "runs"')


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("account", [("b", 2, 10), ("a", 1, 1)]),
        ("model", [("wan2.6-t2v", 2, 7), ("wan2.2-t2v-plus", 1, 4)]),
        ("workspace", [("w2", 1, 6), ("w1", 2, 5)]),
        ("day", [("2025-09-25", 1, 1), ("2025-09-26", 2, 10)]),
        ("key", [("unnamed", 1, 6), ("Ann's laptop (key-1)", 2, 5)]),
    ],
)
async def test_rows_are_summed_by(
    store: SQLiteStore, clock: ManualClock, by: GroupBy, expected: list[tuple[str, int, int]]
) -> None:
    await store.create_key(a_key(clock, id="key-1", name="Ann's laptop"), SECRET)
    await store.create_key(a_key(clock, id="unnamed", name=""), SECRET + "2")
    plus = msgspec.structs.replace(TEXT, model="wan2.2-t2v-plus")
    await finished(store, clock, 1, account="a", workspace="w1")
    clock.advance(DAY)
    await finished(store, clock, 4, account="b", workspace="w1", request=plus)
    await finished(store, clock, 6, account="b", workspace="w2", key_id="unnamed")
    rows = await store.spent(*FOR_EVER, by)
    assert [(row.group, row.videos, row.price) for row in rows] == expected
    assert all(row.seconds == 5 * row.videos for row in rows)


async def test_keys_of_the_same_name_stay_apart(store: SQLiteStore, clock: ManualClock) -> None:
    for number in "12":
        await store.create_key(a_key(clock, id=f"key-{number}", name="laptop"), SECRET + number)
        await finished(store, clock, key_id=f"key-{number}")
    assert [row.group for row in await store.spent(*FOR_EVER, "key")] == ["laptop (key-1)", "laptop (key-2)"]


async def test_a_span_includes_its_begin_and_not_its_end(store: SQLiteStore, clock: ManualClock) -> None:
    await finished(store, clock)
    assert len(await store.spent(START, START + 1, "account")) == 1
    assert len(await store.spent(START - 1, START, "account")) == 0


async def test_one_accounts_share_is_its_own(store: SQLiteStore, clock: ManualClock) -> None:
    await finished(store, clock, account="a")
    await finished(store, clock, account="b")
    assert [row.group for row in await store.spent(*FOR_EVER, "account", "a")] == ["a"]
    assert [row.videos for row in await store.spent(*FOR_EVER, "day", "a")] == [1]


async def test_days_begin_at_midnight_in_utc_8(store: SQLiteStore, clock: ManualClock) -> None:
    clock.now = int(datetime(2026, 11, 1, tzinfo=UTC_8).timestamp()) * 1000 - 1
    await finished(store, clock)
    clock.advance(1)
    await finished(store, clock)
    assert [row.group for row in await store.spent(*FOR_EVER, "day")] == ["2026-10-31", "2026-11-01"]

"""Who gets the next slot where limits hold and accounts use many models."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from dalang.store import Outcome
from dalang.store.claim import NEXT
from dalang.store.connection import connect
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import TEXT, text_task
from tests.unit.conftest import DAY

LEASE = 60_000

DONE = Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4")


def task_of(clock: ManualClock, account: str, model: str, **changes: object) -> Task:
    """A millisecond younger than the one before."""
    clock.advance(1)
    return text_task(clock, account=account, request=msgspec.structs.replace(TEXT, model=model), **changes)


async def insert(store: SQLiteStore, *tasks: Task) -> None:
    await asyncio.gather(*(store.insert(task) for task in tasks))


async def claim(store: SQLiteStore, limit: int, **most: int) -> list[tuple[str, str]]:
    """(account, model) of those claimed, where each model may run so many times an account."""
    tasks = await store.claim("me", limit, LEASE, (lambda model: most[model]) if most else None)
    return [(task.account, task.model) for task in tasks]


async def test_no_account_gets_more_of_a_model_than_may_run(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, account, "m") for account in "ab" for _ in range(4)))
    assert sorted(await claim(store, 9, m=2)) == [("a", "m")] * 2 + [("b", "m")] * 2
    assert await claim(store, 9, m=2) == [], "what runs counts in the next claim too"
    assert sorted(await claim(store, 9, m=3)) == [("a", "m"), ("b", "m")]


async def test_an_ended_task_makes_room_for_the_next(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "a", "m") for _ in range(2)))
    (first,) = await store.claim("me", 9, LEASE, lambda _: 1)
    assert await claim(store, 9, m=1) == []
    await store.finish(first, DONE)
    assert await claim(store, 9, m=1) == [("a", "m")]


async def test_a_model_at_its_limit_holds_up_no_other_of_the_account(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "a", "slow") for _ in range(3)), task_of(clock, "a", "fast"))
    assert await claim(store, 9, slow=1, fast=1) == [("a", "slow"), ("a", "fast")]


async def test_an_urgent_task_at_its_limit_holds_up_none_of_lower_priority(
    store: SQLiteStore, clock: ManualClock
) -> None:
    urgent = [task_of(clock, "a", "m", priority=5) for _ in range(2)]
    await insert(store, *urgent, task_of(clock, "b", "m"))
    assert await claim(store, 9, m=1) == [("a", "m"), ("b", "m")]


async def test_two_servers_keep_one_limit(store: SQLiteStore, clock: ManualClock, tmp_path: Path) -> None:
    other = SQLiteStore(tmp_path / "dalang.db", clock, DAY)
    await other.open()
    await insert(store, *(task_of(clock, "a", "m") for _ in range(8)))
    claimed = await asyncio.gather(*(one.claim("me", 2, LEASE, lambda _: 3) for one in (store, other)))
    assert sum(map(len, claimed)) == 3
    await other.close()


async def order_with_one_slot(store: SQLiteStore, clock: ManualClock, count: int) -> list[tuple[str, str]]:
    order = []
    for _ in range(count):
        (task,) = await store.claim("me", 1, LEASE)
        order.append((task.account, task.model))
        clock.advance(10)
        await store.finish(task, DONE)
    return order


async def test_many_models_give_an_account_no_more_turns(store: SQLiteStore, clock: ManualClock) -> None:
    crowd = [task_of(clock, "crowd", f"m{number % 20}") for number in range(1000)]
    await insert(store, *crowd)
    await order_with_one_slot(store, clock, 5)
    await insert(store, *(task_of(clock, "guest", "m1") for _ in range(3)))
    assert [account for account, _ in await order_with_one_slot(store, clock, 6)] == ["guest", "crowd"] * 3


async def test_a_guests_first_waits_for_one_slot_of_two(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "crowd", f"m{number % 5}") for number in range(50)))
    running = await store.claim("me", 2, LEASE)
    await insert(store, task_of(clock, "guest", "m1"))
    await store.finish(running[0], DONE)
    assert [account for account, _ in await claim(store, 1)] == ["guest"]


async def test_all_that_an_account_has_running_counts_whatever_the_model(
    store: SQLiteStore, clock: ManualClock
) -> None:
    await insert(store, task_of(clock, "busy", "m1"), task_of(clock, "busy", "m2"))
    assert len(await claim(store, 9)) == 2
    clock.advance(10)
    await insert(store, task_of(clock, "other", "m1"), task_of(clock, "other", "m1"))
    assert len(await claim(store, 1)) == 1
    await insert(store, task_of(clock, "busy", "m3"))
    assert await claim(store, 1) == [("other", "m1")], "one runs for it, two for the busy one"


async def test_an_accounts_models_go_by_age(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "a", model) for model in ("m2", "m3", "m1", "m2")))
    assert [model for _, model in await claim(store, 9)] == ["m2", "m3", "m1", "m2"]


async def test_every_lane_is_found(store: SQLiteStore, clock: ManualClock) -> None:
    lanes = [(p, a, m) for p in (-1, 0, 7) for a in ("a", "b", "c") for m in ("k", "l", "m")]
    await insert(store, *(task_of(clock, account, model, priority=p) for p, account, model in lanes * 2))
    claimed = await store.claim("me", 100, LEASE)
    assert sorted((task.priority, task.account, task.model) for task in claimed) == sorted(lanes * 2)
    assert [task.priority for task in claimed] == [7] * 18 + [0] * 18 + [-1] * 18


async def test_the_pools_are_known_for_whose_slots_tasks_wait(store: SQLiteStore, clock: ManualClock) -> None:
    assert store.waiting_pools() == []
    await insert(store, *(task_of(clock, "a", "m", pool=pool) for pool in ("local", "cloud", "gpu", "cloud")))
    await insert(store, task_of(clock, "a", "m", pool="unprepared", prepared=None))
    assert store.waiting_pools() == ["cloud", "gpu", "local", "unprepared"]
    await store.move_strays(("gpu", "local"))
    assert store.waiting_pools() == ["gpu", "local"]


def steps(path: Path, now: int) -> int:
    """Of SQLite's machine, to find who goes next."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    connection = connect(path)
    connection.set_progress_handler(count, 1)
    connection.execute(NEXT, {"now": now, "pool": "local"}).fetchone()
    connection.close()
    return counted


@pytest.mark.parametrize("models", [["m1"], ["m1", "m2", "m3"]])
async def test_a_longer_queue_takes_no_longer_to_look_through(
    store: SQLiteStore, clock: ManualClock, tmp_path: Path, models: Sequence[str]
) -> None:
    async def add(count: int) -> None:
        await insert(store, *(task_of(clock, account, model) for account in "ab" for model in models * count))

    await add(5)
    before = steps(tmp_path / "dalang.db", clock())
    await add(500)
    assert steps(tmp_path / "dalang.db", clock()) <= before * 1.1

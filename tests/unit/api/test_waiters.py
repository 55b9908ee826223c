"""Seats and naps: who wakes whom, and that nothing is left over."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from dalang.api.waiters import AT_ONCE, EACH, LOOK, Rows, Waiters
from dalang.errors import Throttling
from dalang.store.sqlite import SQLiteStore
from dalang.task import TaskStatus
from tests.clock import ManualClock
from tests.samples import text_task

LONG = 60.0


@pytest.fixture
def waiters() -> Waiters:
    return Waiters()


async def test_a_nap_ends_in_its_time_without_an_error(waiters: Waiters) -> None:
    async with asyncio.timeout(LONG), waiters.nap(0.001):
        await asyncio.Event().wait()


async def test_who_is_called_wakes_alone_and_may_be_called_again(waiters: Waiters) -> None:
    async with asyncio.timeout(LONG), waiters.nap(LONG):
        async with waiters.nap(LONG) as wake:
            wake()
            wake()
            await asyncio.Event().wait()
        wake()
        await asyncio.sleep(0)


async def test_the_dismissed_wake_and_nobody_sleeps_after(waiters: Waiters) -> None:
    async def sleep() -> None:
        async with waiters.nap(LONG):
            await asyncio.Event().wait()

    async with asyncio.timeout(LONG):
        sleepers = [asyncio.create_task(sleep()) for _ in range(3)]
        await asyncio.sleep(0)
        waiters.dismiss()
        await asyncio.gather(*sleepers)
        await sleep()


async def test_what_cancels_a_sleeper_is_not_taken_for_its_time(waiters: Waiters) -> None:
    async def sleep() -> None:
        async with waiters.nap(LONG):
            await asyncio.Event().wait()

    sleeper = asyncio.create_task(sleep())
    await asyncio.sleep(0)
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeper


def test_seats_are_counted_and_bounded(waiters: Waiters) -> None:
    with waiters.seat("acme"):
        assert waiters.count == 1
    assert waiters.count == 0
    with ExitStack() as seats:
        for _ in range(EACH):
            waiters.check("acme")
            seats.enter_context(waiters.seat("acme"))
        with pytest.raises(Throttling, match="poll instead"):
            waiters.check("acme")
        for _ in range(AT_ONCE - EACH):
            waiters.check("other")
            seats.enter_context(waiters.seat("other"))
        with pytest.raises(Throttling, match="poll instead"):
            waiters.check("third")
    waiters.check("acme")


async def test_a_row_is_read_once_a_second_for_all_and_at_once_when_its_status_is_another(
    store: SQLiteStore, clock: ManualClock
) -> None:
    task, rows = text_task(clock), Rows(store, clock)
    await store.insert(task)
    (running,) = await store.claim("me", 1, 60_000)
    seen = rows.get(task.id, TaskStatus.RUNNING)
    assert seen == running
    await store.heartbeat(running, 0.5, 60_000)
    assert rows.get(task.id, TaskStatus.RUNNING) is seen, "however many ask"
    clock.advance(LOOK)
    fresh = rows.get(task.id, TaskStatus.RUNNING)
    assert fresh is not None
    assert fresh.progress == 0.5
    await store.release(running, 0, clock())
    waiting = rows.get(task.id, TaskStatus.PENDING)
    assert waiting is not None
    assert waiting.status is TaskStatus.PENDING


async def test_a_row_that_is_gone_is_none(store: SQLiteStore, clock: ManualClock) -> None:
    assert Rows(store, clock).get("no task", None) is None

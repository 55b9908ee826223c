"""A clock that a test moves: it goes on from where it was put, stands still when told, and wakes who waits for it."""

from __future__ import annotations

import asyncio

import pytest

from dalang.statement import month_of
from dalang.testbed.clock import TestClock
from dalang.wire import wire_time
from tests.clock import START, ManualClock

HOUR = 3_600_000


def test_it_goes_on_from_where_it_was_put(clock: ManualClock) -> None:
    moved = TestClock(clock)
    moved.set(START + HOUR)
    clock.advance(5)
    assert moved() == START + HOUR + 5


@pytest.mark.parametrize("moment", [-1, 0, 1 << 80])
def test_wherever_it_is_put_there_are_dates_for_it(clock: ManualClock, moment: int) -> None:
    moved = TestClock(clock)
    moved.set(moment)
    clock.advance(HOUR)
    assert wire_time(moved())
    assert month_of(moved())


def test_it_stands_still_when_frozen_and_goes_on_from_there(clock: ManualClock) -> None:
    moved = TestClock(clock)
    moved.freeze()
    clock.advance(HOUR)
    assert moved() == START
    moved.set(START + 7)
    clock.advance(HOUR)
    assert moved() == START + 7, "moved by hand, and still"
    moved.go()
    clock.advance(2)
    assert moved() == START + 9


def test_it_is_the_real_one_after_a_reset(clock: ManualClock) -> None:
    moved = TestClock(clock)
    moved.freeze()
    moved.set(START + HOUR)
    clock.advance(3)
    moved.reset()
    assert (moved(), moved.is_frozen) == (START + 3, False)


async def test_who_waits_for_a_moment_is_woken_when_it_is_moved_there(clock: ManualClock) -> None:
    moved = TestClock(clock)
    moved.freeze()
    waiting = asyncio.create_task(moved.reach(START + HOUR))
    moved.set(START + HOUR - 1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done(), "not yet"
    moved.set(START + HOUR)
    async with asyncio.timeout(10):
        await waiting


async def test_who_waits_is_woken_by_time_that_passes_too() -> None:
    moved = TestClock(lambda: round(asyncio.get_running_loop().time() * 1000))
    async with asyncio.timeout(10):
        await moved.reach(moved() + 5)

"""Tasks go from state to state as a test declared, through a real dispatcher and store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from dalang.config import Config
from dalang.dispatcher import Dispatcher
from dalang.liveness import Liveness
from dalang.moderation import Moderator
from dalang.routes import LOCAL
from dalang.storage.local import LocalStorage
from dalang.store import Once
from dalang.task import Task, TaskStatus
from dalang.testbed.clock import TestClock
from dalang.testbed.executor import StagedExecutor
from dalang.testbed.fault import Crash, Fail, OnTask
from dalang.testbed.stages import Stages
from dalang.testbed.store import StagedStore
from dalang.testbed.transition import AT_ONCE, Stage, Transition
from tests.clock import ManualClock
from tests.samples import text_task
from tests.stage import Stage as Slots
from tests.stage import films

PENDING, RUNNING, SUCCEEDED, FAILED = (
    TaskStatus.PENDING,
    TaskStatus.RUNNING,
    TaskStatus.SUCCEEDED,
    TaskStatus.FAILED,
)

HAND = Stage(by_hand=True)


class House:
    """A dispatcher at work on a staged store."""

    def __init__(self, clock: TestClock, store: StagedStore, stages: Stages) -> None:
        self.clock, self.store, self.stages = clock, store, stages
        self.effects: list[OnTask] = []
        self.tasks_made: list[str] = []

    @property
    def is_held(self) -> bool:
        return self.stages.is_held

    def enter(self, task: Task) -> Task:
        return self.stages.enter(task, self.effects, self.stages.transition)

    def made(self, task: Task) -> None:
        self.tasks_made.append(task.id)

    def forget(self, task_id: str) -> None:
        self.stages.forget(task_id)

    async def order(self, pending: Stage = AT_ONCE, running: Stage = AT_ONCE) -> str:
        self.stages.transition = Transition(pending=pending, running=running)
        task = text_task(self.clock)
        await self.store.insert(task)
        return task.id

    def get(self, task_id: str) -> Task:
        task = self.store.get(task_id)
        assert task is not None
        return task

    async def poll(self, task_id: str) -> TaskStatus:
        await self.stages.polled(task_id)
        return self.get(task_id).status

    async def until(self, task_id: str, status: TaskStatus) -> None:
        async with asyncio.timeout(30):
            while self.get(task_id).status is not status:
                await self.store.changed(self.store.version)


@pytest.fixture
async def house(tmp_path: Path, clock: ManualClock) -> AsyncIterator[House]:
    async with at_work(tmp_path, TestClock(clock)) as house:
        yield house


@asynccontextmanager
async def at_work(folder: Path, clock: TestClock) -> AsyncIterator[House]:
    store = StagedStore(folder / "dalang.db", clock, None, durable=False)
    stages = Stages(clock, store)
    house = store.director = House(clock, store, stages)
    liveness = Liveness(folder / "servers", "me")
    liveness.open()
    storage = LocalStorage(folder / "files", b"secret", clock)
    workers = StagedExecutor(Slots(films), stages)
    dispatcher = Dispatcher(Config(data="unused"), store, storage, {LOCAL: workers}, Moderator(), liveness, clock)
    await store.open()
    work = asyncio.create_task(dispatcher.run())
    try:
        yield house
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        await dispatcher.drain(0)
        stages.reset()
        await store.close()
        liveness.close()


async def test_at_once_the_first_query_finds_the_end(house: House) -> None:
    assert await house.poll(await house.order()) is SUCCEEDED


async def test_states_last_as_many_polls_as_declared(house: House) -> None:
    task = await house.order(pending=Stage(polls=2), running=Stage(polls=1))
    seen = [await house.poll(task) for _ in range(5)]
    assert seen == [PENDING, PENDING, RUNNING, SUCCEEDED, SUCCEEDED]


async def test_a_query_that_polls_keep_waiting_must_not_wait_for_the_end(house: House) -> None:
    task = await house.order(running=Stage(polls=1))
    assert await house.stages.polled(task), "another poll is needed, which cannot come while this one waits"
    assert not await house.stages.polled(task)


async def test_states_last_as_long_as_declared_by_the_servers_clock(house: House) -> None:
    house.clock.freeze()
    task = await house.order(pending=Stage(seconds=60), running=Stage(seconds=3600))
    assert await house.poll(task) is PENDING
    house.clock.set(house.clock() + 60_000)
    await house.until(task, RUNNING)
    assert await house.poll(task) is RUNNING
    house.clock.set(house.clock() + 3_600_000)
    await house.until(task, SUCCEEDED)


async def test_a_moved_clock_is_seen_by_the_next_query(house: House) -> None:
    """Though nothing but the query had a turn since."""
    house.clock.freeze()
    task = await house.order(running=Stage(seconds=90))
    assert await house.poll(task) is RUNNING
    house.clock.set(house.clock() + 90_000)
    assert await house.poll(task) is SUCCEEDED


async def test_one_move_of_the_clock_passes_both_states(house: House) -> None:
    house.clock.freeze()
    task = await house.order(pending=Stage(seconds=60), running=Stage(seconds=90))
    house.clock.set(house.clock() + 149_999)
    assert await house.poll(task) is RUNNING
    house.clock.set(house.clock() + 1)
    assert await house.poll(task) is SUCCEEDED


async def test_a_task_runs_no_shorter_for_having_been_held(house: House) -> None:
    house.clock.freeze()
    house.stages.hold(True)
    task = await house.order(running=Stage(seconds=90))
    house.clock.set(house.clock() + 1_000_000)
    house.stages.hold(False)
    assert await house.poll(task) is RUNNING


async def test_by_hand_nothing_goes_on_by_itself(house: House) -> None:
    task = await house.order(HAND, HAND)
    assert await house.poll(task) is PENDING
    assert house.stages.start(task)
    assert await house.poll(task) is RUNNING
    assert house.stages.finish(task)
    assert await house.poll(task) is SUCCEEDED
    assert not house.stages.finish(task), "it has ended"


async def test_a_task_can_be_failed_by_hand_from_any_state(house: House) -> None:
    waiting, drawn = await house.order(pending=HAND), await house.order(running=HAND)
    await house.until(drawn, RUNNING)
    for task in (waiting, drawn):
        assert house.stages.finish(task, Fail("InternalError.Timeout"))
        assert await house.poll(task) is FAILED
        assert house.get(task).code == "InternalError.Timeout"
        assert house.get(task).message, "the documented sentence"


async def test_what_is_held_RUNNING_holds_no_slot(house: House) -> None:  # noqa: N802
    held = [await house.order(running=HAND) for _ in range(3)]
    for task in held:
        await house.until(task, RUNNING)
    assert await house.poll(await house.order()) is SUCCEEDED, "the only slot is free"


async def test_a_held_queue_starts_nothing_until_it_is_released(house: House) -> None:
    house.stages.hold(True)
    tasks = [await house.order() for _ in range(2)]
    assert [await house.poll(task) for task in tasks] == [PENDING, PENDING]
    house.stages.hold(False)
    assert [await house.poll(task) for task in tasks] == [SUCCEEDED, SUCCEEDED]


async def test_a_declared_failure_comes_in_place_of_the_video(house: House) -> None:
    house.effects = [Fail("DataInspectionFailed", "Output data may contain inappropriate content.")]
    task = await house.order()
    assert await house.poll(task) is FAILED
    row = house.get(task)
    assert (row.code, row.message) == ("DataInspectionFailed", "Output data may contain inappropriate content.")
    assert row.scheduled is not None, "it was RUNNING"
    assert row.result is None


async def test_a_failure_in_preparation_is_left_to_preparation(house: House) -> None:
    house.effects = [Fail("InvalidURL", stage="preparation")]
    task = await house.order()
    row = house.get(task)
    assert (row.status, row.code, row.prepared) == (PENDING, "InvalidURL", None)
    query = asyncio.create_task(house.poll(task))
    await house.store.refuse(task, "InvalidURL", "")  # as preparation does
    assert await query is FAILED, "a query waits for it"


@pytest.mark.parametrize(("crashes", "status", "attempts"), [(1, SUCCEEDED, 2), (3, FAILED, 3)])
async def test_crashed_attempts_are_tried_again_as_ever(
    tmp_path: Path, crashes: int, status: TaskStatus, attempts: int
) -> None:
    still = TestClock(ManualClock())
    async with at_work(tmp_path, still) as house:
        house.effects = [Crash(crashes)]
        task = await house.order()
        assert await house.poll(task) is status
        assert house.get(task).attempt == attempts


async def test_a_task_held_by_an_earlier_server_runs_on_the_next(tmp_path: Path, clock: ManualClock) -> None:
    async with at_work(tmp_path, TestClock(clock)) as house:
        task = await house.order(pending=HAND)
    async with at_work(tmp_path, TestClock(clock)) as house:
        await house.until(task, SUCCEEDED)


async def test_a_clock_that_is_put_back_holds_no_task_up(house: House) -> None:
    for pending in (AT_ONCE, HAND):
        house.stages.hold(True)
        task = await house.order(pending=pending)
        house.stages.start(task)
        house.clock.set(house.clock() - 3_600_000)
        house.stages.hold(False)
        await house.until(task, SUCCEEDED)


async def test_only_a_task_that_is_there_counts_as_made(house: House) -> None:
    """Neither one that an earlier order stands for, nor one that found the queue full, was created."""
    house.stages.hold(True)
    first, again, refused = (text_task(house.clock) for _ in range(3))
    once = Once("key", "fingerprint")
    assert await house.store.insert(first, once=once) == first.id
    assert await house.store.insert(again, once=once) == first.id
    assert await house.store.insert(refused, most_waiting=1) is None
    assert house.tasks_made == [first.id]

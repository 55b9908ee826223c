"""At most one order for each task, and none that is forgotten."""

from __future__ import annotations

import msgspec
import pytest

from dalang.store import Order, Outcome
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import text_task
from tests.unit.conftest import DAY

LEASE = 60_000


async def running(store: SQLiteStore, clock: ManualClock) -> Task:
    await store.insert(text_task(clock, pool="farm", engine="farm"))
    return await claimed(store)


async def claimed(store: SQLiteStore) -> Task:
    (task,) = await store.claim("me", 1, LEASE, pool="farm")
    return task


def order_for(task: Task, **changes: object) -> Order:
    order = Order(task.id, task.attempt, "farm", "http://farm-1/v1")
    return msgspec.structs.replace(order, **changes)


async def test_an_intent_is_there_before_anybody_answers(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    assert store.orders.find(task.id) is None
    assert await store.orders.intend(order_for(task))
    assert store.orders.find(task.id) == order_for(task)
    await store.orders.confirm(task, "video_1")
    assert store.orders.find(task.id) == order_for(task, remote_id="video_1")


async def test_a_zombie_intends_nothing(store: SQLiteStore, clock: ManualClock) -> None:
    zombie = await running(store, clock)
    await store.release(zombie, 0, clock())
    assert not await store.orders.intend(order_for(zombie)), "the task waits again"
    await claimed(store)
    assert not await store.orders.intend(order_for(zombie)), "another attempt has it"
    assert store.orders.find(zombie.id) is None


async def test_nobody_intends_twice(store: SQLiteStore, clock: ManualClock) -> None:
    first = await running(store, clock)
    await store.orders.intend(order_for(first))
    await store.release(first, 0, clock())
    assert not await store.orders.intend(order_for(await claimed(store)))


async def test_the_same_words_may_be_sent_again_by_another_attempt(store: SQLiteStore, clock: ManualClock) -> None:
    first = await running(store, clock)
    await store.orders.intend(order_for(first, body="{}"))
    await store.release(first, 0, clock())
    second = await claimed(store)
    assert await store.orders.intend(order_for(second, body="{}"))
    await store.orders.withdraw(first)
    assert store.orders.find(first.id) == order_for(second, body="{}"), "the zombie withdraws its own only"
    assert not await store.orders.intend(order_for(second, body='{"other": 1}'))


async def test_what_has_a_name_there_is_not_sent_again(store: SQLiteStore, clock: ManualClock) -> None:
    """The first attempt is cut off, and hears of its order when the second is about to repeat it."""
    first = await running(store, clock)
    await store.orders.intend(order_for(first, body="{}"))
    await store.release(first, 0, clock())
    second = await claimed(store)
    await store.orders.confirm(first, "video_1")
    assert not await store.orders.intend(order_for(second, body="{}"))


async def test_what_was_not_taken_is_withdrawn_and_what_was_taken_is_not(
    store: SQLiteStore, clock: ManualClock
) -> None:
    task = await running(store, clock)
    await store.orders.intend(order_for(task))
    await store.orders.withdraw(task)
    assert store.orders.find(task.id) is None
    await store.orders.intend(order_for(task))
    await store.orders.confirm(task, "video_1")
    await store.orders.withdraw(task)
    assert store.orders.find(task.id) is not None


@pytest.mark.parametrize("end", ["CANCELED", "FAILED"])
async def test_an_order_whose_task_ended_without_it_is_left(store: SQLiteStore, clock: ManualClock, end: str) -> None:
    task = await running(store, clock)
    await store.orders.intend(order_for(task))
    await store.orders.confirm(task, "video_1")
    assert store.orders.left("farm") == [], "it is still wanted"
    if end == "CANCELED":
        await store.cancel(task.id, task.account, "any")
    else:
        await store.finish(task, Outcome(TaskStatus.FAILED, code="InternalError", message="It was too slow."))
    assert store.orders.left("farm") == [order_for(task, remote_id="video_1")]
    assert store.orders.left("elsewhere") == []
    await store.orders.settle(task.id)
    assert store.orders.left("farm") == []


async def test_an_order_of_which_nobody_knows_cannot_be_canceled(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    await store.orders.intend(order_for(task))
    await store.cancel(task.id, task.account, "any")
    assert store.orders.left("farm") == []
    await store.orders.confirm(task, "video_1")
    assert store.orders.left("farm"), "its identifier came late"


async def test_a_video_settles_its_order_and_takes_it_along_when_it_goes(
    store: SQLiteStore, clock: ManualClock
) -> None:
    task = await running(store, clock)
    await store.orders.intend(order_for(task))
    await store.finish(task, Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4"))
    assert store._rows("SELECT settled FROM orders") == [(1,)]
    clock.advance(DAY)
    await store.expire(9)
    assert store.orders.find(task.id) is None


@pytest.mark.parametrize("is_known_late", [False, True])
async def test_a_task_that_is_deleted_leaves_what_another_server_is_still_to_be_told(
    store: SQLiteStore, clock: ManualClock, *, is_known_late: bool
) -> None:
    task = await running(store, clock)
    await store.orders.intend(order_for(task, body='{"prompt": "a secret"}'))
    if not is_known_late:
        await store.orders.confirm(task, "video_1")
    await store.cancel(task.id, task.account, "any")
    assert await store.delete(task.id, task.account)
    if is_known_late:
        await store.orders.confirm(task, "video_1")
    assert store.orders.left("farm") == [order_for(task, remote_id="video_1")], "without its words"
    await store.orders.settle(task.id)
    assert store.orders.find(task.id) is None


async def test_a_task_that_is_deleted_takes_a_settled_order_along(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    await store.orders.intend(order_for(task))
    await store.cancel(task.id, task.account, "any")
    await store.orders.settle(task.id)
    assert await store.delete(task.id, task.account)
    assert store.orders.find(task.id) is None

"""What came of an order is written down, whatever the database says at first."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import pytest

from dalang.errors import StoreError, WorkerFault
from dalang.events import Obtain
from dalang.executors.remote import DIALECTS, placement
from dalang.executors.remote.balance import Balance
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.pace import Pace
from dalang.executors.remote.parts import Parts
from dalang.executors.remote.placement import Placement
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line
from dalang.remotes import Endpoint, Remote
from dalang.store import Order, Orders
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task
from tests.clock import ManualClock
from tests.samples import text_task
from tests.unit.executors.remote.replies import reply

REMOTE = Remote("openai", (Endpoint("http://farm/v1"),))


class Reluctant:
    """The store's orders, which refuse some writes at first."""

    def __init__(self, orders: Orders, refusals: int) -> None:
        self._orders = orders
        self._refusals = refusals

    def find(self, task_id: str) -> Order | None:
        return self._orders.find(task_id)

    async def intend(self, order: Order) -> bool:
        return await self._orders.intend(order)

    async def confirm(self, task: Task, remote_id: str) -> None:
        self._refuse()
        await self._orders.confirm(task, remote_id)

    async def withdraw(self, task: Task) -> None:
        self._refuse()
        await self._orders.withdraw(task)

    async def settle(self, task_id: str) -> None:
        await self._orders.settle(task_id)

    def left(self, remote: str) -> Sequence[Order]:
        return self._orders.left(remote)

    def _refuse(self) -> None:
        self._refusals -= 1
        if self._refusals >= 0:
            raise StoreError("The database refuses writes: disk I/O error.")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "AGAIN", 0.0)


async def running(store: SQLiteStore, clock: ManualClock) -> Task:
    await store.insert(text_task(clock, pool="farm", engine="farm"))
    (task,) = await store.claim("me", 1, 60_000, pool="farm")
    return task


async def no_screen(_: Obtain) -> None:
    raise WorkerFault("Nothing is looked at here.")


def to_farm(orders: Orders, *answers: httpx.Response) -> tuple[Parts, list[httpx.Request]]:
    """`answers` one after another, and what was asked."""
    left, asked = list(answers), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0)

    line = Line(parse_allow((), "TEST"))
    connection = Connection(REMOTE.endpoints[0], httpx.MockTransport(answer))
    dialect = DIALECTS["openai"](REMOTE, line)
    connections, balance = {connection.url: connection}, Balance(REMOTE.endpoints)
    parts = Parts(
        "farm", REMOTE, dialect, connections, balance, Pace(0), line, frozenset(), orders, no_screen, tuple, set()
    )
    return parts, asked


async def test_an_order_that_was_taken_is_recorded_in_the_end(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    parts, asked = to_farm(Reluctant(store.orders, 3), reply(200, {"id": "video_1"}))
    await Placement(Obtain(task, "out.mp4"), parts).place()
    found = store.orders.find(task.id)
    assert found is not None
    assert (found.remote_id, len(asked)) == ("video_1", 1)


async def test_an_order_that_was_not_taken_leaves_no_intent(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    parts, asked = to_farm(Reluctant(store.orders, 1), reply(429, {}, retry_after="0"), reply(200, {"id": "video_2"}))
    order = await Placement(Obtain(task, "out.mp4"), parts).place()
    assert (order.remote_id, len(asked)) == ("video_2", 2)


async def test_what_stands_is_not_ordered_again(store: SQLiteStore, clock: ManualClock) -> None:
    task = await running(store, clock)
    parts, asked = to_farm(store.orders, reply(200, {"id": "video_1"}))
    first = await Placement(Obtain(task, "out.mp4"), parts).place()
    assert await Placement(Obtain(task, "out.mp4"), parts).place() == first
    assert len(asked) == 1

"""An order on its way to another server: first the intent, on our disk, then the order, then what they call it.

A process that is killed in between leaves an intent without an identifier. Nobody can know then whether the order has
arrived, and it is never sent anew, but to a Dalang, which makes one task of all orders with the same Idempotency-Key.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import msgspec

from dalang.errors import InternalError, ProtocolError, StoreError, WorkerFault
from dalang.events import Obtain
from dalang.executors.remote.codes import UNKNOWN_OUTCOME
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.parts import CLOSE_SECONDS, Parts
from dalang.executors.remote.patience import growing
from dalang.executors.remote.trouble import Busy, Lost, NotReached, Refused
from dalang.store import Order
from dalang.task import Task

LOOK = 0.2
"""Seconds between looks for an endpoint that is well."""

AGAIN, LONGEST_AGAIN = 1.0, 30.0
"""Seconds before the same order is sent to a Dalang again, and what came of one is written again."""

log = logging.getLogger("dalang.remote")


class Placement:
    """Of one task's order."""

    def __init__(self, asked: Obtain, parts: Parts) -> None:
        self._asked = asked
        self._task = asked.task
        self._parts = parts

    async def place(self) -> Order:
        """The order that stands, whether this or an earlier attempt placed it. Raises ProtocolError, WorkerFault."""
        found = await self._find()
        if found is None:
            return await self._place_somewhere()
        if found.remote_id is not None:
            return found
        if found.body is None:
            raise InternalError(UNKNOWN_OUTCOME)
        return await self._repeat(found, found.body)

    async def _find(self) -> Order | None:
        """The order as an earlier attempt left it; or as it leaves it now, at a server that is being drained."""
        last_look = time.monotonic() + CLOSE_SECONDS
        while (found := self._parts.orders.find(self._task.id)) and found.remote_id is None and found.body is None:
            if not self._parts.neighbours() or time.monotonic() > last_look:
                break
            await asyncio.sleep(LOOK)
        return found

    async def _place_somewhere(self) -> Order:
        """At the first endpoint that takes it, however long that is."""
        refusals: dict[str, Refused] = {}
        while len(refusals) < len(self._parts.connections):
            connection = await self._turn(refusals)
            try:
                return await self._place_at(connection)
            except NotReached as trouble:
                self._parts.balance.failed(connection.url)
                self._tell(connection, trouble)
            except Busy as trouble:
                self._parts.balance.rest(connection.url, trouble.retry_after)
                self._tell(connection, trouble)
            except Refused as refused:
                self._tell(connection, refused)
                if not refused.is_of_the_endpoint:
                    raise self._parts.dialect.refusal(refused) from refused
                refusals[connection.url] = refused
        raise self._parts.dialect.refusal(refusals.popitem()[1])

    async def _turn(self, refusals: dict[str, Refused]) -> Connection:
        while (url := self._parts.balance.pick(refusals)) is None:  # noqa: ASYNC110  time alone makes some well
            await asyncio.sleep(LOOK)
        await asyncio.sleep(self._parts.pace.turn())
        return self._parts.connections[url]

    async def _place_at(self, connection: Connection) -> Order:
        """Raises NotReached, Busy and Refused, of which none leaves an intent behind; and ProtocolError."""
        try:
            letter = await self._parts.dialect.letter(connection, self._asked)
        except Lost as trouble:  # a file that went ahead
            raise NotReached(str(trouble)) from trouble
        body = letter.decode() if self._parts.remote.dalang else None
        order = Order(self._task.id, self._task.attempt, self._parts.name, connection.url, body)
        try:
            return await self._uncut(order, letter)
        except Lost as trouble:
            self._parts.balance.failed(connection.url)
            self._tell(connection, trouble)
            if body is None:
                raise InternalError(UNKNOWN_OUTCOME) from trouble
            return await self._repeat(order, body)

    async def _repeat(self, order: Order, body: str) -> Order:
        """The same words to the same Dalang, until it says what it calls them. Raises ProtocolError."""
        connection = connection_of(order, self._parts)
        order = msgspec.structs.replace(order, attempt=self._task.attempt)
        for pause in growing(AGAIN, LONGEST_AGAIN):
            try:
                return await self._uncut(order, body.encode(), keeps_intent=True)
            except Busy as busy:
                self._tell(connection, busy)
                await asyncio.sleep(busy.retry_after or pause)
            except (NotReached, Lost) as trouble:
                self._tell(connection, trouble)
                await asyncio.sleep(pause)
            except Refused as refused:  # so it did not know them before
                await self._parts.orders.withdraw(self._task)
                raise self._parts.dialect.refusal(refused) from refused
        raise AssertionError("there is always another pause")

    async def _uncut(self, order: Order, letter: bytes, *, keeps_intent: bool = False) -> Order:
        """Goes on when whoever waits for it is canceled."""
        work = asyncio.create_task(self._send(order, letter, keeps_intent=keeps_intent))
        self._parts.placing.add(work)
        work.add_done_callback(self._parts.placing.discard)
        work.add_done_callback(_heard)
        return await asyncio.shield(work)

    async def _send(self, order: Order, letter: bytes, *, keeps_intent: bool) -> Order:
        """Raises NotReached, Busy and Refused, with the intent withdrawn unless it `keeps_intent`; and Lost."""
        parts = self._parts
        if not await parts.orders.intend(order):
            raise WorkerFault("Another attempt has the task.")
        connection = parts.connections[order.endpoint]
        try:
            remote_id = await parts.dialect.order(connection, parts.dialect.envelope(self._task), letter)
        except (NotReached, Busy, Refused):
            if not keeps_intent:
                await self._written(lambda: parts.orders.withdraw(self._task), None)
            raise
        await self._written(lambda: parts.orders.confirm(self._task, remote_id), remote_id)
        parts.balance.answered(order.endpoint)
        log.info("ordered", extra=about(self._task, order) | {"remote_id": remote_id})
        return msgspec.structs.replace(order, remote_id=remote_id)

    async def _written(self, write: Callable[[], Awaitable[None]], remote_id: str | None) -> None:
        """What came of an order, as soon as the database takes it: nobody else knows, and nobody can ask."""
        for pause in growing(AGAIN, LONGEST_AGAIN):
            try:
                await write()
                return
            except StoreError as error:
                facts = {"task_id": self._task.id, "remote": self._parts.name, "remote_id": remote_id}
                log.error("order not recorded", extra=facts | {"reason": str(error)})
            await asyncio.sleep(pause)

    def _tell(self, connection: Connection, trouble: Exception) -> None:
        facts = {"task_id": self._task.id, "remote": self._parts.name, "endpoint": connection.url}
        log.warning("order not taken", extra=facts | {"reason": str(trouble)})


def connection_of(order: Order, parts: Parts) -> Connection:
    """Raises ProtocolError where the config has it no more: nobody else knows of the order."""
    if order.endpoint not in parts.connections:
        raise InternalError(
            f"{InternalError.SENTENCE} The server that was making the video is no longer among those of {parts.name}."
        )
    return parts.connections[order.endpoint]


def about(task: Task, order: Order) -> dict[str, object]:
    return {
        "task_id": task.id,
        "request_id": task.request_id,
        "remote": order.remote,
        "endpoint": order.endpoint,
        "attempt": task.attempt,
    }


def _heard(work: asyncio.Task[Order]) -> None:
    """What came of it, where nobody waits any more."""
    if not work.cancelled() and (error := work.exception()) and not isinstance(error, ProtocolError):
        log.debug("placement ended", extra={"reason": str(error)})

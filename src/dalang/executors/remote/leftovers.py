"""Orders whose task has ended without them: canceled, or failed on our side. They are canceled there too, whichever of
our processes placed them."""

from __future__ import annotations

import logging
import time

from dalang.executors.remote.connection import Connection
from dalang.executors.remote.parts import Parts
from dalang.executors.remote.trouble import Busy, Lost, NotReached, Refused
from dalang.store import Order

AGAIN = 10.0
"""Seconds before a cancel that did not come through is sent again."""

log = logging.getLogger("dalang.remote")


class Leftovers:
    """Of one endpoint, so that one that answers late holds up its own only."""

    def __init__(self, connection: Connection, parts: Parts) -> None:
        self._connection = connection
        self._parts = parts
        self._not_before: dict[str, float] = {}

    async def clear(self) -> None:
        """Raises StoreError."""
        left = [order for order in self._parts.orders.left(self._parts.name) if order.endpoint == self._connection.url]
        self._not_before = {order.task_id: self._not_before.get(order.task_id, 0.0) for order in left}
        for order in left:
            if self._not_before[order.task_id] <= time.monotonic():
                await self._cancel(order)

    async def _cancel(self, order: Order) -> None:
        assert order.remote_id is not None
        facts = {"task_id": order.task_id, "remote": order.remote, "endpoint": order.endpoint}
        try:
            await self._parts.dialect.cancel(self._connection, order.remote_id)
        except Refused as refused:  # it has ended, is no longer known, or can no longer be stopped
            log.info("order not canceled", extra=facts | {"reason": str(refused)})
        except (NotReached, Lost, Busy) as trouble:
            self._not_before[order.task_id] = time.monotonic() + AGAIN
            log.warning("order not canceled", extra=facts | {"reason": str(trouble)})
            return
        else:
            log.info("order canceled", extra=facts)
        await self._parts.orders.settle(order.task_id)

"""One task at another server: order, follow, fetch. What an earlier attempt has done is not done again."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from dalang.errors import InternalError
from dalang.events import Obtain, Rendered
from dalang.executors.remote.cost import cost
from dalang.executors.remote.dialect import Seen
from dalang.executors.remote.download import Download
from dalang.executors.remote.parts import Parts
from dalang.executors.remote.patience import growing
from dalang.executors.remote.placement import Placement, about, connection_of
from dalang.executors.remote.trouble import Busy, Lost, NotReached, Refused
from dalang.store import Order
from dalang.task import TaskStatus

FIRST_LOOK, LONGEST_LOOK = 0.5, 15.0
"""Seconds between looks, at first and at the most: the cloud recommends 15."""

LOOKS_IN_VAIN = 3
"""In a row, before what a server knows nothing of counts as forgotten: one of several behind an address may learn of it
late, and the video may be paid for."""

FORGOTTEN = (
    f"{InternalError.SENTENCE} The server that was making the video knows nothing of it any more: it may have been "
    "started anew, or have let the task expire."
)

CANCELED_THERE = f"{InternalError.SENTENCE} The task was canceled at the server that was making the video."

log = logging.getLogger("dalang.remote")


class Errand:
    """`progress` is 0..1, as far as they tell."""

    def __init__(self, asked: Obtain, parts: Parts) -> None:
        self._asked = asked
        self._parts = parts
        self.progress = 0.0

    async def run(self) -> Rendered:
        """Raises ProtocolError and WorkerFault."""
        order = await Placement(self._asked, self._parts).place()
        seen = await self._follow(order)
        await self._fetch(order, seen)
        if self._asked.stills:
            await self._parts.screen(self._asked)
        task, parts = self._asked.task, self._parts
        price = cost(parts.remote, task, seen, connection_of(order, parts).host)
        prompt = await parts.dialect.extended(task) if seen.prompt is None else seen.prompt
        return Rendered((*parts.dialect.not_done(task.request), *seen.warnings), prompt, price)

    async def _follow(self, order: Order) -> Seen:
        """Until it is made. Raises ProtocolError where it never will be."""
        in_vain = 0
        for pause in growing(FIRST_LOOK, LONGEST_LOOK):
            seen = await self._look(order)
            if seen is not None:
                self.progress = max(self.progress, seen.progress)
                in_vain = in_vain + 1 if seen.status is TaskStatus.UNKNOWN else 0
                if seen.status is TaskStatus.SUCCEEDED:
                    return seen
                if seen.status.is_final or in_vain == LOOKS_IN_VAIN:
                    await self._parts.orders.settle(order.task_id)
                    raise _end(seen)
            await asyncio.sleep(pause)
        raise AssertionError("there is always another pause")

    async def _look(self, order: Order) -> Seen | None:
        """None where it could not be seen now, for whatever reason: what is ordered is waited for."""
        connection = connection_of(order, self._parts)
        assert order.remote_id is not None
        try:
            return await self._parts.dialect.look(connection, order.remote_id)
        except Refused as refused:
            if refused.status in (404, 410):
                return Seen(TaskStatus.UNKNOWN)
            trouble: Exception = refused
        except Busy as busy:
            await asyncio.sleep(busy.retry_after or 0)
            return None
        except (NotReached, Lost) as lost:
            trouble = lost
        log.warning("order not seen", extra=about(self._asked.task, order) | {"reason": str(trouble)})
        return None

    async def _fetch(self, order: Order, seen: Seen) -> None:
        """Raises WorkerFault."""
        assert order.remote_id is not None
        source = self._parts.dialect.source(connection_of(order, self._parts), order.remote_id, seen)
        await Download(self._parts.line, source, Path(self._asked.output), self._parts.plain).run()


def _end(seen: Seen) -> Exception:
    if seen.error is not None:
        return seen.error
    return InternalError(FORGOTTEN if seen.status is TaskStatus.UNKNOWN else CANCELED_THERE)

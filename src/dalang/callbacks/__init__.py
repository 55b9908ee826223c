"""Those who asked are told when a task has ended: an event is posted until it is taken, or until it is too late.

At least once: a server that is killed between a message and writing down that it was taken sends it again, under the
same webhook-id.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlsplit

from dalang.alarm import Alarm
from dalang.callbacks.address import check_callback_url
from dalang.callbacks.event import CONTENT_TYPE, finish_event
from dalang.callbacks.schedule import next_try
from dalang.callbacks.signature import signed
from dalang.clock import Clock
from dalang.errors import InvalidURL, StoreError
from dalang.keys import webhook_secret
from dalang.store import Callback, Store

if TYPE_CHECKING:
    from dalang.fetch.post import Answer

__all__ = ["Callbacks", "check_callback_url"]

AT_ONCE, OF_ACCOUNT, EACH = 32, 8, 4
"""Messages on their way: in all, of one account and to one host, so that slow receivers, however many names one
account gives them, do not hold up the others."""

LINE, LINE_OF_ACCOUNT, LINE_EACH = 256, 64, 32
"""Messages that wait here for their turn, likewise."""

HOLD = 30_000
"""Milliseconds for which the store gives a callback to nobody else: after that, what we did not settle is given again,
to us or to another server."""

TURN = 15_000
"""Milliseconds that one may wait here, so that its message is over before HOLD is."""

TICK = 1.0
"""Seconds after which it looks again with nothing to wake it, or with a line that had no place for what it found."""

GONE = 410
"""The receiver wants no more of it (RFC 9110, 15.5.11)."""

log = logging.getLogger("dalang.callbacks")


class Poster(Protocol):
    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises InvalidURL. Takes no more than HOLD - TURN."""


class Waiting(NamedTuple):
    callback: Callback
    host: str
    until: int
    """Afterwards it is no longer ours."""


class Sending(NamedTuple):
    account: str
    host: str
    work: asyncio.Task[None]


class Failure(NamedTuple):
    reason: str
    again: int | None
    """When to try once more; None never."""


class Callbacks:
    """One per server. `secret` is the data folder's, from which each key's own is derived."""

    def __init__(self, store: Store, poster: Poster, secret: bytes, clock: Clock) -> None:
        self._store = store
        self._poster = poster
        self._secret = secret
        self._clock = clock
        self._line: list[Waiting] = []
        self._sending: dict[str, Sending] = {}
        self._crowded_until = 0
        self._alarm = Alarm(store)

    async def run(self) -> None:
        """Until canceled; what is on its way then is sent again later."""
        try:
            async with self._alarm.watching():
                while True:
                    self._alarm.clear()
                    pause = TICK
                    try:
                        await self.step()
                        pause = self._pause()
                    except StoreError as error:
                        log.error("callbacks step failed", extra={"reason": str(error)})
                    await self._alarm.wait(pause)
        finally:
            works = [sending.work for sending in self._sending.values()]
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def step(self) -> None:
        """Let go of what has waited too long, line up what is due, send what has its turn."""
        now = self._clock()
        self._line = [waiting for waiting in self._line if now < waiting.until]
        await self._line_up()
        self._send()

    def _pause(self) -> float:
        at = self._store.next_callback()
        if at is None or self._is_crowded:
            return TICK
        return min(TICK, max(0, at - self._clock()) / 1000)

    @property
    def _is_crowded(self) -> bool:
        return len(self._line) >= LINE or self._clock() < self._crowded_until

    async def _line_up(self) -> None:
        """What finds the line for its account or host full is let go: it is given again after HOLD, and does not bar
        the rest."""
        if self._is_crowded:
            return
        found = await self._store.due_callbacks(LINE - len(self._line), HOLD)
        now = self._clock()
        of_account = Counter(waiting.callback.task.account for waiting in self._line)
        to_host = Counter(waiting.host for waiting in self._line)
        for callback in found:
            account, host = callback.task.account, host_of(callback.url)
            if of_account[account] >= LINE_OF_ACCOUNT or to_host[host] >= LINE_EACH:
                self._crowded_until = now + round(TICK * 1000)
            elif callback.task.id not in self._sending:
                self._line.append(Waiting(callback, host, now + TURN))
                of_account[account] += 1
                to_host[host] += 1

    def _send(self) -> None:
        left = []
        for waiting in self._line:
            task = waiting.callback.task
            if not self._has_room(task.account, waiting.host):
                left.append(waiting)
            elif self._store.get(task.id):  # it may be gone since it was given: expired, or reset by a test
                work = asyncio.create_task(self._tell(waiting.callback))
                self._sending[task.id] = Sending(task.account, waiting.host, work)
                work.add_done_callback(partial(self._forget, task.id))
        self._line = left

    def _has_room(self, account: str, host: str) -> bool:
        of_account = sum(account == sending.account for sending in self._sending.values())
        to_host = sum(host == sending.host for sending in self._sending.values())
        return len(self._sending) < AT_ONCE and of_account < OF_ACCOUNT and to_host < EACH

    def _forget(self, task_id: str, work: asyncio.Task[None]) -> None:
        del self._sending[task_id]
        self._alarm.ring()
        if not work.cancelled() and (error := work.exception()):
            log.error("callback not settled", exc_info=error, extra={"task_id": task_id})

    async def _tell(self, callback: Callback) -> None:
        """Raises StoreError when what came of it could not be recorded; then it is told again after HOLD."""
        failure = await self._deliver(callback)
        again = failure and failure.again
        await self._store.settle_callback(callback.task.id, again)
        facts: dict[str, object] = {**about(callback), "tries": callback.tries + 1}
        if failure is None:
            log.info("callback taken", extra=facts)
        elif again is None:
            log.warning("callback given up", extra=facts | {"reason": failure.reason})
        else:
            seconds = round((again - self._clock()) / 1000)
            log.warning("callback failed", extra=facts | {"reason": failure.reason, "again_in": f"{seconds} s"})

    async def _deliver(self, callback: Callback) -> Failure | None:
        try:
            answer = await self._post(callback)
        except InvalidURL as error:
            return Failure(error.message, self._next_try(callback))
        if 200 <= answer.status < 300:
            return None
        reason = f"The receiver answered {answer.status}."
        return Failure(reason, None if answer.status == GONE else self._next_try(callback, answer.retry_after))

    def _next_try(self, callback: Callback, retry_after: str | None = None) -> int | None:
        return next_try(callback.task, callback.tries + 1, self._clock(), retry_after)

    async def _post(self, callback: Callback) -> Answer:
        task, body = callback.task, finish_event(callback.task)
        secret = webhook_secret(self._secret, task.key_id)
        headers = signed(secret, task.id, self._clock() // 1000, body)
        return await self._poster.post(callback.url, body, {"content-type": CONTENT_TYPE, **headers})


def host_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def about(callback: Callback) -> dict[str, str]:
    """The address only by its host: the rest may hold secrets."""
    return {
        "task_id": callback.task.id,
        "request_id": callback.task.request_id,
        "host": host_of(callback.url),
    }

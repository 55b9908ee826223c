"""Request bodies, within limits: of one body, and of all that are in memory at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

from dalang.errors import IllegalInput, PayloadTooLarge, Throttling

MAX_BODY = 32 << 20
"""A picture of 20 MB in base64, and room for the rest."""

SMALL = 64 << 10
"""Bodies up to this size take from no budget: a connection holds as much anyway."""

BUDGET = 2 * MAX_BODY
"""Bytes of larger bodies in memory at once, over all connections; the rest wait unread."""

WAIT_SECONDS = 60
"""For a share of the budget."""

SLOWEST = 100_000
"""Bytes a second a client must send, after `START_SECONDS`, so that none holds its share for ever."""

START_SECONDS = 30


class Shares:
    """What accounts take from, none more than `each` of it, so that one's slow clients do not bar the others."""

    def __init__(self, total: int, each: int) -> None:
        self._free = total
        self._each = each
        self._held: Counter[str] = Counter()
        self._change = asyncio.Condition()

    async def take(self, account: str, share: int) -> None:
        """Returns once there is room for it."""
        async with self._change:
            await self._change.wait_for(lambda: share <= min(self._free, self._each - self._held[account]))
            self._free -= share
            self._held[account] += share

    async def give_back(self, account: str, share: int) -> None:
        async with self._change:
            self._free += share
            self._held[account] -= share
            self._held += Counter()  # without those that hold nothing
            self._change.notify_all()


class Bodies:
    """Hands out shares of the budget as they fit; one account has half of it at most."""

    def __init__(self) -> None:
        self._shares = Shares(BUDGET, BUDGET // 2)

    @asynccontextmanager
    async def read(self, request: Request, account: str) -> AsyncIterator[bytearray]:
        """The body; its share is held until the block ends. Raises PayloadTooLarge, IllegalInput or Throttling."""
        size = await self._announced(request)
        share = 0 if size <= SMALL else size
        await self._take(account, share)
        try:
            yield await _receive(request, size)
        finally:
            if share:
                await self._shares.give_back(account, share)

    async def _announced(self, request: Request) -> int:
        """Bytes to reckon with; a body that does not say counts as the largest allowed."""
        length = request.headers.get("content-length")
        if length is None:
            return MAX_BODY if "transfer-encoding" in request.headers else 0
        if int(length) > MAX_BODY:
            raise _too_large()
        return int(length)

    async def _take(self, account: str, share: int) -> None:
        if not share:
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._shares.take(account, share)
        except TimeoutError:
            raise Throttling("Requests throttling triggered. Too many large bodies at once; retry later.") from None


async def _receive(request: Request, size: int) -> bytearray:
    body = bytearray()
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(began + START_SECONDS) as limit:
            async for chunk in request.stream():
                body += chunk
                if len(body) > size:
                    raise _too_large()
                limit.reschedule(began + START_SECONDS + len(body) / SLOWEST)
    except TimeoutError:
        raise IllegalInput("The body came too slowly.", code="RequestTimeOut", status=408) from None
    except ClientDisconnect:
        raise IllegalInput("The body ended before its announced length.") from None
    return body


async def discard(request: Request) -> None:
    """Read and drop what a refused request is still sending, unless it is absurdly much: a client that sends does not
    read the refusal, and one that is cut off sees a broken connection in its place."""
    length = int(request.headers.get("content-length", 0))
    if not 0 < length <= 8 * MAX_BODY:
        return
    try:
        async with asyncio.timeout(START_SECONDS):
            async for _ in request.stream():
                pass
    except (TimeoutError, ClientDisconnect, RuntimeError):  # RuntimeError: it was read already
        return


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge(
        f"Required body invalid, please check the request body format. The body may have {MAX_BODY} bytes at most."
    )

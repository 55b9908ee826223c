"""The way to one endpoint of a remote: with its key, and so that it is known whether anything was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from dalang.endpoint import DIRECT
from dalang.executors.remote.patience import wish
from dalang.executors.remote.trouble import Answer, Lost, NotReached
from dalang.remotes import Endpoint

CONNECT_SECONDS = 10.0

READ_SECONDS = 60.0
"""Between two reads, and two writes."""

ALL_SECONDS = 180.0
"""For one call in all."""

MAX_ANSWER = 4 << 20
"""Bytes; real answers have some thousands."""

SHORTEST_SECRET = 8
"""Characters of a key that is kept from answers. A shorter one is a word that servers without keys are given, such as
"video", which stands in their answers."""


class Connection:
    """`transport` stands in for the network."""

    def __init__(self, endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url = endpoint.url.rstrip("/")
        self._key = endpoint.key
        # None is kept for a second call: on one that the server has closed meanwhile an order would look lost.
        self._http = httpx.AsyncClient(
            headers={"User-Agent": "dalang", "Accept-Encoding": "identity", **self.credentials},
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=None),
            limits=httpx.Limits(max_keepalive_connections=0, max_connections=None),
            mounts=None if transport else dict.fromkeys(DIRECT),
            transport=transport,
        )

    @property
    def credentials(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    @property
    def host(self) -> str:
        return httpx.URL(self.url).host

    async def ask(
        self, method: str, path: str, *, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """`path` follows the base address. Raises NotReached or Lost."""
        try:
            async with (
                asyncio.timeout(ALL_SECONDS),
                self._http.stream(method, self.url + path, content=content, headers=headers) as reply,
            ):
                body = await self._body(reply)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotReached(f"It cannot be reached ({type(error).__name__}).") from error
        except (httpx.TransportError, TimeoutError) as error:
            raise Lost(f"The connection broke off ({type(error).__name__}).") from error
        return Answer(reply.status_code, _object(body), wish(reply.headers.get("retry-after")))

    async def close(self) -> None:
        await self._http.aclose()

    async def _body(self, reply: httpx.Response) -> bytes:
        """Without our key, which a server may repeat in a sentence, and so before it is in any. Raises Lost."""
        body = bytearray()
        async for chunk in reply.aiter_raw():
            body += chunk
            if len(body) > MAX_ANSWER:
                raise Lost("It answered without end.")
        if self._key and len(self._key) >= SHORTEST_SECRET:
            body = body.replace(self._key.encode(), b"***")
        return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # the latter two of text within, and of depth
        return {}
    return content if isinstance(content, dict) else {}

"""Uploads that go to the app behind a replay: read along with it, for the digest of what lies at their address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dalang.cassette.notes import Notes
from dalang.cassette.post import Post
from dalang.errors import ProtocolError


class Overhearing:
    """`receive` is the app's; what it takes is read here too."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._heard: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._heard.put_nowait(message.get("body", b""))
        if not message.get("more_body"):
            self.end()
        return message

    def end(self) -> None:
        self._heard.put_nowait(None)

    async def chunks(self) -> AsyncIterator[bytes]:
        while (chunk := await self._heard.get()) is not None:
            yield chunk


async def overhear(app: ASGIApp, scope: Scope, receive: Receive, send: Send, uploads: Notes) -> None:
    """What `app` accepts is noted in `uploads`."""
    overhearing = Overhearing(receive)
    reading = asyncio.create_task(_read(Request(scope).headers.get("content-type"), overhearing.chunks()))

    async def watched(message: Message) -> None:
        if message["type"] == "http.response.start":
            overhearing.end()
            if message["status"] < 300:
                with suppress(ProtocolError):  # a form that it takes and we do not
                    uploads.note(*await reading)
        await send(message)

    try:
        await app(scope, overhearing.receive, watched)
    finally:
        reading.cancel()


async def _read(content_type: str | None, chunks: AsyncIterator[bytes]) -> tuple[str, str]:
    """The key and the digest. Raises ProtocolError."""
    post = Post(content_type, chunks)
    fields = await post.read_fields()
    await post.skip()
    return fields.get("key", ""), post.digest

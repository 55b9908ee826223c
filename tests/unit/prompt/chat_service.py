"""A chat service on the loopback that answers what a test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

OK = b"HTTP/1.1 200 OK\r\n"


def said(text: str | None, finish: str = "stop") -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return reply(json.dumps({"id": "1", "object": "chat.completion", "choices": [choice]}).encode())


def reply(body: bytes, head: bytes = OK) -> bytes:
    return head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


class ChatService:
    """`answer` goes out as it is; None hangs, and an answer without its Content-Length goes on for ever."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.heads: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.lost = 0
        """Connections still to be closed without an answer."""
        self.port = 0
        self.open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self.open.add(connection)
        connection.add_done_callback(self.open.discard)

    async def close(self) -> None:
        for connection in tuple(self.open):
            connection.cancel()
        await asyncio.gather(*self.open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await self._answer_one(reader, writer)
        writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in head.strip().split("\r\n")[1:])
        body = await reader.readexactly(int(fields["content-length"]))
        self.heads.append(head)
        self.bodies.append(json.loads(body))
        if self.lost:
            self.lost -= 1
            raise ConnectionResetError
        if self.answer is None:
            await reader.read()
            raise ConnectionResetError
        writer.write(self.answer)
        while b"Content-Length" not in self.answer:
            writer.write(b" " * 65536)
            await writer.drain()


@asynccontextmanager
async def chat_service(answer: bytes | None) -> AsyncIterator[ChatService]:
    service = ChatService(answer)
    server = await asyncio.start_server(service.connected, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
        await service.close()

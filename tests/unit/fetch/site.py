"""A web site on the loopback that answers as scripted, and a dialler that leads every address there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpcore

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Detour(httpcore.AsyncNetworkBackend):
    """Writes down who was dialled and connects to the test's server instead."""

    def __init__(self, port: int) -> None:
        self.port, self.dialled = port, list[str]()

    async def connect_tcp(self, host: str, port: int, *rest: Any, **_: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port)


class Site:
    """Each path has its reply; `requests` holds heads, `bodies` what came after them."""

    def __init__(self) -> None:
        self.replies: dict[str, bytes | Reply] = {}
        self.requests: list[bytes] = []
        self.bodies: list[bytes] = []
        self.hang = asyncio.Event()
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(request)
            self.bodies.append(await reader.readexactly(length(request)))
            reply = self.replies[request.split()[1].decode().partition("?")[0]]
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def drip(self, writer: asyncio.StreamWriter) -> None:
        """A good head, three bytes, then nothing."""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        await self.hang.wait()

    async def silence(self, writer: asyncio.StreamWriter) -> None:
        await self.hang.wait()

    async def endless(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.hang.is_set():
            writer.write(b"x" * 65536)
            await writer.drain()


def length(request: bytes) -> int:
    fields = dict(line.lower().split(b": ", 1) for line in request.split(b"\r\n")[1:-2])
    return int(fields.get(b"content-length", b"0"))


def reply(status: str = "200 OK", body: bytes = b"", **fields: str) -> bytes:
    head = {"Content_Length": str(len(body))} | fields
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body

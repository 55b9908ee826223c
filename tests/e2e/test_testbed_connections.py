"""Connections that test mode drops and bodies that it breaks off, over the real listener, as clients see them."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dalang.clock import system_clock
from dalang.config import Config
from dalang.listener import Listener
from dalang.testbed.app import TestApp
from dalang.testbed.fault import Drop, Fault, OnCall, Truncate, When
from dalang.testbed.faults import Faults
from dalang.testbed.journal import Journal
from tests.unit.fetch.certificate import certificate

SIZE = 1_000_001

PATIENCE = 20
"""Seconds after which a client gives up: that it need not is what is tested."""

Client = Callable[[str], Any]


class Bed:
    """A listener in this process with test mode before a small application."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.film = folder / "film.mp4"
        self.film.write_bytes(b"x" * SIZE)
        self.calls: list[str] = []
        self.faults = Faults()
        app = TestApp(self._answer, self.faults, Journal(), lambda _: None, _not_polled, system_clock)
        self._listener = Listener(app, Config(data=str(folder / "data"), port=0, **settings))
        self.url = self._listener.url
        self.port = int(self.url.rpartition(":")[2])

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls.append(scope["path"])
        is_file = scope["path"].startswith("/files/")
        reply: ASGIApp = FileResponse(self.film) if is_file else Response("as usual")
        await reply(scope, receive, send)

    def declare(self, then: OnCall, path: str) -> None:
        self.faults.add(Fault(then=then, when=When(path=path)))

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Bed]:
        running = asyncio.create_task(self._listener.run())
        yield self
        running.cancel()
        await asyncio.wait([running])


async def _not_polled(task_id: str) -> bool:
    return False


@pytest.fixture
async def bed(tmp_path: Path) -> AsyncIterator[Bed]:
    bed = Bed(tmp_path)
    bed.declare(Drop("before"), "/before")
    bed.declare(Drop("after"), "/after")
    bed.declare(Truncate(0.3), "/files/*")
    async with bed.served():
        yield bed


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    return certificate(tmp_path, "localhost")


@pytest.fixture
async def secure_bed(tmp_path: Path, pem: Path) -> AsyncIterator[Bed]:
    bed = Bed(tmp_path, tls_cert=str(pem), tls_key=str(pem))
    bed.declare(Drop("before"), "/before")
    bed.declare(Truncate(0.3), "/files/*")
    async with bed.served():
        yield bed


def by_httpx(url: str) -> bytes:
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        return client.get(url).content


def by_requests(url: str) -> bytes:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=PATIENCE).content


def by_socket(port: int, *paths: str) -> bytes:
    """All that comes back for these, one after another on one connection, until it is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for path in paths:
            connection.sendall(f"GET {path} HTTP/1.1\r\nhost: dalang\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


# Dropped


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("client", "error"), [(by_httpx, httpx.RemoteProtocolError), (by_requests, requests.ConnectionError)]
)
async def test_a_client_sees_its_connection_die_without_an_answer(
    bed: Bed, client: Client, error: type[Exception], moment: str
) -> None:
    with pytest.raises(error, match=r"disconnected without|without response"):
        await asyncio.to_thread(client, f"{bed.url}/{moment}")
    assert bed.calls == (["/after"] if moment == "after" else [])


async def test_not_a_byte_comes_back(bed: Bed) -> None:
    assert await asyncio.to_thread(by_socket, bed.port, "/before") == b""


async def test_a_connection_in_use_is_dropped_too(bed: Bed) -> None:
    def call() -> tuple[bytes, int]:
        connection = http.client.HTTPConnection("127.0.0.1", bed.port, timeout=PATIENCE)
        connection.request("GET", "/usual")
        first = connection.getresponse().read()
        local = connection.sock.getsockname()[1]
        connection.request("POST", "/before", b"x" * 300_000)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            connection.getresponse()
        return first, local

    first, _ = await asyncio.to_thread(call)
    assert first == b"as usual"


async def test_other_connections_live_on(bed: Bed) -> None:
    """Side by side, on connections that stay."""

    def visit(name: int) -> list[str]:
        seen = []
        with httpx.Client(base_url=bed.url, trust_env=False, timeout=PATIENCE) as client:
            for path in ("/usual", "/before", "/usual", "/after", "/usual") * 5:
                try:
                    seen.append(client.get(path).text)
                except httpx.RemoteProtocolError:
                    seen.append("dropped")
        return seen

    with ThreadPoolExecutor(8) as threads:
        loop = asyncio.get_running_loop()
        all_seen = await asyncio.gather(*(loop.run_in_executor(threads, visit, name) for name in range(8)))
    assert all_seen == [["as usual", "dropped", "as usual", "dropped", "as usual"] * 5] * 8


async def test_a_client_that_has_left_is_nobody_to_drop(bed: Bed) -> None:
    def leave() -> None:
        with socket.create_connection(("127.0.0.1", bed.port), timeout=PATIENCE) as connection:
            connection.sendall(b"GET /after HTTP/1.1\r\nhost: dalang\r\n\r\n")

    for _ in range(20):
        await asyncio.to_thread(leave)
    assert await asyncio.to_thread(by_httpx, f"{bed.url}/usual") == b"as usual"


# Broken off


async def test_a_download_breaks_off_after_its_part(bed: Bed) -> None:
    heads, _, body = (await asyncio.to_thread(by_socket, bed.port, "/files/a/film.mp4")).partition(b"\r\n\r\n")
    assert f"content-length: {SIZE}" in heads.decode().lower()
    assert len(body) == int(SIZE * 0.3)


async def test_httpx_sees_an_incomplete_body(bed: Bed) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match=f"received {int(SIZE * 0.3)} bytes, expected {SIZE}"):
        await asyncio.to_thread(by_httpx, f"{bed.url}/files/a/film.mp4")


async def test_requests_sees_an_incomplete_body(bed: Bed) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        await asyncio.to_thread(by_requests, f"{bed.url}/files/a/film.mp4")


@pytest.mark.parametrize("part", [0.0, 0.000001, 0.999999])
async def test_any_part_is_sent_exactly(tmp_path: Path, part: float) -> None:
    bed = Bed(tmp_path)
    bed.declare(Truncate(part), "/files/*")
    async with bed.served():
        reply = await asyncio.to_thread(by_socket, bed.port, "/files/a/film.mp4")
    assert len(reply.partition(b"\r\n\r\n")[2]) == int(SIZE * part)


async def test_a_short_reply_breaks_off_too(tmp_path: Path) -> None:
    bed = Bed(tmp_path)
    bed.declare(Truncate(0.5), "/usual")
    async with bed.served():
        assert (await asyncio.to_thread(by_socket, bed.port, "/usual")).endswith(b"\r\n\r\nas u")


# Over TLS


async def test_tls_connections_are_dropped_and_broken_off_alike(secure_bed: Bed, pem: Path) -> None:
    trust = ssl.create_default_context(cafile=str(pem))
    url = f"https://localhost:{secure_bed.port}"

    def visit() -> None:
        with httpx.Client(trust_env=False, timeout=PATIENCE, verify=trust) as client:
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                client.get(f"{url}/before")
            assert client.get(f"{url}/usual").text == "as usual"
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                client.get(f"{url}/files/a/film.mp4")
            assert client.get(f"{url}/usual").text == "as usual"

    await asyncio.to_thread(visit)


# By addresses


async def test_ipv6_connections_are_found(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    bed = Bed(tmp_path, host="::1")
    bed.declare(Drop("before"), "/before")
    async with bed.served():
        with pytest.raises(httpx.RemoteProtocolError):
            await asyncio.to_thread(by_httpx, f"{bed.url}/before")

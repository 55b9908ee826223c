"""One download: hop by hop through the gate, onto the disk, within every limit."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpcore
import httpx

from dalang.errors import InvalidURL
from dalang.fetch.addresses import Allowed, Resolve
from dalang.fetch.gate import Gate, SystemResolver
from dalang.fetch.refusal import refused

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_URL = 8192
"""Characters."""
BLOCK = 1 << 20
"""Bytes gathered in memory before they are written."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one download may take. Times are in seconds."""

    max_bytes: int
    total_time: float
    redirects: int
    connect_time: float = 5.0
    head_time: float = 15.0
    """Until the whole head of an answer is there, the connection included."""
    idle_time: float = 10.0
    """Between two reads."""
    patience: float = 10.0
    """How long a body may come slower than `slowest`."""
    slowest: float = 16 * 1024
    """Bytes a second, on average since the body began."""

    @property
    def times(self) -> str:
        return (
            f"Allowed are {self.connect_time:g} s to connect, {self.idle_time:g} s between two reads "
            f"and {self.total_time:g} s in all"
        )


class Line:
    """The connections of a process through the gate. None is kept for a second request, no proxy is asked."""

    def __init__(
        self,
        allowed: Allowed,
        resolve: Resolve | None,
        dial: httpcore.AsyncNetworkBackend | None,
        tls: ssl.SSLContext | None,
    ) -> None:
        gate = Gate(allowed, resolve or SystemResolver(), dial or httpcore.AnyIOBackend())
        self.pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=gate,
        )

    async def close(self) -> None:
        await self.pool.aclose()


async def download(line: Line, url: str, target: Path, limits: Limits) -> None:
    """Follow `url` to a 200 and write its body to `target`. Raises InvalidURL; see `Fetcher.fetch`."""
    first = at = _parsed(url)
    deadline = asyncio.get_running_loop().time() + limits.total_time
    for _ in range(limits.redirects + 1):
        with _told_apart(at, limits):
            async with asyncio.timeout_at(deadline):
                onward = await _hop(line, at, target, limits)
        if onward is None:
            return
        at = onward
    raise refused(f"{_shown(first)} redirects more than {limits.redirects} times")


def _parsed(url: str) -> httpx.URL:
    if len(url) > LONGEST_URL:
        raise refused(f"It is longer than {LONGEST_URL} characters")
    try:
        at = httpx.URL(url)
        host = at.host  # read now, since a name that is no IDNA raises only here
    except (httpx.InvalidURL, UnicodeError) as error:
        raise refused("It cannot be read as an address") from error
    if at.scheme not in ("http", "https"):
        raise refused("It must begin with http:// or https://")
    if at.userinfo:
        raise refused("It must not carry a user name or password")
    if not host:
        raise refused("It names no host")
    if at.port is not None and not 0 < at.port < 65536:
        raise refused(f"There is no port {at.port}")
    return at


async def _hop(line: Line, at: httpx.URL, target: Path, limits: Limits) -> httpx.URL | None:
    """Ask once: None when the body lies at `target`, else where the answer points."""
    times = {"connect": limits.connect_time, "read": limits.idle_time, "write": limits.idle_time}
    # Host as the URL has it; identity, since a compressed body hides its size.
    headers = [
        (b"Host", at.netloc),
        (b"User-Agent", b"dalang"),
        (b"Accept", b"*/*"),
        (b"Accept-Encoding", b"identity"),
    ]
    where = httpcore.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path)
    async with contextlib.AsyncExitStack() as asked:
        call = line.pool.stream("GET", where, headers=headers, extensions={"timeout": times})
        async with asyncio.timeout(limits.head_time):  # a head that drips passes every limit on a single read
            answer = await asked.enter_async_context(call)
        fields = {name.lower(): value.decode("utf-8", "replace") for name, value in answer.headers}
        if answer.status in REDIRECTS:
            return _onward(at, answer.status, fields)
        _check_head(at, answer.status, fields, limits)
        await _save(answer, at, target, limits)
    return None


def _onward(at: httpx.URL, status: int, fields: dict[bytes, str]) -> httpx.URL:
    if b"location" not in fields:
        raise refused(f"{at.host} answered {status} without saying where to go")
    try:
        onward = _parsed(str(at.join(fields[b"location"])))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise refused(f"{at.host} redirects to something that is no address") from error
    if at.scheme == "https" and onward.scheme == "http":
        raise refused(f"{at.host} redirects from https to http")
    return onward


def _check_head(at: httpx.URL, status: int, fields: dict[bytes, str], limits: Limits) -> None:
    if status != 200:
        raise refused(f"{at.host} answered {status}")
    coding = fields.get(b"content-encoding", "identity")
    if coding.lower() != "identity":
        raise refused(f"{at.host} sends the file compressed, though asked not to")
    if int(fields.get(b"content-length", "0")) > limits.max_bytes:
        raise _too_large(at, limits)


async def _save(answer: httpcore.Response, at: httpx.URL, target: Path, limits: Limits) -> None:
    began, received, block = time.monotonic(), 0, bytearray()
    with contextlib.ExitStack() as undo:
        undo.callback(target.unlink, missing_ok=True)
        file = undo.enter_context(await asyncio.to_thread(target.open, "wb"))
        async for chunk in answer.aiter_stream():
            received += len(chunk)
            if received > limits.max_bytes:
                raise _too_large(at, limits)
            _check_pace(received, time.monotonic() - began, limits)
            block += chunk
            if len(block) >= BLOCK:
                await asyncio.to_thread(file.write, block)
                block = bytearray()
        await asyncio.to_thread(file.write, block)
        file.close()
        undo.pop_all()


def _check_pace(received: int, elapsed: float, limits: Limits) -> None:
    if elapsed > limits.patience and received < limits.slowest * elapsed:
        raise TimeoutError(f"Only {received} bytes came in {elapsed:.0f} s")


@contextlib.contextmanager
def _told_apart(at: httpx.URL, limits: Limits) -> Iterator[None]:
    """Turn what the network raises into errors of the protocol, in the sentences the service documents."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise InvalidURL(
            f"Download {_shown(at)} timeout, please check network connection. {str(error) or limits.times}.",
            code="InvalidURL.Timeout",
        ) from error
    except httpcore.ConnectError as error:
        raise InvalidURL(
            f"Connection to {at.host} refused, please provide available URL{_because(error)}.",
            code="InvalidURL.ConnectionRefused",
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise refused(f"The connection to {at.host} broke off{_because(error)}") from error


def _because(error: BaseException) -> str:
    return f": {error}" if str(error) else ""


def _shown(at: httpx.URL) -> str:
    """The address without its query, which may hold a signature."""
    return f"{at.scheme}://{at.netloc.decode('ascii')}{at.path}"[:200]


def _too_large(at: httpx.URL, limits: Limits) -> InvalidURL:
    return refused(f"{_shown(at)} sends more than {limits.max_bytes / 2**20:g} MB")

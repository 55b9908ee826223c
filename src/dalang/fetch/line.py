"""The connections of a process through the gate, and what can go wrong on them in the protocol's words."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import httpcore
import httpx

from dalang.errors import InvalidURL
from dalang.fetch.addresses import Allowed, Resolve
from dalang.fetch.gate import Gate, SystemResolver
from dalang.fetch.refusal import refused

Header = tuple[bytes, bytes]


@dataclass(frozen=True, kw_only=True)
class Times:
    """What one request may take, in seconds."""

    total: float
    connect: float = 5.0
    head: float = 15.0
    """Until the whole head of an answer is there, the connection included."""
    idle: float = 10.0
    """Between two reads."""

    def __str__(self) -> str:
        return (
            f"Allowed are {self.connect:g} s to connect, {self.idle:g} s between two reads and {self.total:g} s in all"
        )


class Line:
    """None of its connections is kept for a second request, no proxy is asked, no redirect followed by itself."""

    def __init__(
        self,
        allowed: Allowed,
        resolve: Resolve | None = None,
        dial: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        gate = Gate(allowed, resolve or SystemResolver(), dial or httpcore.AnyIOBackend())
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=gate,
        )

    @contextlib.asynccontextmanager
    async def ask(
        self, method: str, at: httpx.URL, headers: Sequence[Header], times: Times, body: bytes | None = None
    ) -> AsyncIterator[httpcore.Response]:
        """The answer once its head is there; its body is the caller's to read, or to leave. Raises what the network
        does, for `told_apart` to translate."""
        # Host as the URL has it; identity, since a compressed body hides its size.
        fixed = [
            (b"Host", at.netloc),
            (b"User-Agent", b"dalang"),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"identity"),
        ]
        where = httpcore.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path)
        limits = {"timeout": {"connect": times.connect, "read": times.idle, "write": times.idle}}
        call = self._pool.stream(method, where, headers=[*fixed, *headers], content=body, extensions=limits)
        async with contextlib.AsyncExitStack() as asked:
            async with asyncio.timeout(times.head):  # a head that drips passes every limit on a single read
                answer = await asked.enter_async_context(call)
            yield answer

    async def close(self) -> None:
        await self._pool.aclose()


def fields_of(answer: httpcore.Response) -> dict[bytes, str]:
    """Header fields by lower-case name; of one that comes twice the last."""
    return {name.lower(): value.decode("utf-8", "replace") for name, value in answer.headers}


@contextlib.contextmanager
def told_apart(at: httpx.URL, late: str, times: Times) -> Iterator[None]:
    """Turn what the network raises into errors of the protocol, in the sentences the service documents. `late` is the
    one for what took too long, without its full stop."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise InvalidURL(f"{late}. {str(error) or times}.", code="InvalidURL.Timeout") from error
    except httpcore.ConnectError as error:
        raise InvalidURL(
            f"Connection to {at.host} refused, please provide available URL{_because(error)}.",
            code="InvalidURL.ConnectionRefused",
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise refused(f"The connection to {at.host} broke off{_because(error)}") from error


def _because(error: BaseException) -> str:
    return f": {error}" if str(error) else ""

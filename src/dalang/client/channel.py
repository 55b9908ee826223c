"""One server, reached with one key: HTTP with deadlines, and what may be sent twice."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import inf

import httpx

from dalang.client.errors import BadReply, ConnectionFailed, OrderUncertain
from dalang.client.patience import SHORTLY, Clock, Deadline
from dalang.client.replies import refuse_error
from dalang.errors import ConfigError

CONNECT_LIMIT = 10.0
"""Seconds that a connection may take to come about."""

SILENCE_LIMIT = 60.0
"""Seconds that a server may say nothing in the midst of a call."""

REPLY_LIMIT = 16_000_000
"""Bytes; no reply of the API comes near it."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""What httpx raises before a byte of the request has left."""

THROTTLED = 429
BUSY = frozenset({THROTTLED, 500, 502, 503, 504})
"""Answers after which a question may be asked again. Of an order only 429 is a sure refusal: behind a proxy,
the others can come after the server has taken it."""

DIRECT = ("all://127.0.0.1", "all://localhost", "all://[::1]")
"""Never through the proxy that the environment may name."""


@dataclass(frozen=True)
class Reply:
    status: int
    retry_after: str
    body: bytes


class Channel:
    """Calls to `base_url`. Every path is relative to it, as in `tasks/ID`."""

    def __init__(
        self, base_url: str, api_key: str, *, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.base_url = api_root(base_url)
        self._clock = clock
        self._http = open_http(transport, headers={"Authorization": f"Bearer {api_key.strip()}"})

    def close(self) -> None:
        self._http.close()

    def ask(
        self,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        limit: float,
        pauses: Iterable[float] = SHORTLY,
    ) -> bytes:
        """A GET of at most `limit` seconds, repeated after each of `pauses` while the server is busy or away.

        Raises `ConnectionFailed`, `ApiError`.
        """
        deadline = Deadline(limit, self._clock)
        url = httpx.URL(f"{self.base_url}/{path}", params=dict(query) if query else None)
        return self._until_through(
            lambda: self._exchange(self._http.build_request("GET", url), deadline),
            deadline,
            pauses,
            lost=(httpx.TransportError,),
            busy=BUSY,
        )

    def order(
        self,
        path: str,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        limit: float,
        is_repeatable: bool = False,
    ) -> bytes:
        """A POST of at most `limit` seconds. Repeated while it is sure that the server did not take it, or, with
        `is_repeatable`, while it is not sure that it did.

        Raises `ConnectionFailed`, `OrderUncertain`, `ApiError`.
        """
        deadline = Deadline(limit, self._clock)
        url = f"{self.base_url}/{path}"
        broken: list[httpx.TransportError] = []

        def exchange() -> Reply:
            try:
                return self._exchange(self._http.build_request("POST", url, json=body, headers=headers), deadline)
            except NOT_SENT:
                raise
            except httpx.TransportError as error:
                broken.append(error)
                raise

        lost, busy = ((httpx.TransportError,), BUSY) if is_repeatable else (NOT_SENT, frozenset({THROTTLED}))
        try:
            return self._until_through(exchange, deadline, SHORTLY, lost=lost, busy=busy)
        except (httpx.TransportError, ConnectionFailed) as error:
            if not broken:
                raise
            raise OrderUncertain(
                f"The connection to {self.base_url} broke ({reason(broken[0])}) when the request may have arrived, "
                f"and it was {'' if is_repeatable else 'not '}sent again{', in vain' if is_repeatable else ''}; "
                "look at the list of tasks first."
            ) from error

    def _until_through(
        self,
        exchange: Callable[[], Reply],
        deadline: Deadline,
        pauses: Iterable[float],
        *,
        lost: tuple[type[httpx.TransportError], ...],
        busy: frozenset[int],
    ) -> bytes:
        """The body of the first good reply, or the last failure, once no pause is left before the deadline."""
        for pause in chain(pauses, (inf,)):
            try:
                reply = exchange()
            except lost as error:
                if pause >= deadline.left:
                    raise ConnectionFailed(f"{self.base_url} cannot be reached ({reason(error)}).") from error
            else:
                pause = max(pause, seconds_named(reply.retry_after))
                if reply.status not in busy or pause >= deadline.left:
                    refuse_error(reply.status, reply.body)
                    return reply.body
            deadline.pause(pause)
        raise AssertionError("no pause of that length ends before a deadline")

    def _exchange(self, request: httpx.Request, deadline: Deadline) -> Reply:
        request.extensions["timeout"] = time_limits(deadline)
        response = self._http.send(request, stream=True)
        try:
            body = read_bounded(response, deadline)
        finally:
            response.close()
        return Reply(response.status_code, response.headers.get("Retry-After", ""), body)


def open_http(transport: httpx.BaseTransport | None, *, headers: Mapping[str, str]) -> httpx.Client:
    """An httpx client that asks no proxy for this machine; `transport` is the seam for tests."""
    return httpx.Client(
        transport=transport,
        headers={"User-Agent": "dalang", **headers},
        mounts=None if transport else dict.fromkeys(DIRECT),
        verify=trust(),
    )


@cache
def trust() -> ssl.SSLContext:
    """The certificate authorities, loaded once: that takes 50 ms."""
    return httpx.create_ssl_context()


def api_root(base_url: str) -> str:
    """The base URL without a slash at its end; one without a path gets the API's. Raises `ConfigError`."""
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL as error:
        raise ConfigError(f"The base URL {base_url!r} is none: {error}.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError(f"The base URL {base_url!r} must look like http://127.0.0.1:8000/api/v1.")
    return str(url).rstrip("/") if url.path.strip("/") else f"{str(url).rstrip('/')}/api/v1"


def time_limits(deadline: Deadline) -> dict[str, float | None]:
    """What httpx is to allow for each step of an exchange, none of it beyond the deadline."""
    step = max(0.001, min(SILENCE_LIMIT, deadline.left))
    return httpx.Timeout(step, connect=min(CONNECT_LIMIT, step)).as_dict()


def read_bounded(response: httpx.Response, deadline: Deadline) -> bytes:
    """The body, unless it is endless. What is there at once counts even when the deadline is past: it may be an
    order's receipt after a slow upload."""
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            if body and deadline.is_past:
                raise httpx.ReadTimeout("the answer took too long", request=response.request)
            body += chunk
            if len(body) > REPLY_LIMIT:
                raise BadReply(f"An answer of over {REPLY_LIMIT} bytes is none of the video API: check the base URL.")
    except httpx.DecodingError as error:
        raise BadReply(f"An answer that cannot be decoded ({error}): check what stands before the server.") from error
    return bytes(body)


def seconds_named(retry_after: str) -> float:
    """A Retry-After in seconds; 0 for none and for its date form, which no server of this API sends."""
    return float(retry_after) if retry_after.isdecimal() else 0.0


def reason(error: Exception) -> str:
    return str(error) or type(error).__name__

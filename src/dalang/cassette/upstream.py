"""The service that is recorded, asked as the client asked: the same headers and bytes, and no redirect followed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from starlette.requests import Request

from dalang.cassette.post import MAX_FILE
from dalang.endpoint import DIRECT
from dalang.errors import ConfigError, ProtocolError

PATIENCE = httpx.Timeout(310, connect=10)
"""Seconds. The official SDKs give a request 300, and theirs should end first."""

MAX_REPLY = 16 << 20
"""Bytes of what is no file."""

NOT_PASSED = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers of one connection (RFC 9110, 7.6.1), and those that each side writes anew."""

WORKSPACE_HOST = re.compile(r"^([^.]+)\.(?=[\w-]+\.maas\.)")
"""Of the cloud's newer addresses, which begin with a workspace."""


class Upstream:
    """`address` with or without `/api/v1` at its end. Raises ConfigError."""

    def __init__(self, address: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        url = _read(address)
        self._root = str(url).rstrip("/").removesuffix("/api/v1")
        self.workspace = match[1] if (match := WORKSPACE_HOST.match(url.host)) else ""
        """That the address itself names, or empty."""
        self.name = self._root.replace(self.workspace, "workspace", 1) if self.workspace else self._root
        """The address as it may be shown."""
        mounts = None if transport else dict.fromkeys(DIRECT)
        limits = httpx.Limits(max_connections=None)  # who waits for a task's end has one each
        self._http = httpx.AsyncClient(transport=transport, mounts=mounts, limits=limits, timeout=PATIENCE)

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, request: Request, body: bytes) -> httpx.Response:
        """Its reply, of which the body is still to come; it must be closed. Raises ProtocolError."""
        path = quote(request.scope["path"], safe="/~@:!$&'()*+,;=")
        url = httpx.URL(f"{self._root}{path}").copy_with(query=request.scope["query_string"] or None)
        headers = [*passed(request.headers.raw), (b"accept-encoding", b"identity")]
        content = body if body or request.method not in ("GET", "HEAD") else None
        with told_plainly(self.name):
            return await self._http.send(
                httpx.Request(request.method, url, headers=headers, content=content), stream=True
            )

    async def read(self, reply: httpx.Response) -> bytes:
        """The body, whole. Raises ProtocolError."""
        body = bytearray()
        with told_plainly(self.name):
            async for chunk in reply.aiter_bytes():
                body += chunk
                if len(body) > MAX_REPLY:
                    raise unusable(f"{self.name} answered without end.")
        return bytes(body)

    async def post(self, host: str, headers: dict[str, str], body: AsyncIterable[bytes]) -> httpx.Response:
        """What a place for uploads says to a form. Raises ProtocolError, and what `body` raises."""
        with told_plainly("The place for uploads"):
            return await self._http.send(httpx.Request("POST", host, headers=headers, content=body))

    async def fetch(self, address: str, into: Path) -> None:
        """A file, whole or not at all; no key goes with it. Raises ProtocolError, OSError."""
        partial = into.with_name(f".{into.name}.partial")
        request = httpx.Request("GET", address, headers={"accept-encoding": "identity"})
        try:
            with told_plainly("The place of the file"):
                reply = await self._http.send(request, stream=True)
                try:
                    await _save(reply, partial)
                finally:
                    await reply.aclose()
            partial.replace(into)
        finally:
            partial.unlink(missing_ok=True)


async def _save(reply: httpx.Response, file: Path) -> None:
    if reply.status_code != httpx.codes.OK:
        status = reply.status_code if reply.is_error else 502
        raise unusable(
            f"The place of the file answers {reply.status_code}: query the task again for a new link.", status
        )
    size = 0
    with file.open("wb") as stream:
        async for chunk in reply.aiter_bytes():
            size += len(chunk)
            if size > MAX_FILE:
                raise unusable(f"The file has over {MAX_FILE >> 20} MB.")
            stream.write(chunk)


def _read(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address.strip())
        host = url.host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ConfigError(f"The upstream {address!r} cannot be read as an address: {error}.") from error
    if url.scheme not in ("http", "https") or not host or url.userinfo or url.query or url.fragment:
        raise ConfigError(
            f"The upstream {address!r} must look like https://dashscope-intl.aliyuncs.com/api/v1: "
            "a scheme, a host and a path, without user, password or query."
        )
    return url


def passed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Those that mean something beyond one connection, their names in small letters; values may be in any encoding."""
    small = [(name.lower(), value) for name, value in headers]
    return [(name, value) for name, value in small if name.decode("latin-1") not in NOT_PASSED]


@contextmanager
def told_plainly(who: str) -> Iterator[None]:
    """What httpx raises, in a sentence for the client."""
    try:
        yield
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise unusable(f"{who} cannot be reached ({error or type(error).__name__}).") from error


def unusable(sentence: str, status: int = 502) -> ProtocolError:
    return ProtocolError(sentence, code="InternalError.Upstream", status=status)

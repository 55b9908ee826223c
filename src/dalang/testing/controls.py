"""The line on which a server in test mode is controlled: HTTP under `/dalang/test/`, on one connection, by no proxy."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx
import msgspec

from dalang.client.replies import read_error
from dalang.launch import Launched
from dalang.testing.errors import ControlRefused, ServerGone

LIMIT = 30.0
"""Seconds; an answer takes one millisecond."""

Json = Mapping[str, object] | msgspec.Struct


class Controls:
    """Calls to a server in test mode. Raises `ControlRefused`, `ServerGone`."""

    def __init__(self, server: Launched, transport: httpx.BaseTransport | None = None) -> None:
        self._server = server
        # Nothing on this line speaks TLS, and to load the certificates for it takes 50 ms.
        line = transport or httpx.HTTPTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self._http = httpx.Client(base_url=f"{server.url}/dalang/test/", transport=line, trust_env=False, timeout=LIMIT)

    def close(self) -> None:
        self._http.close()

    def ask(self, path: str, **query: str | int) -> bytes:
        return self._send("GET", path, query=query)

    def post(self, path: str, body: Json | None = None) -> bytes:
        return self._send("POST", path, msgspec.json.encode(body or {}))

    def put(self, path: str, body: Json | bytes, **query: str | int) -> bytes:
        return self._send("PUT", path, body if isinstance(body, bytes) else msgspec.json.encode(body), query=query)

    def delete(self, path: str) -> bytes:
        return self._send("DELETE", path)

    def _send(
        self, method: str, path: str, content: bytes | None = None, query: Mapping[str, str | int] | None = None
    ) -> bytes:
        try:
            reply = self._http.request(method, path, content=content, params=query)
        except httpx.TransportError as error:
            raise ServerGone(f"The server does not answer: {self._server.last_words}") from error
        if not reply.is_success:
            raise ControlRefused(read_error(reply.status_code, reply.content).message)
        return reply.content

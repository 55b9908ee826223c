"""What every handler is given, and what a request is to it."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dalang.api.auth import bearer_key
from dalang.api.body import Bodies
from dalang.api.metrics import Metrics
from dalang.clock import Clock
from dalang.config import Config
from dalang.ids import random_id
from dalang.storage import Storage
from dalang.store import Key, Store

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Edge:
    """The parts the HTTP side stands on; each request carries them."""

    config: Config
    store: Store
    storage: Storage
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)
    bodies: Bodies = field(default_factory=Bodies)

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(proxy, strict=False) for proxy in self.config.trusted_proxies)

    def authenticate(self, request: Request) -> Key:
        """Raises InvalidApiKey."""
        return bearer_key(self.store, request.headers.get("authorization"))

    def absolute(self, request: Request, path: str) -> str:
        """`path` as the client can reach it: under `public_url`, else under the address that it used itself."""
        return self._base(request) + path if path.startswith("/") else path

    def _base(self, request: Request) -> str:
        if self.config.public_url:
            return self.config.public_url.rstrip("/")
        scheme, host = request.scope["scheme"], request.headers.get("host", "")
        if self._is_trusted(request):
            scheme = request.headers.get("x-forwarded-proto", scheme)
            host = request.headers.get("x-forwarded-host", host)
        return f"{scheme}://{host}"

    def _is_trusted(self, request: Request) -> bool:
        if not self.proxies or request.client is None:
            return False
        address = ipaddress.ip_address(request.client.host)
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:  # how a socket for both tells IPv4
            address = address.ipv4_mapped
        return any(address in proxy for proxy in self.proxies)


class Route(NamedTuple):
    path: str
    endpoint: Callable[[Request], Awaitable[Response]]
    methods: tuple[str, ...] = ("GET", "HEAD")


def edge_of(request: Request) -> Edge:
    edge: Edge = request.scope["dalang.edge"]
    return edge


def json_reply(request: Request, content: dict[str, Any], status: int = 200) -> Response:
    body = msgspec.json.encode({"request_id": request_id(request), **content})
    reply = Response(status_code=status)
    reply.body = body
    reply.raw_headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    return reply


def request_id(request: Request) -> str:
    """One for each request; in its reply, its log lines and, for a create, its task's."""
    known: str | None = request.scope.get("dalang.request_id")
    if known is None:
        known = request.scope["dalang.request_id"] = random_id()
    return known

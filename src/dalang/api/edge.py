"""What every handler is given, and what a request is to it."""

from __future__ import annotations

import ipaddress
import random
import secrets
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dalang.api.auth import caller
from dalang.api.body import Bodies, Shares
from dalang.api.metrics import Metrics
from dalang.api.operation import Operation
from dalang.api.waiters import Queue, Rows, Waiters
from dalang.clock import Clock
from dalang.config import Config
from dalang.errors import ProtocolError, Throttling
from dalang.ids import random_id
from dalang.limits import QUOTA_EXCEEDED, RATE_EXCEEDED, Rates, allowance, query_rate, retry_after
from dalang.models import BEIJING, MAX_SEED, ModelSpec
from dalang.moderation import Moderator
from dalang.regions import LOCAL, Hosts
from dalang.storage import Storage
from dalang.store import Key, Store
from dalang.task import VideoRequest

UPLOADS_AT_ONCE = 64
"""Files that arrive at the same time, each with an open file and a block in memory; the others wait unread. One account
has half of the places at most."""

QUEUE_SECONDS = 5
"""Until another try where the queue is full: one so long does not empty at once."""


def draw_seed() -> int:
    """Nothing that must not be guessed, so it costs no system call."""
    return random.randint(0, MAX_SEED)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Edge:
    """The parts the HTTP side stands on; each request carries them."""

    config: Config
    store: Store
    storage: Storage
    clock: Clock
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    """The data folder's, so that every server on it knows what another one signed."""
    moderator: Moderator = field(default_factory=Moderator)
    rates: Rates = field(default_factory=Rates)
    draw_seed: Callable[[], int] = draw_seed
    """Of a video whose caller gave none, 0..2147483647."""
    metrics: Metrics = field(default_factory=Metrics)
    bodies: Bodies = field(default_factory=Bodies)
    waiters: Waiters = field(default_factory=Waiters)
    uploads: Shares = field(default_factory=lambda: Shares(UPLOADS_AT_ONCE, UPLOADS_AT_ONCE // 2))

    @cached_property
    def queue(self) -> Queue:
        return Queue(self.store, self.clock)

    @cached_property
    def rows(self) -> Rows:
        return Rows(self.store, self.clock)

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(proxy, strict=False) for proxy in self.config.trusted_proxies)

    @cached_property
    def hosts(self) -> Hosts:
        return tuple(self.config.hosts.items())

    @cached_property
    def _home(self) -> str:
        """The cloud has no region that offers everything."""
        return BEIJING if self.config.like_cloud else LOCAL

    def authenticate(self, request: Request) -> Key:
        """Raises InvalidApiKey, AccessDenied or NotFound, as `auth.caller` says."""
        return caller(self.store, self.hosts, headers_of(request), self._host(request), self._home)

    def shortage(self, size: int = 0) -> str | None:
        """A sentence if `size` more bytes would leave less than `disk_floor` free."""
        free, floor = shutil.disk_usage(self.config.data).free - size >> 20, self.config.disk_floor
        if free >= floor:
            return None
        return f"The disk is nearly full: {free} MB are free and {floor} MB must stay (disk_floor)."

    def check_rate(self, key: Key, call: str) -> None:
        """Of queries, lists or cancels. Raises Throttling."""
        if limit := query_rate(self.config):
            self._take((key.account, call), limit)

    def check_submit(self, key: Key, spec: ModelSpec) -> None:
        """Of creates. Raises Throttling."""
        if limit := allowance(self.config, spec).submit_rate:
            self._take((key.account, spec.name), limit)

    def check_queue(self, key: Key) -> None:
        """Before what would be dear to do in vain; the row itself is counted as it is inserted. Raises Throttling."""
        bound = self.config.queue_limit
        if bound and self.store.waiting_of(key.account, bound) >= bound:
            raise self.queue_is_full()

    def queue_is_full(self) -> Throttling:
        return Throttling(
            f"{QUOTA_EXCEEDED} {self.config.queue_limit} tasks of this account wait already (queue_limit).",
            code="Throttling.AllocationQuota",
            retry_after=QUEUE_SECONDS,
        )

    def _take(self, bucket: tuple[str, str], limit: int) -> None:
        if wait := self.rates.take(bucket, limit):
            raise Throttling(RATE_EXCEEDED, code="Throttling.RateQuota", retry_after=retry_after(wait))

    def prepares_text(self, asked: VideoRequest) -> bool:
        """Whether somebody far away has to look at the prompt before the task may run."""
        is_watched = asked.inspect_input or self.config.moderation != "off"
        if asked.prompt_extend and (is_watched or self.config.extend_url):
            return True  # by rules, unwatched, it is extended by the attempt
        return self.moderator.needs_preparation(asked)

    def absolute(self, request: Request, path: str) -> str:
        """`path` as the client can reach it: under `public_url`, else under the address that it used itself."""
        return self._base(request) + path if path.startswith("/") else path

    def _base(self, request: Request) -> str:
        if self.config.public_url:
            return self.config.public_url.rstrip("/")
        scheme = request.scope["scheme"]
        if self._is_trusted(request):
            scheme = headers_of(request).get("x-forwarded-proto", scheme)
        return f"{scheme}://{self._host(request)}"

    def _host(self, request: Request) -> str:
        """The name that the client used."""
        headers = headers_of(request)
        host = headers.get("host", "")
        return headers.get("x-forwarded-host", host) if self._is_trusted(request) else host

    def _is_trusted(self, request: Request) -> bool:
        if not self.proxies or request.client is None:
            return False
        address = ipaddress.ip_address(request.client.host)
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:  # how a socket for both tells IPv4
            address = address.ipv4_mapped
        return any(address in proxy for proxy in self.proxies)


Refused = Callable[[Request, ProtocolError], Response]
"""How a protocol says what an error says."""


def flat(request: Request, error: ProtocolError) -> Response:
    """As all of `/api/v1` does."""
    return json_reply(request, {"code": error.code, "message": error.message}, error.status)


class Route(NamedTuple):
    path: str
    endpoint: Callable[[Request], Awaitable[Response]]
    methods: tuple[str, ...] = ("GET", "HEAD")
    about: Operation | None = None
    """None where every call is refused."""
    refused: Refused = flat
    """Speaks for all paths that begin with the same name, whether they are there or not."""


def headers_of(request: Request) -> Mapping[str, str]:
    """By name in small letters, the first of each. Starlette's look through all headers for each that is asked for."""
    known: dict[str, str] | None = request.scope.get("dalang.headers")
    if known is None:
        sent = reversed(request.scope["headers"])
        known = request.scope["dalang.headers"] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in sent
        }
    return known


def forget_headers(request: Request) -> None:
    """They can be read again."""
    request.scope.pop("dalang.headers", None)


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

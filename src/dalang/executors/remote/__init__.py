"""Attempts that another server makes: ordered there, followed, fetched. No process of ours draws."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence

import httpx

from dalang import events
from dalang.errors import StoreError
from dalang.executors.remote.balance import Balance
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.dashscope import DashScope
from dalang.executors.remote.dialect import Dialect
from dalang.executors.remote.errand import Errand
from dalang.executors.remote.leftovers import Leftovers
from dalang.executors.remote.openai import OpenAI
from dalang.executors.remote.pace import Pace
from dalang.executors.remote.parts import CLOSE_SECONDS, Parts, Screen
from dalang.executors.remote.trouble import Lost, NotReached
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line
from dalang.remotes import Remote
from dalang.store import Orders

DIALECTS: dict[str, Callable[[Remote, Line], Dialect]] = {"dashscope": DashScope, "openai": OpenAI}

BEAT = 0.5
"""Seconds between signs of life, also where they tell no progress."""

TICK = 1.0
"""Seconds between looks at endpoints that have failed, and at what is left to cancel."""

log = logging.getLogger("dalang.remote")


class RemoteExecutor:
    """`name` is the remote's in the config; `screen` looks at what has come, where frames are to be inspected;
    `neighbours` tells which other servers on our folder are alive; `allow` names hosts besides its own that may serve
    its videos although they are private; `transport` stands in for the network."""

    def __init__(
        self,
        name: str,
        remote: Remote,
        orders: Orders,
        screen: Screen,
        neighbours: Callable[[], Collection[str]],
        allow: Collection[str] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        connections = [Connection(endpoint, transport) for endpoint in remote.endpoints]
        plain = {connection.host for connection in connections} | set(allow)
        line = Line(parse_allow(plain, "DALANG_FETCH_ALLOW"))
        self._slots = remote.slots
        self._parts = Parts(
            name=name,
            remote=remote,
            dialect=DIALECTS[remote.kind](remote, line),
            connections={connection.url: connection for connection in connections},
            balance=Balance(remote.endpoints),
            pace=Pace(remote.submit_rate),
            line=line,
            plain=frozenset(plain),
            orders=orders,
            screen=screen,
            neighbours=neighbours,
            placing=set(),
        )
        self._under_way: set[asyncio.Task[events.Rendered]] = set()
        self._on_idle: Callable[[], None] = lambda: None
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def idle(self) -> int:
        """None while no endpoint is well: a task may as well wait in the queue."""
        if not self._parts.balance.is_open:
            return 0
        return max(0, self._slots - max(len(self._under_way), len(self._parts.placing)))

    @property
    def wanted(self) -> Sequence[str]:
        """Nothing is warm here that suits one task more than another."""
        return ()

    async def start(self, on_idle: Callable[[], None]) -> None:
        self._on_idle = on_idle
        for connection in self._parts.connections.values():
            keeping = (self._look_after(connection), self._clear_up(connection))
            self._keepers += [asyncio.create_task(work) for work in keeping]
        on_idle()

    async def close(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        if self._parts.placing:
            await asyncio.wait(self._parts.placing, timeout=CLOSE_SECONDS)
        await asyncio.gather(*(connection.close() for connection in self._parts.connections.values()))
        await self._parts.line.close()

    async def run(self, command: events.Command) -> AsyncGenerator[events.Event, None]:
        assert isinstance(command, events.Obtain)
        errand = Errand(command, self._parts)
        work = asyncio.create_task(errand.run())
        self._under_way.add(work)
        work.add_done_callback(self._release)
        try:
            while not work.done():
                await asyncio.wait([work], timeout=BEAT)
                yield events.Progress(errand.progress)
            yield work.result()
        finally:
            work.cancel()

    def _release(self, work: asyncio.Task[events.Rendered]) -> None:
        self._under_way.discard(work)
        if not work.cancelled():
            work.exception()  # nobody may be left to ask for it
        self._on_idle()

    async def _look_after(self, connection: Connection) -> None:
        while True:
            if self._parts.balance.is_to_look_at(connection.url):
                await self._look_at(connection)
            await asyncio.sleep(TICK)

    async def _look_at(self, connection: Connection) -> None:
        """Whatever it answers, it is there; but a proxy before it answers with 5xx in its place."""
        with contextlib.suppress(NotReached, Lost):
            answer = await connection.ask("GET", self._parts.dialect.health)
            if answer.status < 500:
                self._parts.balance.answered(connection.url)
                self._on_idle()
                return
        self._parts.balance.failed(connection.url)

    async def _clear_up(self, connection: Connection) -> None:
        leftovers = Leftovers(connection, self._parts)
        while True:
            try:
                await leftovers.clear()
            except StoreError as error:
                log.error("orders not read", extra={"remote": self._parts.name, "reason": str(error)})
            await asyncio.sleep(TICK)

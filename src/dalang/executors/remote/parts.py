"""What errands to one remote are done with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import NamedTuple

from dalang.events import Obtain
from dalang.executors.remote.balance import Balance
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.dialect import Dialect
from dalang.executors.remote.pace import Pace
from dalang.fetch.line import Line
from dalang.remotes import Remote
from dalang.store import Order, Orders

Screen = Callable[[Obtain], Awaitable[None]]
"""Leaves the stills that are wanted of a video that has come. Raises ProtocolError."""


CLOSE_SECONDS = 10.0
"""For orders on their way when their server stops: what came of them is worth knowing."""


class Parts(NamedTuple):
    name: str
    """Of the remote."""
    remote: Remote
    dialect: Dialect
    connections: Mapping[str, Connection]
    """By address."""
    balance: Balance
    pace: Pace
    line: Line
    """For what remotes point to: public addresses, and those that the config names."""
    plain: frozenset[str]
    """Hosts that the config names."""
    orders: Orders
    screen: Screen
    neighbours: Callable[[], Collection[str]]
    """The other servers on our folder that are alive: an order of theirs may be on its way."""
    placing: set[asyncio.Task[Order]]
    """Orders on their way, which nothing cuts off: whether they arrived must be written down."""

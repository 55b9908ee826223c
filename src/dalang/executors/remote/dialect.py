"""What a protocol of remotes has to tell: how to order, how to look, how to cancel, where the video is."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from dalang.errors import ProtocolError
from dalang.events import Obtain
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.trouble import Lost, Refused
from dalang.task import Task, TaskStatus, VideoRequest

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}")
"""Of an order. It becomes a part of paths, and so holds nothing that would lead elsewhere."""


class Envelope(NamedTuple):
    """Where a letter goes and what stands beside it; the same for the same task."""

    path: str
    headers: dict[str, str]


class Seen(NamedTuple):
    """How an order stands."""

    status: TaskStatus
    progress: float = 0.0
    """0..1."""
    url: str | None = None
    """Of the video."""
    error: ProtocolError | None = None
    """Of a FAILED one, in our words."""
    prompt: str | None = None
    """As they extended it."""
    seconds: float | None = None
    """That they bill."""
    warnings: tuple[str, ...] = ()


class Source(NamedTuple):
    """Where a video can be fetched."""

    url: str
    headers: dict[str, str]


class Dialect(Protocol):
    """Methods that ask raise NotReached, Lost, Busy and Refused."""

    health: str
    """A path that costs nothing to ask for."""

    def envelope(self, task: Task) -> Envelope: ...

    async def letter(self, connection: Connection, asked: Obtain) -> bytes:
        """What to send; files that must go ahead of it have gone. Raises ProtocolError for what they cannot make."""

    async def extended(self, task: Task) -> str | None:
        """The prompt that is ordered in place of the task's own."""

    async def order(self, connection: Connection, envelope: Envelope, letter: bytes) -> str:
        """What they call it."""

    async def look(self, connection: Connection, remote_id: str) -> Seen: ...
    async def cancel(self, connection: Connection, remote_id: str) -> None: ...
    def source(self, connection: Connection, remote_id: str, seen: Seen) -> Source: ...

    def not_done(self, asked: VideoRequest) -> tuple[str, ...]:
        """What such a server cannot do, for `output.dalang.warnings`."""

    def refusal(self, refused: Refused) -> ProtocolError:
        """In our words."""


def identifier(value: object) -> str:
    """What they call an order. Raises Lost for what can name none: it may stand all the same."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise Lost("It gave the order no name.")
    return value


def model_there(task: Task) -> str:
    """What they call the model."""
    return task.checkpoint or task.model

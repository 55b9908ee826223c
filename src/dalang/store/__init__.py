"""The store seam: where tasks and keys live. State is only here; the database decides.

Every write of an attempt is fenced: it names the attempt and does nothing unless the task is still RUNNING in it. Such
methods return whether they took effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

import msgspec

from dalang.task import Prepared, Task, TaskStatus

Cancel = Literal["pending", "any"]


class Key(msgspec.Struct, frozen=True):
    """An API key; belongs to one account, workspace and region."""

    id: str
    account: str
    workspace: str
    region: str
    name: str
    cancel: Cancel
    """Which tasks its cancel calls may end: PENDING, or RUNNING too."""
    created: int
    revoked: int | None = None


class TaskFilter(NamedTuple):
    """What the list call asks for. Times bound `submitted`, milliseconds, both ends included."""

    account: str
    since: int
    until: int
    task_id: str | None = None
    model: str | None = None
    status: TaskStatus | None = None


class Expired(NamedTuple):
    task_id: str
    request_id: str


class Page(NamedTuple):
    tasks: list[Task]
    total: int


class Outcome(NamedTuple):
    """What an attempt came to, for `finish`."""

    status: Literal[TaskStatus.SUCCEEDED, TaskStatus.FAILED]
    result: str | None = None
    usage: dict[str, object] | None = None
    warnings: Sequence[str] = ()
    code: str | None = None
    message: str | None = None


class Store(Protocol):
    """Methods that write return after the commit is on the disk. Raises StoreError when the database cannot be used."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...

    @property
    def version(self) -> int:
        """Moves with every change to a task made through this store."""

    async def changed(self, seen: int) -> int:
        """The version, once it is no longer `seen`; changes that come together wake once."""

    async def insert(self, task: Task) -> None: ...
    def get(self, task_id: str) -> Task | None:
        """By key, at once: microseconds, so not worth a thread."""

    async def list(self, wanted: TaskFilter, offset: int, limit: int) -> Page:
        """Newest first."""

    async def count(self) -> dict[tuple[str, str], int]:
        """Tasks by (engine, status)."""

    def queue_position(self, task: Task) -> int:
        """How many waiting tasks go before this one by priority and age, counted up to QUEUE_POSITION_LIMIT."""

    async def cancel(self, task_id: str, account: str, cancel: Cancel) -> bool: ...

    async def to_prepare(self, each: int) -> Sequence[Task]:
        """The oldest PENDING tasks whose preparation is not written down yet, at most so many of each account."""

    async def prepare(self, task_id: str, prepared: Prepared) -> bool: ...
    async def refuse(self, task_id: str, code: str, message: str) -> bool:
        """FAILED before any attempt: preparation found out that it cannot be done."""

    async def claim(self, owner: str, limit: int, lease: int) -> Sequence[Task]:
        """RUNNING, attempt + 1: highest priority first, then accounts in turn, then oldest; `lease` in ms."""

    async def heartbeat(self, task: Task, progress: float, lease: int) -> bool: ...
    async def finish(self, task: Task, outcome: Outcome) -> bool: ...
    async def release(self, task: Task, failures: int, ready: int) -> bool:
        """Back to PENDING, to be claimed from `ready` on, with so many failures to its name."""

    def running(self) -> Sequence[Task]:
        """Every RUNNING task, of whatever server."""

    async def ping(self) -> None:
        """Returns when a write would be taken; changes nothing."""

    def next_event(self) -> int | None:
        """When the next waiting task gets ready or the next row expires. A task that is ready waits for a slot only,
        so it has no part in this."""

    async def expire(self, limit: int) -> Sequence[Expired]:
        """Delete what has expired, at most so many; their files may go now."""

    async def create_key(self, key: Key, secret: str) -> None: ...
    def find_key(self, secret: str) -> Key | None:
        """The key with this secret, unless it is revoked."""

    async def list_keys(self) -> Sequence[Key]: ...
    async def revoke_key(self, key_id: str) -> bool: ...


QUEUE_POSITION_LIMIT = 100

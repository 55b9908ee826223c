"""The store seam: where tasks and keys live. State is only here; the database decides.

Every write of an attempt is fenced: it names the attempt and does nothing unless the task is still RUNNING in it. Such
methods return whether they took effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

import msgspec

from dalang.routes import LOCAL
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
    """Which tasks its cancel calls end: PENDING, or RUNNING too. One with `X-Dalang-Cancel: any` ends both."""
    created: int
    revoked: int | None = None
    models: tuple[str, ...] = ()
    """Names it may be used for; empty for all."""
    callback: str | None = None
    """Where the ends of its tasks are told, unless a create call says otherwise."""


class TaskFilter(NamedTuple):
    """What the list call asks for. Times bound `submitted`, milliseconds, both ends included."""

    account: str
    since: int
    until: int
    task_id: str | None = None
    model: str | None = None
    status: TaskStatus | None = None
    key_id: str | None = None
    region: str | None = None


class Expired(NamedTuple):
    task_id: str
    request_id: str


class Page(NamedTuple):
    tasks: list[Task]
    total: int


class Once(NamedTuple):
    """An Idempotency-Key and what it was sent with."""

    key: str
    fingerprint: str
    """Digest of the request; the same key for another request is a mistake of the caller's."""


class First(NamedTuple):
    """The task that an Idempotency-Key stands for."""

    task_id: str
    fingerprint: str


class Upload(msgspec.Struct, frozen=True):
    """A file that a client left with us; its bytes lie in storage under `ID/file`."""

    id: str
    account: str
    model: str
    name: str
    """As the client called it; only shown."""
    size: int
    """Bytes."""
    created: int
    expires: int


class Charge(msgspec.Struct, frozen=True):
    """What a finished video is billed as: a row of the ledger, which outlives the task."""

    seconds: int
    tier: str
    size: str
    """`W*H` of the file."""
    sound: bool
    price: int
    """Millionths of a yuan, as all prices here."""
    cost: int = 0
    """What another server takes for it."""


GroupBy = Literal["account", "key", "model", "workspace", "day"]


class Spent(NamedTuple):
    """Ledger rows that have `group` in common, summed."""

    group: str
    videos: int
    seconds: int
    price: int
    cost: int = 0


class Order(msgspec.Struct, frozen=True):
    """What another server was asked to make for a task; its fields in the order of the columns."""

    task_id: str
    attempt: int
    """That asked."""
    remote: str
    """Its name in the config."""
    endpoint: str
    """Address of the one that was asked: nobody else knows of it."""
    body: str | None = None
    """What was sent, where it may be sent again."""
    remote_id: str | None = None
    """What they call it; None while nobody knows whether they have heard of it."""


class Orders(Protocol):
    """At most one for each task, whatever becomes of the servers on either side."""

    def find(self, task_id: str) -> Order | None: ...

    async def intend(self, order: Order) -> bool:
        """Before it is sent; fenced. Where one stands without an identifier, with the same body, the attempt takes it
        over."""

    async def confirm(self, task: Task, remote_id: str) -> None:
        """It was taken. Not fenced: what was ordered was ordered."""

    async def withdraw(self, task: Task) -> None:
        """It was not taken. Only what this attempt intended."""

    async def settle(self, task_id: str) -> None: ...

    def left(self, remote: str) -> Sequence[Order]:
        """Those taken there whose task has ended without them, and which nobody has settled."""


class Callback(NamedTuple):
    """The end of a task that somebody is to be told."""

    task: Task
    url: str
    tries: int
    """Made so far, without success."""


class Watch(Protocol):
    """Eyes on one task, from `Store.watch` on."""

    @property
    def status(self) -> TaskStatus | None:
        """As last seen, without a look at the database; None for a task that is not there."""

    @property
    def is_over(self) -> bool:
        """Whether it has ended or is not there."""

    def at_end(self, call: Callable[[], None]) -> None:
        """`call` once it is over; what goes on before wakes nobody."""

    async def changed(self) -> None:
        """Returns when its row has changed since the watch began or since this returned the last time."""


class Outcome(NamedTuple):
    """What an attempt came to, for `finish`."""

    status: Literal[TaskStatus.SUCCEEDED, TaskStatus.FAILED]
    result: str | None = None
    usage: dict[str, object] | None = None
    warnings: Sequence[str] = ()
    code: str | None = None
    message: str | None = None
    charge: Charge | None = None
    """Written into the ledger in the same commit."""
    prompt: str | None = None
    """The extended prompt, where only the attempt extended it; goes into `prepared`."""


class Store(Protocol):
    """Methods that write return after the commit is on the disk. Raises StoreError when the database cannot be used."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...

    @property
    def version(self) -> int:
        """Moves with every change to a task made through this store."""

    async def changed(self, seen: int) -> int:
        """The version, once it is no longer `seen`; changes that come together wake once."""

    def watch(self, task_id: str) -> AbstractContextManager[Watch]:
        """Changes made by another server on the same folder are seen too, up to a second later."""

    async def insert(
        self, task: Task, *, once: Once | None = None, callback: str | None = None, most_waiting: int = 0
    ) -> str | None:
        """The identifier of the task that stands: another one's where `once` was used before; None where so many of the
        account wait already (0: no limit). `callback` is told when the task has ended."""

    def first(self, account: str, once: str) -> First | None:
        """What this Idempotency-Key of the account was used for, as long as that task is kept."""

    def get(self, task_id: str) -> Task | None:
        """By key, at once: microseconds, so not worth a thread."""

    async def list(self, wanted: TaskFilter, offset: int, limit: int) -> Page:
        """Newest first."""

    async def list_after(
        self, account: str, after: str | None, limit: int, *, oldest_first: bool = False
    ) -> Sequence[Task]:
        """Tasks that have not expired, newest or oldest first, from the first on, or on from `after`, an identifier of
        `new_id`, whether its task is still there or not."""

    async def count(self) -> dict[tuple[str, str], int]:
        """Tasks by (engine, status)."""

    def queue_position(self, task: Task) -> int:
        """How many tasks that wait for the same slots go before this one by priority and age, counted up to
        QUEUE_POSITION_LIMIT."""

    def waiting(self, pool: str, limit: int) -> Sequence[str]:
        """The identifiers of the first tasks that wait for its slots, in the order of `queue_position`."""

    def waiting_of(self, account: str, limit: int) -> int:
        """How many tasks of the account wait, counted up to `limit`."""

    async def cancel(self, task_id: str, account: str, cancel: Cancel) -> bool: ...
    async def delete(self, task_id: str, account: str) -> bool:
        """Only of a task that has ended; its files may go now. What it cost stays in the ledger."""

    async def to_prepare(self, each: int) -> Sequence[Task]:
        """The oldest PENDING tasks whose preparation is not written down yet, at most so many of each account."""

    async def prepare(self, task_id: str, prepared: Prepared) -> bool: ...
    async def refuse(self, task_id: str, code: str, message: str) -> bool:
        """FAILED before any attempt: preparation found out that it cannot be done."""

    def waiting_pools(self) -> Sequence[str]:
        """Those for whose slots tasks wait."""

    async def move_strays(self, pools: Sequence[str]) -> None:
        """Tasks that wait for the slots of none of `pools` wait for LOCAL's."""

    async def claim(
        self,
        owner: str,
        limit: int,
        lease: int,
        most_running: Callable[[str], int] | None = None,
        pool: str = LOCAL,
        wanted: Sequence[str] = (),
    ) -> Sequence[Task]:
        """Of those that wait for slots of `pool`, RUNNING, attempt + 1: highest priority first, then accounts in turn,
        then oldest; `lease` in ms. No account gets more than `most_running(model)` tasks of one model RUNNING at
        once. Of the same priority one task goes first for each of the setups `wanted`, by their names."""

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
        """Delete the tasks and uploads that have expired, at most so many; their files may go now."""

    @property
    def orders(self) -> Orders:
        """What other servers were asked to make."""

    # What clients leave with us

    async def add_upload(self, upload: Upload) -> None: ...
    def find_upload(self, upload_id: str) -> Upload | None: ...

    # What is owed

    async def spent(self, since: int, until: int, by: GroupBy, account: str | None = None) -> Sequence[Spent]:
        """The ledger from `since` to before `until`, milliseconds; of one account, or of all."""

    # What somebody is to be told

    async def due_callbacks(self, limit: int, hold: int) -> Sequence[Callback]:
        """Those whose time has come, the oldest first. Nobody else is given them for `hold` milliseconds."""

    def next_callback(self) -> int | None:
        """When the next one is due."""

    async def settle_callback(self, task_id: str, again: int | None) -> None:
        """Told, or given up (None); or to be tried once more at `again`, with one failure more to its name."""

    async def create_key(self, key: Key, secret: str) -> None: ...
    def find_key(self, secret: str) -> Key | None:
        """The key with this secret, unless it is revoked."""

    def has_workspace(self, account: str, workspace: str) -> bool:
        """Whether a key of the account that is not revoked belongs to it."""

    async def list_keys(self) -> Sequence[Key]: ...
    async def revoke_key(self, key_id: str) -> bool: ...


QUEUE_POSITION_LIMIT = 100

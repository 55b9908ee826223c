"""The embedded store: SQLite in WAL mode, every commit on the disk before it is answered (synchronous=FULL).

Reads by key run on the event loop's own connection, lists, counts and sums on a reader thread, writes on the writer's.
What else than tasks lives here has its SQL beside this file, a file each.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from dalang.clock import Clock
from dalang.routes import LOCAL
from dalang.store import (
    QUEUE_POSITION_LIMIT,
    Callback,
    Cancel,
    Expired,
    First,
    GroupBy,
    Key,
    Once,
    Outcome,
    Page,
    Spent,
    TaskFilter,
    Upload,
    Watch,
    callbacks,
    expiry,
    idempotency,
    keys,
    ledger,
    listing,
    queue,
    uploads,
)
from dalang.store.claim import CLAIMABLE, Claim, claim
from dalang.store.connection import Row, Values, connect, fetch
from dalang.store.orders import OrderBook
from dalang.store.reset import reset
from dalang.store.rows import COLUMNS, FIELDS, from_row, to_json, to_row
from dalang.store.schema import migrate
from dalang.store.watch import Eye, Watches
from dalang.store.writer import Write, Writer
from dalang.task import Prepared, Task, TaskStatus

T = TypeVar("T")

GET = f"SELECT {COLUMNS} FROM tasks WHERE id = ?"
INSERT = f"INSERT INTO tasks ({COLUMNS}, model) VALUES ({', '.join(':' + name for name in FIELDS)}, :model)"

FENCE = "attempt = :attempt AND status = 'RUNNING'"

DELETE = "DELETE FROM tasks WHERE id = ? AND account = ? AND status IN ('SUCCEEDED', 'FAILED', 'CANCELED')"

FINISH = f"""
UPDATE tasks SET status = :status, ended = :now, expires = :expires, owner = NULL, lease_end = NULL, result = :result,
  usage = :usage, warnings = :warnings, code = :code, message = :message,
  prepared = iif(:prompt IS NULL, prepared, json_set(prepared, '$.prompt', :prompt))
WHERE id = :id AND {FENCE}
"""


class SQLiteStore:
    """`retention` in milliseconds, None for good. One that is not `durable` may lose what it answered when the machine
    stops, not when a process does."""

    def __init__(self, path: Path, clock: Clock, retention: int | None, *, durable: bool = True) -> None:
        self._path = path
        self._synchronous = "FULL" if durable else "OFF"
        self._clock = clock
        self._retention = retention
        self._version = 0
        self._watchers: set[asyncio.Future[None]] = set()
        self._watches = Watches(self._rows)
        self._write = Writer(self._connect, path.with_suffix(".reserve"))
        self._reader = ThreadPoolExecutor(1, "store-reader")
        self.orders = OrderBook(self._rows, self._write)

    async def open(self) -> None:
        await asyncio.to_thread(migrate, self._path)
        self._read = self._connect()
        self._listing = self._connect()
        self._write.start()

    async def close(self) -> None:
        self._watches.close()
        await self._write.close()
        self._reader.shutdown()
        self._read.close()
        self._listing.close()

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._path)
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        return connection

    # Wake-ups

    @property
    def version(self) -> int:
        return self._version

    async def changed(self, seen: int) -> int:
        if self._version == seen:
            watcher = asyncio.get_running_loop().create_future()
            self._watchers.add(watcher)
            try:
                await watcher
            finally:  # also when the caller no longer waits
                self._watchers.discard(watcher)
        return self._version

    def touch(self) -> None:
        """Wake who waits for changes: what they look at beside the rows has changed, such as the clock."""
        self._version += 1
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)

    def watch(self, task_id: str) -> AbstractContextManager[Watch]:
        return Eye(self._watches, task_id)

    def _tell(self, task_ids: Sequence[str]) -> None:
        """These have changed."""
        if not task_ids:
            return
        self.touch()
        self._watches.tell(task_ids)

    async def _change(self, task_id: str, write: Write[bool]) -> bool:
        """`write` returns whether it changed the task."""
        is_changed = await self._write(write)
        self._tell([task_id] if is_changed else [])
        return is_changed

    async def _update(self, task_id: str, assignments: str, where: str, **values: Any) -> bool:
        """Whether the row was changed; `where` may name more than the task."""
        sql = f"UPDATE tasks SET {assignments} WHERE id = :id AND {where}"
        values["id"] = task_id
        return await self._change(task_id, lambda connection: connection.execute(sql, values).rowcount > 0)

    # Tasks, from the edge

    async def insert(
        self, task: Task, *, once: Once | None = None, callback: str | None = None, most_waiting: int = 0
    ) -> str | None:
        row = to_row(task)

        def write(connection: sqlite3.Connection) -> str | None:
            if once and (found := idempotency.first(connection, task.account, once.key, self._clock())):
                return found.task_id
            if task.status is TaskStatus.PENDING and not queue.add(connection, task.account, most_waiting):
                return None
            connection.execute(INSERT, row)
            if once:
                idempotency.remember(connection, task.account, once, task.id)
            if callback:
                callbacks.add(connection, task, callback)
            return task.id

        task_id = await self._write(write)
        self._tell([task_id] if task_id == task.id else [])
        return task_id

    def first(self, account: str, once: str) -> First | None:
        return idempotency.first(self._read, account, once, self._clock())

    def get(self, task_id: str) -> Task | None:
        rows = self._rows(GET, (task_id,))
        return from_row(rows[0]) if rows else None

    async def list(self, wanted: TaskFilter, offset: int, limit: int) -> Page:
        return await self._on_reader(lambda connection: listing.page(connection, wanted, offset, limit))

    async def list_after(
        self, account: str, after: str | None, limit: int, *, oldest_first: bool = False
    ) -> Sequence[Task]:
        now = self._clock()
        return await self._on_reader(
            lambda connection: listing.onward(connection, account, after, limit, now, oldest_first=oldest_first)
        )

    async def count(self) -> dict[tuple[str, str], int]:
        sql = "SELECT engine, status, count(*) FROM tasks GROUP BY engine, status"
        rows = await self._on_reader(lambda connection: fetch(connection, sql))
        return {(engine, status): number for engine, status, number in rows}

    def _rows(self, sql: str, values: Values = ()) -> Sequence[Row]:
        return fetch(self._read, sql, values)

    async def _on_reader(self, read: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, read, self._listing)

    def queue_position(self, task: Task) -> int:
        count: int = self._rows(queue.POSITION, (task.pool, task.priority, task.id, QUEUE_POSITION_LIMIT))[0][0]
        return count

    def waiting(self, pool: str, limit: int) -> Sequence[str]:
        return [row[0] for row in self._rows(queue.FIRST, (pool, limit))]

    def waiting_of(self, account: str, limit: int) -> int:
        return min(limit, queue.number(self._read, account))

    async def cancel(self, task_id: str, account: str, cancel: Cancel) -> bool:
        statuses = "('PENDING', 'RUNNING')" if cancel == "any" else "('PENDING')"
        return await self._update(
            task_id,
            "status = 'CANCELED', ended = :now, expires = :expires, owner = NULL, lease_end = NULL",
            f"account = :account AND status IN {statuses}",
            **self._end(),
            account=account,
        )

    async def delete(self, task_id: str, account: str) -> bool:
        values = (task_id, account)
        return await self._change(task_id, lambda connection: connection.execute(DELETE, values).rowcount > 0)

    # Preparation

    async def to_prepare(self, each: int) -> Sequence[Task]:
        return [from_row(row) for row in self._rows(queue.TO_PREPARE, (each,))]

    async def prepare(self, task_id: str, prepared: Prepared) -> bool:
        where = "status = 'PENDING' AND prepared IS NULL"
        return await self._update(task_id, "prepared = :prepared", where, prepared=to_json(prepared))

    async def refuse(self, task_id: str, code: str, message: str) -> bool:
        return await self._update(
            task_id,
            "status = 'FAILED', ended = :now, expires = :expires, code = :code, message = :message",
            "status = 'PENDING' AND prepared IS NULL",
            **self._end(),
            code=code,
            message=message,
        )

    async def postpone(self, task_id: str, ready: int) -> bool:
        """A PENDING task may be claimed from `ready` on."""
        return await self._update(task_id, "ready = :ready", "status = 'PENDING'", ready=ready)

    def waiting_pools(self) -> Sequence[str]:
        return [row[0] for row in self._rows(queue.POOLS)]

    async def move_strays(self, pools: Sequence[str]) -> None:
        known = ", ".join("?" for _ in pools)
        sql = f"UPDATE tasks SET pool = '{LOCAL}' WHERE status = 'PENDING' AND pool NOT IN ({known})"
        await self._write(lambda connection: connection.execute(sql, tuple(pools)))
        self.touch()

    # Attempts

    async def claim(
        self,
        owner: str,
        limit: int,
        lease: int,
        most_running: Callable[[str], int] | None = None,
        pool: str = LOCAL,
        wanted: Sequence[str] = (),
    ) -> Sequence[Task]:
        now = self._clock()
        if not self._rows(CLAIMABLE, (pool, now)):
            return []
        asked = Claim(owner, pool, limit, now + lease, now, most_running, wanted)
        claimed = [from_row(row) for row in await self._write(lambda connection: claim(connection, asked))]
        self._tell([task.id for task in claimed])
        return claimed

    async def heartbeat(self, task: Task, progress: float, lease: int) -> bool:
        return await self._fenced(
            "progress = :progress, lease_end = :lease_end",
            task,
            progress=progress,
            lease_end=self._clock() + lease,
        )

    async def finish(self, task: Task, outcome: Outcome) -> bool:
        values = {
            **outcome._asdict(),
            **self._end(),
            "usage": to_json(outcome.usage),
            "warnings": to_json(outcome.warnings),
            "id": task.id,
            "attempt": task.attempt,
        }

        def write(connection: sqlite3.Connection) -> bool:
            is_ours = connection.execute(FINISH, values).rowcount > 0
            if is_ours and outcome.charge:
                ledger.charge(connection, task.id, outcome.charge)
            return is_ours

        return await self._change(task.id, write)

    async def release(self, task: Task, failures: int, ready: int) -> bool:
        return await self._fenced(
            "status = 'PENDING', owner = NULL, lease_end = NULL, progress = 0, scheduled = NULL,"
            " failures = :failures, ready = :ready",
            task,
            failures=failures,
            ready=ready,
        )

    async def _fenced(self, assignments: str, task: Task, **values: Any) -> bool:
        return await self._update(task.id, assignments, FENCE, attempt=task.attempt, **values)

    def _end(self) -> dict[str, int | None]:
        now = self._clock()
        return {"now": now, "expires": None if self._retention is None else now + self._retention}

    def running(self) -> Sequence[Task]:
        sql = f"SELECT {COLUMNS} FROM tasks WHERE status = 'RUNNING'"
        return [from_row(row) for row in self._rows(sql)]

    async def reset(self) -> None:
        """As new, but for the keys."""
        self._tell(await self._write(reset))

    async def ping(self) -> None:
        await self._write(lambda connection: connection.execute("PRAGMA user_version"))

    # Time

    def next_event(self) -> int | None:
        return expiry.next_event(self._read, self._clock())

    async def expire(self, limit: int) -> Sequence[Expired]:
        now = self._clock()
        if not expiry.is_due(self._read, now):
            return []
        gone = await self._write(lambda connection: expiry.expire(connection, now, limit))
        self._tell([expired.task_id for expired in gone])
        return gone

    # What clients leave with us

    async def add_upload(self, upload: Upload) -> None:
        await self._write(lambda connection: uploads.add(connection, upload))

    def find_upload(self, upload_id: str) -> Upload | None:
        return uploads.find(self._read, upload_id)

    # What is owed

    async def spent(self, since: int, until: int, by: GroupBy, account: str | None = None) -> Sequence[Spent]:
        return await self._on_reader(lambda connection: ledger.spent(connection, since, until, by, account))

    # What somebody is to be told

    async def due_callbacks(self, limit: int, hold: int) -> Sequence[Callback]:
        now, due = self._clock(), self.next_callback()
        if due is None or due > now:
            return []
        return await self._write(lambda connection: callbacks.take(connection, limit, now, now + hold))

    def next_callback(self) -> int | None:
        at: int | None = self._rows(callbacks.NEXT)[0][0]
        return at

    async def settle_callback(self, task_id: str, again: int | None) -> None:
        await self._write(lambda connection: callbacks.settle(connection, task_id, again))

    # Keys

    async def create_key(self, key: Key, secret: str) -> None:
        await self._write(lambda connection: keys.create(connection, key, secret))

    def find_key(self, secret: str) -> Key | None:
        return keys.find(self._read, secret)

    def has_workspace(self, account: str, workspace: str) -> bool:
        return keys.has_workspace(self._read, account, workspace)

    async def list_keys(self) -> Sequence[Key]:
        return keys.every(self._read)

    async def revoke_key(self, key_id: str) -> bool:
        now = self._clock()
        return await self._write(lambda connection: keys.revoke(connection, key_id, now))

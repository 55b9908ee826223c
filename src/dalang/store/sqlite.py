"""The embedded store: SQLite in WAL mode, every commit on the disk before it is answered (synchronous=FULL).

Reads by key run on the event loop's own connection, lists and counts on a reader thread, writes on the writer's.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dalang.clock import Clock
from dalang.errors import StoreError
from dalang.store import QUEUE_POSITION_LIMIT, Cancel, Expired, Key, Outcome, Page, TaskFilter
from dalang.store.rows import COLUMNS, FIELDS, from_row, to_json, to_row
from dalang.store.writer import Write, Writer
from dalang.task import Prepared, Task

T = TypeVar("T")
Values = Sequence[Any] | dict[str, Any]

KEY_FIELDS = tuple(field.name for field in msgspec.structs.fields(Key))
KEY_COLUMNS = ", ".join(KEY_FIELDS)

FIND_KEY = f"SELECT {KEY_COLUMNS} FROM keys WHERE hash = ? AND revoked IS NULL"
GET = f"SELECT {COLUMNS} FROM tasks WHERE id = ?"
INSERT = f"INSERT INTO tasks ({COLUMNS}, model) VALUES ({', '.join(':' + name for name in FIELDS)}, :model)"

# One lane per (priority, account) that has work; found by hopping through the index, so the length of the queue does
# not matter. Among the lanes of the highest priority the account with the fewest running tasks goes first, then the
# one that was served longest ago.
NEXT = """
WITH RECURSIVE lanes (priority, account) AS (
  SELECT * FROM (
    SELECT priority, account FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL
    ORDER BY priority DESC, account DESC LIMIT 1)
  UNION ALL
  SELECT task.priority, task.account FROM lanes JOIN tasks task ON task.rowid = coalesce(
    (SELECT rowid FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL
       AND priority = lanes.priority AND account < lanes.account ORDER BY account DESC LIMIT 1),
    (SELECT rowid FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL
       AND priority < lanes.priority ORDER BY priority DESC, account DESC LIMIT 1))
), heads AS (
  SELECT priority, account, (
    SELECT id FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL AND ready <= :now
      AND priority = lanes.priority AND account = lanes.account
    ORDER BY id LIMIT 1) AS id
  FROM lanes
)
SELECT id, account FROM heads WHERE id IS NOT NULL ORDER BY
  priority DESC,
  (SELECT count(*) FROM tasks INDEXED BY tasks_running WHERE status = 'RUNNING' AND account = heads.account),
  (SELECT served FROM turns WHERE account = heads.account),
  id
LIMIT 1
"""

TO_PREPARE = f"""
WITH RECURSIVE accounts (account) AS (
  SELECT min(account) FROM tasks WHERE status = 'PENDING' AND prepared IS NULL
  UNION ALL
  SELECT (SELECT min(account) FROM tasks WHERE status = 'PENDING' AND prepared IS NULL AND account > accounts.account)
  FROM accounts WHERE account IS NOT NULL
)
SELECT {COLUMNS} FROM tasks WHERE rowid IN (
  SELECT task.rowid FROM accounts JOIN tasks task ON task.rowid IN (
    SELECT rowid FROM tasks WHERE status = 'PENDING' AND prepared IS NULL AND account = accounts.account
    ORDER BY id LIMIT ?))
ORDER BY id
"""

CLAIMABLE = "SELECT 1 FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL AND ready <= ? LIMIT 1"

CLAIM = f"""
UPDATE tasks SET status = 'RUNNING', attempt = attempt + 1, owner = :owner, lease_end = :lease_end, progress = 0,
  scheduled = :now
WHERE id = :id RETURNING {COLUMNS}
"""

QUEUE_POSITION = """
SELECT count(*) FROM (
  SELECT 1 FROM tasks WHERE status = 'PENDING' AND priority > ?1
  UNION ALL SELECT 1 FROM tasks WHERE status = 'PENDING' AND priority = ?1 AND id < ?2
  LIMIT ?3)
"""

FENCE = "WHERE id = :id AND attempt = :attempt AND status = 'RUNNING'"


class SQLiteStore:
    """`retention` in milliseconds, None for good."""

    def __init__(self, path: Path, clock: Clock, retention: int | None) -> None:
        self._path = path
        self._clock = clock
        self._retention = retention
        self._version = 0
        self._watchers: set[asyncio.Future[None]] = set()
        self._write = Writer(self._connect, path.with_suffix(".reserve"))
        self._reader = ThreadPoolExecutor(1, "store-reader")

    async def open(self) -> None:
        await asyncio.to_thread(migrate, self._path)
        self._read = self._connect()
        self._listing = self._connect()
        self._write.start()

    async def close(self) -> None:
        await self._write.close()
        self._reader.shutdown()
        self._read.close()
        self._listing.close()

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._path)
        connection.execute("PRAGMA synchronous = FULL")
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

    async def _change(self, write: Write[T]) -> T:
        result = await self._write(write)
        if result:
            self._version += 1
            for watcher in self._watchers:
                if not watcher.done():
                    watcher.set_result(None)
        return result

    async def _update(self, assignments: str, where: str, **values: Any) -> bool:
        """Whether a row was changed."""
        sql = f"UPDATE tasks SET {assignments} {where}"
        return await self._change(lambda connection: connection.execute(sql, values).rowcount > 0)

    # Tasks, from the edge

    async def insert(self, task: Task) -> None:
        row = to_row(task)
        await self._change(lambda connection: connection.execute(INSERT, row).rowcount)

    def get(self, task_id: str) -> Task | None:
        rows = self._rows(GET, (task_id,))
        return from_row(rows[0]) if rows else None

    async def list(self, wanted: TaskFilter, offset: int, limit: int) -> Page:
        where = "account = :account AND submitted BETWEEN :since AND :until"
        for column, value in (("id", wanted.task_id), ("model", wanted.model), ("status", wanted.status)):
            if value is not None:
                where += f" AND {column} = :{'task_id' if column == 'id' else column}"
        values = {**wanted._asdict(), "limit": limit, "offset": offset}
        rows = f"SELECT {COLUMNS} FROM tasks WHERE {where} ORDER BY submitted DESC, id DESC LIMIT :limit OFFSET :offset"

        def read(connection: sqlite3.Connection) -> Page:
            total = fetch(connection, f"SELECT count(*) FROM tasks WHERE {where}", values)[0][0]
            return Page([from_row(row) for row in fetch(connection, rows, values)], total)

        return await self._on_reader(read)

    async def count(self) -> dict[tuple[str, str], int]:
        sql = "SELECT engine, status, count(*) FROM tasks GROUP BY engine, status"
        rows = await self._on_reader(lambda connection: fetch(connection, sql))
        return {(engine, status): number for engine, status, number in rows}

    def _rows(self, sql: str, values: Values = ()) -> Sequence[tuple[Any, ...]]:
        return fetch(self._read, sql, values)

    async def _on_reader(self, read: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, read, self._listing)

    def queue_position(self, task: Task) -> int:
        values = (task.priority, task.id, QUEUE_POSITION_LIMIT)
        count: int = self._rows(QUEUE_POSITION, values)[0][0]
        return count

    async def cancel(self, task_id: str, account: str, cancel: Cancel) -> bool:
        statuses = "('PENDING', 'RUNNING')" if cancel == "any" else "('PENDING')"
        return await self._update(
            "status = 'CANCELED', ended = :now, expires = :expires, owner = NULL, lease_end = NULL",
            f"WHERE id = :id AND account = :account AND status IN {statuses}",
            **self._end(),
            id=task_id,
            account=account,
        )

    # Preparation

    async def to_prepare(self, each: int) -> Sequence[Task]:
        return [from_row(row) for row in self._rows(TO_PREPARE, (each,))]

    async def prepare(self, task_id: str, prepared: Prepared) -> bool:
        where = "WHERE id = :id AND status = 'PENDING' AND prepared IS NULL"
        return await self._update("prepared = :prepared", where, id=task_id, prepared=to_json(prepared))

    async def refuse(self, task_id: str, code: str, message: str) -> bool:
        return await self._update(
            "status = 'FAILED', ended = :now, expires = :expires, code = :code, message = :message",
            "WHERE id = :id AND status = 'PENDING' AND prepared IS NULL",
            **self._end(),
            id=task_id,
            code=code,
            message=message,
        )

    # Attempts

    async def claim(self, owner: str, limit: int, lease: int) -> Sequence[Task]:
        now = self._clock()
        if not self._rows(CLAIMABLE, (now,)):
            return []

        def write(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            claimed: list[tuple[Any, ...]] = []
            while len(claimed) < limit and (found := connection.execute(NEXT, {"now": now}).fetchone()):
                claim = {"id": found[0], "owner": owner, "lease_end": now + lease, "now": now}
                claimed.append(connection.execute(CLAIM, claim).fetchone())
                connection.execute("INSERT OR REPLACE INTO turns VALUES (?, ?)", (found[1], now))
            return claimed

        return [from_row(row) for row in await self._change(write)]

    async def heartbeat(self, task: Task, progress: float, lease: int) -> bool:
        return await self._fenced(
            "progress = :progress, lease_end = :lease_end",
            task,
            progress=progress,
            lease_end=self._clock() + lease,
        )

    async def finish(self, task: Task, outcome: Outcome) -> bool:
        return await self._fenced(
            "status = :status, ended = :now, expires = :expires, owner = NULL, lease_end = NULL, result = :result,"
            " usage = :usage, warnings = :warnings, code = :code, message = :message",
            task,
            **self._end(),
            **outcome._asdict() | {"usage": to_json(outcome.usage), "warnings": to_json(outcome.warnings)},
        )

    async def release(self, task: Task, failures: int, ready: int) -> bool:
        return await self._fenced(
            "status = 'PENDING', owner = NULL, lease_end = NULL, progress = 0, scheduled = NULL,"
            " failures = :failures, ready = :ready",
            task,
            failures=failures,
            ready=ready,
        )

    async def _fenced(self, assignments: str, task: Task, **values: Any) -> bool:
        return await self._update(assignments, FENCE, id=task.id, attempt=task.attempt, **values)

    def _end(self) -> dict[str, int | None]:
        now = self._clock()
        return {"now": now, "expires": None if self._retention is None else now + self._retention}

    def running(self) -> Sequence[Task]:
        sql = f"SELECT {COLUMNS} FROM tasks WHERE status = 'RUNNING'"
        return [from_row(row) for row in self._rows(sql)]

    async def ping(self) -> None:
        await self._write(lambda connection: connection.execute("PRAGMA user_version"))

    # Time

    def next_event(self) -> int | None:
        sql = """
        SELECT min(at) FROM (
          SELECT min(expires) AS at FROM tasks WHERE expires IS NOT NULL
          UNION ALL SELECT min(ready) FROM tasks WHERE status = 'PENDING' AND failures > 0 AND ready > ?)
        """
        at: int | None = self._rows(sql, (self._clock(),))[0][0]
        return at

    async def expire(self, limit: int) -> Sequence[Expired]:
        sql = """
        DELETE FROM tasks WHERE rowid IN (SELECT rowid FROM tasks WHERE expires <= ? ORDER BY expires LIMIT ?)
        RETURNING id, request_id
        """
        values = (self._clock(), limit)
        if not self._rows("SELECT 1 FROM tasks WHERE expires <= ? LIMIT 1", values[:1]):
            return []
        return await self._change(lambda connection: [Expired(*row) for row in connection.execute(sql, values)])

    # Keys

    async def create_key(self, key: Key, secret: str) -> None:
        sql = "INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        values = msgspec.structs.astuple(key)
        row = (values[0], _hash(secret), *values[1:])
        await self._write(lambda connection: connection.execute(sql, row))

    def find_key(self, secret: str) -> Key | None:
        rows = self._rows(FIND_KEY, (_hash(secret),))
        return Key(*rows[0]) if rows else None

    async def list_keys(self) -> Sequence[Key]:
        rows = self._rows(f"SELECT {KEY_COLUMNS} FROM keys ORDER BY id")
        return [Key(*row) for row in rows]

    async def revoke_key(self, key_id: str) -> bool:
        sql, values = "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", (self._clock(), key_id)
        return await self._write(lambda connection: connection.execute(sql, values).rowcount > 0)


def _hash(secret: str) -> bytes:
    """Plain SHA-256: the secrets are long and random, so there is nothing to stretch."""
    return hashlib.sha256(secret.encode()).digest()


def fetch(connection: sqlite3.Connection, sql: str, values: Values = ()) -> Sequence[tuple[Any, ...]]:
    """Every row. Raises StoreError."""
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"The database cannot be read: {error}.") from error


def connect(path: Path) -> sqlite3.Connection:
    """Autocommit; writers wait for each other up to 10 s."""
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def migrations() -> list[tuple[int, str]]:
    """(version, script) in order; the version is the number a file's name starts with."""
    scripts = (files(__package__) / "migrations").iterdir()
    return sorted((int(file.name[:3]), file.read_text()) for file in scripts if file.name.endswith(".sql"))


def migrate(path: Path, steps: list[tuple[int, str]] | None = None) -> None:
    """Bring the database at `path` to this program's version. Raises StoreError if it is already beyond it."""
    steps = migrations() if steps is None else steps
    try:
        connection = connect(path)
    except sqlite3.Error as error:
        raise StoreError(f"{path} is not a usable database: {error}.") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN EXCLUSIVE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > steps[-1][0]:
            raise StoreError(
                f"{path} was written by a newer Dalang (schema {found}, this one knows {steps[-1][0]}): "
                "upgrade dalang, or use another data folder."
            )
        for version, script in steps:
            if version > found:
                _run_script(connection, script)
                connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not a usable database: {error}.") from error
    finally:
        connection.close()


def _run_script(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would commit the transaction that makes a migration atomic."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    connection.execute(statement)  # comments at the end; anything else without its semicolon is an error or must run

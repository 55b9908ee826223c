"""Group commit: one thread writes, and whatever waits when it looks shares one transaction and one fsync."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from dalang.errors import StoreError

T = TypeVar("T")
Write = Callable[[sqlite3.Connection], T]
"""Runs inside a transaction; may run twice, when a neighbour's failure rolled the first run back."""

BATCH = 512
"""Writes that share a commit at the most, so that none waits long for its neighbours."""

RESERVE_BYTES = 8 << 20

FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""What SQLite says when there is no room, depending on which file it was growing."""


class Waiting(NamedTuple):
    write: Write[Any]
    future: asyncio.Future[Any]


class Writer:
    """The one connection that writes. `reserve` is a file whose space is given up when the disk is full, so that what
    became of running tasks can still be written down."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], reserve: Path) -> None:
        self._connect = connect
        self._reserve = reserve
        self._waiting: deque[Waiting] = deque()
        self._work = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def close(self) -> None:
        """Writes what waits, then ends."""
        with self._work:
            self._open = False
            self._work.notify()
        await asyncio.to_thread(self._thread.join)

    async def __call__(self, write: Write[T]) -> T:
        future: asyncio.Future[T] = self._loop.create_future()
        with self._work:
            if not self._open:
                raise StoreError("The store is closed.")
            self._waiting.append(Waiting(write, future))
            self._work.notify()
        return await future

    def _run(self) -> None:
        batch: list[Waiting] = []
        try:
            with closing(self._connect()) as connection:
                while batch := self._next_batch():
                    results = self._commit(connection, batch)
                    self._loop.call_soon_threadsafe(_settle, batch, results)
                    self._fill_reserve()
        finally:
            self._refuse_rest(batch)

    def _refuse_rest(self, batch: list[Waiting]) -> None:
        """When a bug ends this thread, callers must not wait for it for ever."""
        with self._work:
            self._open = False
            rest = [*batch, *self._waiting]
        if rest:
            self._loop.call_soon_threadsafe(_settle, rest, [StoreError("The store's writer has ended.") for _ in rest])

    def _next_batch(self) -> list[Waiting]:
        with self._work:
            while self._open and not self._waiting:
                self._work.wait()
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH))]

    def _commit(self, connection: sqlite3.Connection, batch: list[Waiting]) -> list[Any]:
        """Results, or StoreErrors: all in one transaction; if that fails, each in its own, so that only the guilty
        one fails."""
        try:
            return self._transaction(connection, [waiting.write for waiting in batch])
        except (sqlite3.Error, StoreError, OverflowError) as error:  # the last: an integer that SQLite cannot hold
            if len(batch) > 1 and not _is_busy(error):
                return [result for one in batch for result in self._commit(connection, [one])]
            if _is_full(error) and self._give_up_reserve():
                return self._commit(connection, batch)
            return [StoreError(f"The database refuses writes: {error}.") for _ in batch]

    def _transaction(self, connection: sqlite3.Connection, writes: list[Write[Any]]) -> list[Any]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            results = [write(connection) for write in writes]
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return results

    def _fill_reserve(self) -> None:
        if not self._reserve.exists() and shutil.disk_usage(self._reserve.parent).free > 4 * RESERVE_BYTES:
            try:
                self._reserve.write_bytes(bytes(RESERVE_BYTES))
            except OSError:
                self._reserve.unlink(missing_ok=True)

    def _give_up_reserve(self) -> bool:
        if not self._reserve.exists():
            return False
        self._reserve.unlink()
        return True


def _is_full(error: Exception) -> bool:
    return _code(error) in FULL


def _is_busy(error: Exception) -> bool:
    """Another process has held the database for as long as we wait; it would be no better for one write alone."""
    return _code(error) == sqlite3.SQLITE_BUSY


def _code(error: Exception) -> int:
    """Without the extension; of a StoreError that of what it tells of. Errors that the binding itself raises, such as a
    value it cannot store, carry none."""
    return getattr(error.__cause__ or error, "sqlite_errorcode", 0) & 0xFF


def _settle(batch: list[Waiting], results: list[Any]) -> None:
    for waiting, result in zip(batch, results, strict=True):
        if waiting.future.done():  # its caller gave up; the write stands all the same
            continue
        if isinstance(result, StoreError):
            waiting.future.set_exception(result)
        else:
            waiting.future.set_result(result)

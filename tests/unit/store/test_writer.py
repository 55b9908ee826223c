"""Group commit: what waits together shares a transaction, and only the guilty fails."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dalang.errors import StoreError
from dalang.store.connection import connect, fetch
from dalang.store.writer import Writer


class Traced:
    """Connects, and keeps every statement that ran."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.statements: list[str] = []

    def __call__(self) -> sqlite3.Connection:
        connection = connect(self._path)
        connection.set_trace_callback(self.statements.append)
        return connection

    @property
    def commits(self) -> int:
        return self.statements.count("COMMIT")


@pytest.fixture
def trace(tmp_path: Path) -> Traced:
    with connect(tmp_path / "test.db") as connection:
        connection.execute("CREATE TABLE notes (text TEXT NOT NULL UNIQUE)")
    return Traced(tmp_path / "test.db")


@pytest.fixture
def reserve(tmp_path: Path, small_reserve: int) -> Path:
    return tmp_path / "test.reserve"


@pytest.fixture
async def writer(trace: Traced, reserve: Path) -> AsyncIterator[Writer]:
    writer = Writer(trace, reserve)
    writer.start()
    yield writer
    await writer.close()


def note(connection: sqlite3.Connection, text: object) -> int:
    return connection.execute("INSERT INTO notes VALUES (?)", (text,)).rowcount


def notes(path: Path) -> set[str]:
    with connect(path) as connection:
        return {row[0] for row in connection.execute("SELECT text FROM notes")}


async def gather_behind_a_gate(writer: Writer, texts: list[object]) -> list[object]:
    """The writes of `texts`, all of which wait while the writer is held up by another."""
    gate = threading.Event()
    held = asyncio.create_task(writer(lambda _: gate.wait(5)))
    writes = [asyncio.create_task(writer(lambda connection, text=text: note(connection, text))) for text in texts]
    await asyncio.wait([held, *writes], timeout=0)
    gate.set()
    return await asyncio.gather(*writes, return_exceptions=True)


async def test_writes_that_wait_together_share_a_commit(writer: Writer, trace: Traced, tmp_path: Path) -> None:
    results = await gather_behind_a_gate(writer, [f"note {n}" for n in range(50)])
    assert results == [1] * 50
    assert len(notes(tmp_path / "test.db")) == 50
    assert trace.commits <= 3, "one for the gate, one for all that waited behind it"


@pytest.mark.parametrize("bad", [None, "twin", object()], ids=["constraint", "unique", "binding"])
async def test_a_failing_write_fails_alone(writer: Writer, trace: Traced, tmp_path: Path, bad: object) -> None:
    await writer(lambda connection: note(connection, "twin"))
    first, failed, last = await gather_behind_a_gate(writer, ["first", bad, "last"])
    assert (first, last) == (1, 1)
    assert isinstance(failed, StoreError)
    assert notes(tmp_path / "test.db") == {"twin", "first", "last"}, "each of its neighbours once"


async def test_a_write_that_cannot_read_fails_alone(writer: Writer, tmp_path: Path) -> None:
    """Reads of ours speak of the disk as StoreError, inside a transaction too."""
    with pytest.raises(StoreError, match="cannot be read"):
        await writer(lambda connection: fetch(connection, "SELECT text FROM nowhere"))
    assert await writer(lambda connection: note(connection, "next")) == 1


async def test_a_write_whose_caller_gave_up_stands(writer: Writer, tmp_path: Path) -> None:
    abandoned = asyncio.create_task(writer(lambda connection: note(connection, "kept")))
    await asyncio.wait([abandoned], timeout=0)
    abandoned.cancel()
    await writer(lambda connection: note(connection, "next"))
    assert notes(tmp_path / "test.db") == {"kept", "next"}


async def test_closing_writes_what_waits_and_then_refuses(trace: Traced, reserve: Path, tmp_path: Path) -> None:
    writer = Writer(trace, reserve)
    writer.start()
    waiting = asyncio.create_task(writer(lambda connection: note(connection, "last")))
    await asyncio.wait([waiting], timeout=0)
    await writer.close()
    assert await waiting == 1
    with pytest.raises(StoreError, match="closed"):
        await writer(lambda connection: note(connection, "late"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_nobody_waits_for_a_writer_that_a_bug_has_ended(trace: Traced, reserve: Path) -> None:
    writer = Writer(trace, reserve)
    writer.start()

    def buggy(_: sqlite3.Connection) -> None:
        raise KeyError("bug")

    async with asyncio.timeout(5):
        with pytest.raises(StoreError, match="ended"):
            await writer(buggy)
        await writer.close()
        with pytest.raises(StoreError, match="closed"):
            await writer(lambda connection: note(connection, "late"))


# A full disk


def size_of(file: Path) -> int:
    return file.stat().st_size


def cap(connection: sqlite3.Connection, pages: int) -> None:
    """SQLite's own limit of a file's pages gives the same error as a full disk."""
    connection.execute(f"PRAGMA max_page_count = {pages}")


async def test_the_reserve_is_kept_from_the_first_commit_on(writer: Writer, reserve: Path, small_reserve: int) -> None:
    for text in ("one", "two"):
        await writer(lambda connection, text=text: note(connection, text))
    assert size_of(reserve) == small_reserve


async def test_the_reserve_is_given_up_when_the_disk_is_full(writer: Writer, reserve: Path, small_reserve: int) -> None:
    for text in ("one", "two"):
        await writer(lambda connection, text=text: note(connection, text))
    had_reserve = []

    def write(connection: sqlite3.Connection) -> int:
        had_reserve.append(reserve.exists())
        cap(connection, 4 if reserve.exists() else 1 << 30)
        return note(connection, "x" * 100_000)

    assert await writer(write) == 1
    assert had_reserve == [True, False], "the second try has its room"
    await writer(lambda connection: note(connection, "three"))
    assert size_of(reserve) == small_reserve, "kept again once there is room"


async def test_a_disk_that_stays_full_is_a_store_error_and_no_end(writer: Writer, tmp_path: Path) -> None:
    def write(connection: sqlite3.Connection) -> int:
        cap(connection, 4)
        return note(connection, "x" * 100_000)

    with pytest.raises(StoreError, match="full"):
        await writer(write)
    assert await writer(lambda connection: cap(connection, 1 << 30) or note(connection, "later")) == 1

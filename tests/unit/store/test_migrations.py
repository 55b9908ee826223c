"""The schema: brought up step by step, whole or not at all, and never touched by a program that is older than it."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from dalang.errors import StoreError
from dalang.store import Charge, Outcome, Spent
from dalang.store.connection import connect
from dalang.store.rows import to_row
from dalang.store.schema import migrate, migrations
from dalang.store.sqlite import SQLiteStore
from dalang.task import TaskStatus
from tests.clock import ManualClock
from tests.samples import SECRET, a_key, text_task

LATER = {"checkpoint", "profile", "pool"}
"""Columns of tasks that the first version had not."""

ORDER = [
    (1, "-- first\nCREATE TABLE steps (number INTEGER);\nINSERT INTO steps VALUES (1);\n"),
    (2, "INSERT INTO steps VALUES (2);\n"),
    (3, "INSERT INTO steps VALUES (3)"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def version(path: Path) -> object:
    return query(path, "PRAGMA user_version")[0][0]


def test_ours_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_new_database_gets_every_step_in_order(path: Path) -> None:
    migrate(path, ORDER)
    assert query(path, "SELECT number FROM steps ORDER BY rowid") == [(1,), (2,), (3,)]
    assert version(path) == 3


def test_an_old_one_gets_only_what_it_lacks(path: Path) -> None:
    migrate(path, ORDER[:1])
    migrate(path, ORDER)
    migrate(path, ORDER)
    assert query(path, "SELECT number FROM steps ORDER BY rowid") == [(1,), (2,), (3,)]


async def test_a_database_of_the_first_version_goes_on_in_this_one(path: Path, clock: ManualClock) -> None:
    waiting, running, ended, stray = (text_task(clock) for _ in range(4))
    running = msgspec.structs.replace(running, status=TaskStatus.RUNNING, attempt=1, owner="me", lease_end=1)
    ended = msgspec.structs.replace(ended, status=TaskStatus.CANCELED, ended=clock(), expires=clock() + 1)
    stray = msgspec.structs.replace(running, id=stray.id, account="other")
    key = a_key(clock)
    migrate(path, migrations()[:1])
    with closing(connect(path)) as connection:
        for task in (waiting, running, ended, stray):
            row = {name: value for name, value in to_row(task).items() if name not in LATER}
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO tasks ({names}) VALUES ({values})", row)
        first, *rest = msgspec.structs.astuple(key)[:8]
        known = (first, hashlib.sha256(SECRET.encode()).digest(), *rest)
        connection.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", known)
    store = SQLiteStore(path, clock, None)
    await store.open()
    assert [store.get(task.id) for task in (waiting, running, ended)] == [waiting, running, ended]
    assert store.find_key(SECRET) == key
    assert store.waiting_of("acme", 9) == 1, "what waits is counted"
    charge = Charge(seconds=5, tier="720P", size="1280*720", sound=True, price=3)
    assert await store.finish(running, Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4", charge=charge))
    assert await store.spent(0, clock() + 1, "account") == [Spent("acme", 1, 5, 3)], "what runs is charged"
    assert [task.id for task in await store.claim("me", 9, 1000)] == [waiting.id]
    assert await store.release(stray, 0, clock())
    assert store.waiting_of("other", 9) == 1, "what waits again is counted"
    await store.close()


def test_a_step_that_fails_leaves_nothing_behind(path: Path) -> None:
    migrate(path, ORDER[:1])
    with pytest.raises(StoreError, match="no_such_table"):
        migrate(path, [*ORDER[:2], (3, "CREATE TABLE more (x);\nINSERT INTO no_such_table VALUES (1);\n")])
    assert version(path) == 1
    assert query(path, "SELECT number FROM steps") == [(1,)]
    assert query(path, "SELECT name FROM sqlite_schema WHERE name = 'more'") == []


def test_a_database_newer_than_the_program_is_refused_untouched(path: Path) -> None:
    migrate(path)
    with connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match=r"newer Dalang.*999.*upgrade"):
        migrate(path)
    assert version(path) == 999


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to be mistaken for one" * 20)
    with pytest.raises(StoreError, match=r"test\.db is not a usable database"):
        migrate(path)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            "SELECT id FROM tasks WHERE status = 'PENDING' AND prepared IS NULL AND account = 'a' ORDER BY id LIMIT 9",
            "tasks_to_prepare",
        ),
        ("SELECT min(expires) FROM tasks WHERE expires IS NOT NULL", "tasks_to_expire"),
        ("SELECT min(ready) FROM tasks WHERE status = 'PENDING' AND failures > 0 AND ready > 5", "tasks_to_retry"),
        ("SELECT * FROM tasks WHERE status = 'RUNNING'", "tasks_running"),
        ("SELECT 1 FROM tasks WHERE account = 'a' AND submitted BETWEEN 1 AND 2", "tasks_of_account"),
        ("SELECT min(expires) FROM uploads", "uploads_to_expire"),
        ("SELECT min(due) FROM callbacks WHERE due IS NOT NULL", "callbacks_due"),
        ("SELECT 1 FROM callbacks WHERE account = 'a' AND due <= 5 ORDER BY due LIMIT 9", "callbacks_of_account"),
        ("SELECT sum(price) FROM ledger WHERE ended >= 1 AND ended < 2", "ledger_by_end"),
        ("SELECT sum(price) FROM ledger WHERE account = 'a' AND ended >= 1 AND ended < 2", "ledger_of_account"),
    ],
)
def test_what_is_asked_often_has_its_index(path: Path, sql: str, index: str) -> None:
    migrate(path)
    plan = " ".join(str(row[-1]) for row in query(path, f"EXPLAIN QUERY PLAN {sql}"))
    assert index in plan

"""Tasks of an account in the order of their creation: by numbered pages, and on from one of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dalang.ids import time_of
from dalang.store import Page, TaskFilter
from dalang.store.connection import fetch
from dalang.store.rows import COLUMNS, from_row
from dalang.task import Task

FILTERS = {
    "task_id": "id = :task_id",
    "model": "model = :model",
    "status": "status = :status",
    "key_id": "key_id = :key_id",
    "region": "region = :region",
}
"""Where they are given."""

ENDS = {False: (1 << 62, ""), True: (-1, "")}
"""Places before the first one, by whether the oldest is."""

ONWARD = f"""
SELECT {COLUMNS} FROM tasks WHERE account = ? AND (submitted, id) {{beyond}} (?, ?) AND (expires IS NULL OR expires > ?)
ORDER BY submitted {{direction}}, id {{direction}} LIMIT ?
"""


def page(connection: sqlite3.Connection, wanted: TaskFilter, offset: int, limit: int) -> Page:
    """Newest first."""
    values = {**wanted._asdict(), "limit": limit, "offset": offset}
    terms = [f" AND {term}" for name, term in FILTERS.items() if values[name] is not None]
    where = "account = :account AND submitted BETWEEN :since AND :until" + "".join(terms)
    rows = f"SELECT {COLUMNS} FROM tasks WHERE {where} ORDER BY submitted DESC, id DESC LIMIT :limit OFFSET :offset"
    total = fetch(connection, f"SELECT count(*) FROM tasks WHERE {where}", values)[0][0]
    return Page([from_row(row) for row in fetch(connection, rows, values)], total)


def onward(
    connection: sqlite3.Connection, account: str, after: str | None, limit: int, now: int, *, oldest_first: bool
) -> Sequence[Task]:
    """As `Store.list_after`."""
    beyond, direction = (">", "ASC") if oldest_first else ("<", "DESC")
    place = ENDS[oldest_first] if after is None else _place(connection, after)
    sql = ONWARD.format(beyond=beyond, direction=direction)
    return [from_row(row) for row in fetch(connection, sql, (account, *place, now, limit))]


def _place(connection: sqlite3.Connection, task_id: str) -> tuple[int, str]:
    """Of a task that is gone, by the time in its identifier: who deletes while he lists goes on where he was."""
    rows = fetch(connection, "SELECT submitted FROM tasks WHERE id = ?", (task_id,))
    return (rows[0][0] if rows else time_of(task_id)), task_id

"""Ends of tasks that somebody is to be told. The schema makes them due, in the commit that ends the task."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dalang.store import Callback
from dalang.store.rows import COLUMNS, from_row
from dalang.task import Task

NEXT = "SELECT min(due) FROM callbacks WHERE due IS NOT NULL"

DUE = f"""
SELECT url, tries, {COLUMNS} FROM callbacks JOIN tasks ON id = task_id
WHERE due <= ? ORDER BY due, id LIMIT ?
"""


def add(connection: sqlite3.Connection, task: Task, url: str) -> None:
    connection.execute("INSERT INTO callbacks (task_id, url, due) VALUES (?, ?, ?)", (task.id, url, task.ended))


def take(connection: sqlite3.Connection, limit: int, now: int, until: int) -> Sequence[Callback]:
    """Those that are due; they will be due again at `until`."""
    rows = connection.execute(DUE, (now, limit)).fetchall()
    found = [Callback(from_row(row), url, tries) for url, tries, *row in rows]
    sql = "UPDATE callbacks SET due = ? WHERE task_id = ?"
    connection.executemany(sql, [(until, callback.task.id) for callback in found])
    return found


def settle(connection: sqlite3.Connection, task_id: str, again: int | None) -> None:
    if again is None:
        connection.execute("DELETE FROM callbacks WHERE task_id = ?", (task_id,))
    else:
        connection.execute("UPDATE callbacks SET due = ?, tries = tries + 1 WHERE task_id = ?", (again, task_id))

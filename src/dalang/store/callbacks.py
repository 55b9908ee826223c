"""Ends of tasks that somebody is to be told. The schema makes them due, in the commit that ends the task."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dalang.store import Callback
from dalang.store.rows import COLUMNS, from_row
from dalang.task import Task

NEXT = "SELECT min(due) FROM callbacks WHERE due IS NOT NULL"

EACH = 64
"""Of one account at a time, so that one with thousands does not hold up another's first."""

# The accounts that have any are found by hopping through the index.
DUE = f"""
WITH RECURSIVE accounts (account) AS (
  SELECT min(account) FROM callbacks WHERE due IS NOT NULL
  UNION ALL
  SELECT (SELECT min(account) FROM callbacks WHERE due IS NOT NULL AND account > accounts.account)
  FROM accounts WHERE account IS NOT NULL
)
SELECT url, tries, {COLUMNS} FROM tasks JOIN (
  SELECT task_id, url, tries, due FROM accounts JOIN callbacks ON callbacks.rowid IN (
    SELECT rowid FROM callbacks WHERE account = accounts.account AND due <= ?1 ORDER BY due LIMIT {EACH})
) ON id = task_id ORDER BY due, id LIMIT ?2
"""


def add(connection: sqlite3.Connection, task: Task, url: str) -> None:
    sql = "INSERT INTO callbacks (task_id, account, url, due) VALUES (?, ?, ?, ?)"
    connection.execute(sql, (task.id, task.account, url, task.ended))


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

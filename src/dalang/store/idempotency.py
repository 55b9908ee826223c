"""Idempotency keys: a create that is sent again finds the task of the first."""

from __future__ import annotations

import sqlite3

from dalang.store import First, Once
from dalang.store.connection import fetch

# A task whose time is up is as good as gone.
FIRST = """
SELECT task_id, fingerprint FROM idempotency JOIN tasks ON tasks.id = task_id
WHERE idempotency.account = ? AND key = ? AND (expires IS NULL OR expires > ?)
"""


def first(connection: sqlite3.Connection, account: str, key: str, now: int) -> First | None:
    rows = fetch(connection, FIRST, (account, key, now))
    return First(*rows[0]) if rows else None


def remember(connection: sqlite3.Connection, account: str, once: Once, task_id: str) -> None:
    sql = "INSERT OR REPLACE INTO idempotency (account, key, fingerprint, task_id) VALUES (?, ?, ?, ?)"
    connection.execute(sql, (account, *once, task_id))

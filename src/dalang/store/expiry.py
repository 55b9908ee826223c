"""Rows whose time is up, and the times at which something happens by itself."""

from __future__ import annotations

import sqlite3

from dalang.store import Expired
from dalang.store.connection import fetch

NEXT_EVENT = """
SELECT min(at) FROM (
  SELECT min(expires) AS at FROM tasks WHERE expires IS NOT NULL
  UNION ALL SELECT min(expires) FROM uploads
  UNION ALL SELECT min(ready) FROM tasks WHERE status = 'PENDING' AND failures > 0 AND ready > ?)
"""

IS_DUE = """
SELECT EXISTS (SELECT 1 FROM tasks WHERE expires <= ?1) OR EXISTS (SELECT 1 FROM uploads WHERE expires <= ?1)
"""

EXPIRE_TASKS = """
DELETE FROM tasks WHERE rowid IN (SELECT rowid FROM tasks WHERE expires <= ? ORDER BY expires LIMIT ?)
RETURNING id, request_id
"""

EXPIRE_UPLOADS = """
DELETE FROM uploads WHERE rowid IN (SELECT rowid FROM uploads WHERE expires <= ? ORDER BY expires LIMIT ?)
RETURNING id, ''
"""


def next_event(connection: sqlite3.Connection, now: int) -> int | None:
    at: int | None = fetch(connection, NEXT_EVENT, (now,))[0][0]
    return at


def is_due(connection: sqlite3.Connection, now: int) -> bool:
    return bool(fetch(connection, IS_DUE, (now,))[0][0])


def expire(connection: sqlite3.Connection, now: int, limit: int) -> list[Expired]:
    """At most so many, tasks first."""
    tasks = connection.execute(EXPIRE_TASKS, (now, limit)).fetchall()
    rest = connection.execute(EXPIRE_UPLOADS, (now, limit - len(tasks))).fetchall()
    return [Expired(*row) for row in (*tasks, *rest)]

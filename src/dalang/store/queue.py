"""The tasks that wait for the slots of a pool, in the order in which they are shown: by priority, then by age."""

from __future__ import annotations

import sqlite3

from dalang.store.connection import fetch
from dalang.store.rows import COLUMNS

POSITION = """
SELECT count(*) FROM (
  SELECT 1 FROM tasks WHERE status = 'PENDING' AND pool = ?1 AND priority > ?2
  UNION ALL SELECT 1 FROM tasks WHERE status = 'PENDING' AND pool = ?1 AND priority = ?2 AND id < ?3
  LIMIT ?4)
"""

FIRST = "SELECT id FROM tasks WHERE status = 'PENDING' AND pool = ? ORDER BY priority DESC, id LIMIT ?"

ADD = "INSERT INTO waiting VALUES (?, 1) ON CONFLICT (account) DO UPDATE SET number = number + 1 RETURNING number"

TAKE_BACK = "UPDATE waiting SET number = number - 1 WHERE account = ?"

# Found by hopping through the index, so the length of the queue does not matter.
POOLS = """
WITH RECURSIVE pools (name) AS (
  SELECT min(pool) FROM tasks WHERE status = 'PENDING'
  UNION ALL
  SELECT (SELECT min(pool) FROM tasks WHERE status = 'PENDING' AND pool > pools.name)
  FROM pools WHERE name IS NOT NULL
)
SELECT name FROM pools WHERE name IS NOT NULL
"""

OF_ACCOUNT = "SELECT number FROM waiting WHERE account = ?"

# The oldest of each account, which are found by hopping through the index.
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


def add(connection: sqlite3.Connection, account: str, most: int) -> bool:
    """Count one more that waits; False, and nothing is counted, where that were more than `most`, if not 0."""
    number = connection.execute(ADD, (account,)).fetchone()[0]
    if most and number > most:
        connection.execute(TAKE_BACK, (account,))
        return False
    return True


def number(connection: sqlite3.Connection, account: str) -> int:
    """How many tasks of the account wait."""
    rows = fetch(connection, OF_ACCOUNT, (account,))
    return rows[0][0] if rows else 0

"""The database as new, but for its keys."""

from __future__ import annotations

import sqlite3

TABLES = ("tasks", "turns", "idempotency", "uploads", "ledger", "callbacks", "waiting", "orders")


def reset(connection: sqlite3.Connection) -> list[str]:
    """The identifiers of the tasks that there were."""
    gone = [row[0] for row in connection.execute("SELECT id FROM tasks")]
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    return gone

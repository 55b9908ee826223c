"""Connections to the database file, and reads through them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dalang.errors import StoreError

Row = tuple[Any, ...]
Values = Sequence[Any] | dict[str, Any]


def connect(path: Path) -> sqlite3.Connection:
    """Autocommit; writers wait for each other up to 10 s."""
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def fetch(connection: sqlite3.Connection, sql: str, values: Values = ()) -> Sequence[Row]:
    """Every row. Raises StoreError."""
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"The database cannot be read: {error}.") from error

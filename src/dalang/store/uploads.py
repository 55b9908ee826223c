"""Files that clients left with us, as rows."""

from __future__ import annotations

import sqlite3

import msgspec

from dalang.store import Upload
from dalang.store.connection import fetch

FIELDS = tuple(field.name for field in msgspec.structs.fields(Upload))
COLUMNS = ", ".join(FIELDS)


def add(connection: sqlite3.Connection, upload: Upload) -> None:
    sql = f"INSERT INTO uploads ({COLUMNS}) VALUES ({', '.join(':' + name for name in FIELDS)})"
    connection.execute(sql, msgspec.structs.asdict(upload))


def find(connection: sqlite3.Connection, upload_id: str) -> Upload | None:
    rows = fetch(connection, f"SELECT {COLUMNS} FROM uploads WHERE id = ?", (upload_id,))
    return Upload(*rows[0]) if rows else None

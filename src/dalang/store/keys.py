"""API keys as rows; of the secrets only the digests."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

import msgspec

from dalang.store import Key
from dalang.store.connection import Row, fetch
from dalang.store.rows import to_json

FIELDS = tuple(field.name for field in msgspec.structs.fields(Key))
COLUMNS = ", ".join(FIELDS)

FIND = f"SELECT {COLUMNS} FROM keys WHERE hash = ? AND revoked IS NULL"
INSERT = f"INSERT OR IGNORE INTO keys (hash, {COLUMNS}) VALUES (:hash, {', '.join(':' + name for name in FIELDS)})"

_models = msgspec.json.Decoder(tuple[str, ...])
_MODELS = FIELDS.index("models")


def create(connection: sqlite3.Connection, key: Key, secret: str) -> None:
    """Does nothing where the secret is known already."""
    values = {**msgspec.structs.asdict(key), "models": to_json(key.models), "hash": _hash(secret)}
    connection.execute(INSERT, values)


def find(connection: sqlite3.Connection, secret: str) -> Key | None:
    rows = fetch(connection, FIND, (_hash(secret),))
    return _from_row(rows[0]) if rows else None


def has_workspace(connection: sqlite3.Connection, account: str, workspace: str) -> bool:
    sql = "SELECT 1 FROM keys WHERE account = ? AND workspace = ? AND revoked IS NULL LIMIT 1"
    return bool(fetch(connection, sql, (account, workspace)))


def every(connection: sqlite3.Connection) -> Sequence[Key]:
    return [_from_row(row) for row in fetch(connection, f"SELECT {COLUMNS} FROM keys ORDER BY id")]


def revoke(connection: sqlite3.Connection, key_id: str, now: int) -> bool:
    sql = "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL"
    return connection.execute(sql, (now, key_id)).rowcount > 0


def _from_row(row: Row) -> Key:
    values = list(row)
    values[_MODELS] = _models.decode(row[_MODELS])
    return Key(*values)


def _hash(secret: str) -> bytes:
    """Plain SHA-256: the secrets are long and random, so there is nothing to stretch."""
    return hashlib.sha256(secret.encode()).digest()

"""The schema's versions: brought up step by step, whole or not at all."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

from dalang.errors import StoreError
from dalang.store.connection import connect


def migrations() -> list[tuple[int, str]]:
    """(version, script) in order; the version is the number a file's name starts with."""
    scripts = (files(__package__) / "migrations").iterdir()
    return sorted((int(file.name[:3]), file.read_text()) for file in scripts if file.name.endswith(".sql"))


def migrate(path: Path, steps: list[tuple[int, str]] | None = None) -> None:
    """Bring the database at `path` to this program's version. Raises StoreError if it is already beyond it."""
    steps = migrations() if steps is None else steps
    try:
        connection = connect(path)
    except sqlite3.Error as error:
        raise StoreError(f"{path} is not a usable database: {error}.") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN EXCLUSIVE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > steps[-1][0]:
            raise StoreError(
                f"{path} was written by a newer Dalang (schema {found}, this one knows {steps[-1][0]}): "
                "upgrade dalang, or use another data folder."
            )
        for version, script in steps:
            if version > found:
                _run_script(connection, script)
                connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not a usable database: {error}.") from error
    finally:
        connection.close()


def _run_script(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would commit the transaction that makes a migration atomic."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    connection.execute(statement)  # comments at the end; anything else without its semicolon is an error or must run

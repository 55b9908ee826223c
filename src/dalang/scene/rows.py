"""Things that prompts name, as rows of TOML: one table a thing, with its words in three languages.

Lists of words are one string with commas, and strings are literal ('): tomllib reads those nearly twice as fast as
lists, and the server reads some of these files when it starts.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

Row = TypeVar("Row", bound=msgspec.Struct)

LISTS = ("en", "plurals", "zh", "id", "heard", "who", "doing", "heads", "outfit")


def rows(file: str, row: type[Row], **fields: str) -> dict[str, Row]:
    """The rows of `file`, beside this one, by name, each with `fields` too. ValidationError: a table is no `row`."""
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return {name: _row(row, table | fields | {"name": name}) for name, table in tomllib.loads(text).items()}


def _row(row: type[Row], table: dict[str, object]) -> Row:
    lists = {key: str(table[key]).split(", ") for key in LISTS if key in table}
    return msgspec.convert(table | lists, row)

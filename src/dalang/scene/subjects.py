"""Everything that can stand before the camera, by name, from `subjects/*.toml`: one table a subject.

Lists of words are one string with commas, and strings are literal ('): tomllib reads those nearly twice as fast as
lists, and the server reads these files when it starts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from dalang.scene.subject import Kind, Subject

FOLDER = Path(__file__).with_name("subjects")
LISTS = ("en", "plurals", "zh", "id", "who", "doing")


def _rows(kind: str) -> Iterator[Subject]:
    text = (FOLDER / f"{kind}.toml").read_text(encoding="utf-8")
    for name, row in tomllib.loads(text).items():
        lists = {key: row[key].split(", ") for key in LISTS if key in row}
        yield _subject({**row, **lists, "name": name, "kind": kind})


def _subject(row: dict[str, Any]) -> Subject:
    return msgspec.convert(row, Subject)


SUBJECTS: dict[str, Subject] = {subject.name: subject for kind in get_args(Kind) for subject in _rows(kind)}


def of_kinds(*kinds: Kind) -> frozenset[str]:
    """Names of the subjects of these kinds."""
    return frozenset(subject.name for subject in SUBJECTS.values() if subject.kind in kinds)


def _doing() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for subject in SUBJECTS.values():
        for verb in subject.doing:
            table.setdefault(verb, {}).update(dict.fromkeys(subject.who, subject.name))
    return table


DOING = _doing()
"""Verb → who does it → the subject that shows it."""

__all__ = ["DOING", "SUBJECTS", "Subject", "of_kinds"]

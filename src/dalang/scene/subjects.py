"""Everything that can stand before the camera, by name, from `subjects/*.toml`."""

from __future__ import annotations

from typing import get_args

from dalang.scene.rows import rows
from dalang.scene.subject import Kind, Subject

SUBJECTS: dict[str, Subject] = {
    name: subject
    for kind in get_args(Kind)
    for name, subject in rows(f"subjects/{kind}.toml", Subject, kind=kind).items()
}


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

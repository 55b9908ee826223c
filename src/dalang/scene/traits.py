"""Words for how performers look, how many they are and where they go, in three languages, from `traits.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, get_args

from dalang.scene.heard import Tongue
from dalang.scene.performer import Age, Colour, Direction, Relation, Size
from dalang.scene.wardrobe import GARMENTS

Meaning = TypeVar("Meaning")
Spoken = dict[Tongue, dict[str, Meaning]]
"""Language → phrase → meaning."""

_TABLES = tomllib.loads(Path(__file__).with_name("traits.toml").read_text(encoding="utf-8"))
TONGUES: tuple[Tongue, ...] = get_args(Tongue)


def _spoken(table: str, read: Callable[[str], Meaning]) -> Spoken[Meaning]:
    return {
        tongue: {phrase: read(name) for name, row in _TABLES[table].items() for phrase in row[tongue].split(", ")}
        for tongue in TONGUES
    }


COLOURS = _spoken("colours", Colour)
SIZES = _spoken("sizes", Size)
AGES = _spoken("ages", Age)
COUNTS = _spoken("counts", int)
DIRECTIONS = _spoken("directions", Direction)
CLOTHES: Spoken[str] = {
    "en": {word: cloth.name for cloth in GARMENTS.values() for word in cloth.words},
    "zh": {word: cloth.name for cloth in GARMENTS.values() for word in cloth.zh},
    "id": {word: cloth.name for cloth in GARMENTS.values() for word in cloth.id},
}
"""Language → phrase → name in `wardrobe.GARMENTS`."""
WORDS: dict[Tongue, dict[str, frozenset[str]]] = {
    tongue: {name: frozenset(row[tongue].split(", ")) for name, row in _TABLES["words"].items()} for tongue in TONGUES
}
"""Language → list → its words: what leads to clothes, what joins, what takes a colour away from the subject."""
RELATIONS = {verb: Relation(name) for name, verbs in _TABLES["relations"].items() for verb in verbs.split(", ")}
"""Base form of an English verb → what its doer has to do with its object."""


def age_of(years: int) -> Age | None:
    """How old somebody of so many years is, as a puppet shows it; None: grown up."""
    return next((age for least, age in AGES_FROM if years >= least), None)


AGES_FROM = ((60, Age.OLD), (28, None), (13, Age.YOUNG), (3, Age.CHILD), (0, Age.BABY))
MUTUAL = frozenset((Relation.MEET, Relation.HUG))
"""What two who are named together do to each other."""

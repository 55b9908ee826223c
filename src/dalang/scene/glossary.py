"""The words of a language other than English and what they mean for a plan, from `words.<language>.toml`.

Loaded when a prompt first asks for it: the server reads no such prompt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from dalang.scene import lexicon
from dalang.scene.craft import Tables
from dalang.scene.plan import Angle, Camera, Effect, Lighting, Mood, Place, Season, Style, Time, View, Weather
from dalang.scene.subjects import SUBJECTS
from dalang.scene.traits import AGES, CLOTHES, COLOURS, COUNTS, DIRECTIONS, SIZES
from dalang.scene.units import Role

Meaning = TypeVar("Meaning")
Tongue = Literal["zh", "id"]


KINDS: dict[str, type[StrEnum]] = {
    "times": Time,
    "weathers": Weather,
    "seasons": Season,
    "moods": Mood,
    "lights": Lighting,
    "styles": Style,
    "cameras": Camera,
    "views": View,
    "angles": Angle,
    "effects": Effect,
}
"""Table → what its phrases mean."""


class Glossary(msgspec.Struct, frozen=True, kw_only=True):
    """Phrases, each with its meaning; those of film in English too, since scripts mix them in."""

    places: Mapping[str, Place]
    unbuilt: Mapping[str, Place]
    """Places that are none of a plan's, and the one that stands in."""
    weak_places: frozenset[str]
    """Places that are shown only where no other is named."""
    craft: Tables
    verbs: Mapping[str, str]
    """What says it → the base form of an English verb."""
    subjects: Mapping[str, str]
    """Word → name in `SUBJECTS`."""
    roles: Mapping[str, Role]
    """Every phrase → what it does in a sentence."""
    words: Mapping[str, frozenset[str]]
    """Further lists, by name."""
    is_head_first: bool
    """Whether a noun stands before what describes it."""
    letters: Mapping[int, str]
    """Traditional letter → simplified one."""
    own: frozenset[str]
    """Phrases of the language itself."""
    longest: int
    """Letters of the longest phrase."""


@cache
def glossary(tongue: Tongue) -> Glossary:
    tables = tomllib.loads(Path(__file__).with_name(f"words.{tongue}.toml").read_text(encoding="utf-8"))
    words = {name: frozenset(text.split()) for name, text in tables["words"].items()}
    words["traps"] = words.get("traps", frozenset()) | _listed(tables.get("phrases", {}).values())
    meanings: dict[str, dict[str, Any]] = {
        "places": lexicon.PLACES | _meanings(tables["places"], Place),
        "unbuilt": _meanings(tables["unbuilt"], Place),
        "verbs": _meanings(tables["verbs"], str),
        "subjects": {word: subject.name for subject in SUBJECTS.values() for word in getattr(subject, tongue)},
    }
    craft = {name: {**getattr(lexicon.CRAFT, name), **_meanings(tables[name], kind)} for name, kind in KINDS.items()}
    roles = _roles(meanings | craft, words | _looks(tongue))
    letters = tables.get("simplified", {"letters": ""})["letters"]
    return Glossary(
        **meanings,
        craft=Tables(**craft),
        weak_places=words["weak_places"] | lexicon.WEAK_PLACES,
        roles=roles,
        words=words,
        is_head_first=tongue == "id",
        letters=str.maketrans(dict(letters.split())),
        own=frozenset(roles) - _english(),
        longest=max(map(len, roles)),
    )


def _looks(tongue: Tongue) -> dict[str, frozenset[str]]:
    """What is said of performers."""
    return {
        "looks": frozenset(COLOURS[tongue] | SIZES[tongue]) | _adjectives(AGES[tongue], tongue),
        "counts": frozenset(COUNTS[tongue]),
        "directions": frozenset(DIRECTIONS[tongue]),
        "garments": frozenset(CLOTHES[tongue]) | {f"ber{word}" for word in CLOTHES[tongue] if tongue == "id"},
    }


def _adjectives(ages: Iterable[str], tongue: Tongue) -> frozenset[str]:
    """Those that are no nouns: 小女孩 is a small girl."""
    nouns = tuple(word for subject in SUBJECTS.values() for word in getattr(subject, tongue))
    ends = str.endswith if tongue == "zh" else str.startswith
    return frozenset(age for age in ages if not ends(age, nouns))


def _english() -> frozenset[str]:
    return frozenset(lexicon.PLACES).union(*(getattr(lexicon.CRAFT, name) for name in KINDS))


def _listed(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for text in texts for phrase in text.split(","))


def _meanings(table: dict[str, str], read: Callable[[str], Meaning]) -> dict[str, Meaning]:
    return {phrase: read(meaning) for meaning, text in table.items() for phrase in _listed([text])}


ROLES = (
    (Role.BREAK, ("directions",)),
    (Role.DETERMINER, ("counts",)),
    (Role.BREAK, ("lights", "styles", "angles", "mood_nouns")),
    (Role.ADJECTIVE, ("moods",)),
    (Role.NOUN, ("places", "unbuilt", "times", "weathers", "seasons", "effects", "scenery")),
    (Role.VERB, ("verbs",)),
    (Role.NOUN, ("garments",)),
    (Role.ADJECTIVE, ("adjectives", "looks")),
    (Role.PART, ("parts",)),
    (Role.UNKNOWN, ("traps",)),
    (Role.HEAD, ("heads", "fakes")),
    (Role.SUBJECT, ("subjects",)),
    (Role.CRAFT, ("crafts",)),
    (Role.BREAK, ("joiners", "masses", "numbers", "frames", "cameras", "views")),
    (Role.DETERMINER, ("determiners",)),
    (Role.PLACER, ("placers",)),
    (Role.LOCATIVE, ("locatives",)),
    (Role.OBJECT, ("objects",)),
    (Role.COMPARING, ("comparing",)),
    (Role.OF, ("of",)),
    (Role.NEGATION, ("negations",)),
)
"""Which tables give which role; the last that has a phrase decides."""


def _roles(meanings: dict[str, dict[str, Any]], words: dict[str, frozenset[str]]) -> dict[str, Role]:
    tables: dict[str, Iterable[str]] = {**words, **meanings}
    return {phrase: role for role, names in ROLES for name in names if name in tables for phrase in tables[name]}

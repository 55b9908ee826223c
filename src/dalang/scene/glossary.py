"""The words of a language other than English and what they mean for a plan, from `words.<language>.toml`.

Loaded when a prompt first asks for it: the server reads no such prompt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from dalang.scene import lexicon
from dalang.scene.plan import (
    Angle,
    Camera,
    Effect,
    Lighting,
    Mood,
    Place,
    Season,
    Style,
    Time,
    View,
    Weather,
)
from dalang.scene.subjects import SUBJECTS
from dalang.scene.units import Role

Meaning = TypeVar("Meaning")
Tongue = Literal["zh", "id"]


class Glossary(msgspec.Struct, frozen=True, kw_only=True):
    """Phrases, each with its meaning; those of film in English too, since scripts mix them in."""

    places: Mapping[str, Place]
    unbuilt: Mapping[str, Place]
    """Places that are none of a plan's, and the one that stands in."""
    weak_places: frozenset[str]
    """Places that are shown only where no other is named."""
    times: Mapping[str, Time]
    weathers: Mapping[str, Weather]
    cameras: Mapping[str, Camera]
    views: Mapping[str, View]
    angles: Mapping[str, Angle]
    seasons: Mapping[str, Season]
    moods: Mapping[str, Mood]
    lights: Mapping[str, Lighting]
    styles: Mapping[str, Style]
    effects: Mapping[str, Effect]
    verbs: Mapping[str, str]
    """What says it → the base form of an English verb."""
    subjects: Mapping[str, str]
    """Word → name in `SUBJECTS`."""
    roles: Mapping[str, Role]
    """Every phrase → what it does in a sentence."""
    words: Mapping[str, frozenset[str]]
    """Further lists, by name."""
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
        "times": lexicon.TIMES | _meanings(tables["times"], Time),
        "weathers": lexicon.WEATHERS | _meanings(tables["weathers"], Weather),
        "cameras": lexicon.CAMERAS | _meanings(tables["cameras"], Camera),
        "views": lexicon.VIEWS | _meanings(tables["views"], View),
        "angles": lexicon.ANGLES | _meanings(tables["angles"], Angle),
        "seasons": lexicon.SEASONS | _meanings(tables["seasons"], Season),
        "moods": lexicon.MOODS | _meanings(tables["moods"], Mood),
        "lights": lexicon.LIGHTS | _meanings(tables["lights"], Lighting),
        "styles": lexicon.STYLES | _meanings(tables["styles"], Style),
        "effects": lexicon.EFFECTS | _meanings(tables["effects"], Effect),
        "verbs": _meanings(tables["verbs"], str),
        "subjects": {word: subject.name for subject in SUBJECTS.values() for word in getattr(subject, tongue)},
    }
    roles = _roles(meanings, words)
    letters = tables.get("simplified", {"letters": ""})["letters"]
    return Glossary(
        **meanings,
        weak_places=words["weak_places"] | lexicon.WEAK_PLACES,
        roles=roles,
        words=words,
        letters=str.maketrans(dict(letters.split())),
        own=frozenset(roles) - _english(),
        longest=max(map(len, roles)),
    )


def _english() -> frozenset[str]:
    return frozenset().union(lexicon.PLACES, lexicon.TIMES, lexicon.WEATHERS, lexicon.CAMERAS, lexicon.VIEWS)


def _listed(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for text in texts for phrase in text.split(","))


def _meanings(table: dict[str, str], read: Callable[[str], Meaning]) -> dict[str, Meaning]:
    return {phrase: read(meaning) for meaning, text in table.items() for phrase in _listed([text])}


ROLES = (
    (Role.NOUN, ("places", "unbuilt", "times", "weathers", "scenery")),
    (Role.VERB, ("verbs",)),
    (Role.ADJECTIVE, ("adjectives",)),
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

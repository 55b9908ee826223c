"""English words and what they mean for a plan, from `words.toml`. The longest phrase that fits wins."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from dalang.scene.craft import Tables
from dalang.scene.performer import Action
from dalang.scene.plan import Angle, Camera, Effect, Lighting, Mood, Place, Season, Style, Time, View, Weather

Meaning = TypeVar("Meaning")

_TABLES = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _phrases(text: str) -> list[str]:
    """As tokens have them: the possessive is a word."""
    return [" ".join(phrase.replace("'s", " 's").split()) for phrase in text.split(",") if phrase.strip()]


def _meanings(table: str, read: Callable[[str], Meaning]) -> dict[str, Meaning]:
    """Phrase → meaning."""
    return {phrase: read(meaning) for meaning, text in _TABLES[table].items() for phrase in _phrases(text)}


def _words(name: str) -> frozenset[str]:
    return frozenset(_TABLES["words"][name].split())


def _actions(names: str) -> tuple[Action, ...]:
    return tuple(map(Action, names.split()))


PLACES = _meanings("places", Place)
WEAK_PLACES = _words("weak_places")
"""Places that are shown only where no other is named: snow falls on streets, roads cross deserts."""
ATTRIBUTIVE = _words("attributive")
"""Places that are mere attributes before another: a village classroom."""
UNBUILT = _meanings("unbuilt", Place)
"""Places there is no set for yet, and the set that stands in when the subject has no home."""
BUILT = frozenset(PLACES.values())
"""Places that English phrases lead to, and so the only ones that other languages may."""
STAND_INS = {
    Place.FOREST: Place.MEADOW,
    Place.MOUNTAIN: Place.MEADOW,
    Place.BEACH: Place.SEA,
    Place.UNDERWATER: Place.SEA,
    Place.RIVER: Place.MEADOW,
    Place.ALLEY: Place.STREET,
    Place.LIVING_ROOM: Place.STREET,
    Place.OFFICE: Place.LIVING_ROOM,
    Place.KITCHEN: Place.LIVING_ROOM,
    Place.CLASSROOM: Place.LIVING_ROOM,
    Place.STAGE: Place.STREET,
    Place.STADIUM: Place.STREET,
    Place.SKY: Place.MEADOW,
    Place.SPACE: Place.DESERT,
    Place.CASTLE: Place.STREET,
}
"""What is shown, with a warning, for a place that is not built; a row goes when its set has come."""


def built(place: Place) -> Place:
    """The place itself or the nearest one that is built."""
    return place if place in BUILT else built(STAND_INS[place])


TIMES = _meanings("times", Time)
WEATHERS = _meanings("weathers", Weather)
CRAFT = Tables(
    times=TIMES,
    weathers=WEATHERS,
    seasons=_meanings("seasons", Season),
    moods=_meanings("moods", Mood),
    lights=_meanings("lights", Lighting),
    styles=_meanings("styles", Style),
    cameras=_meanings("cameras", Camera),
    views=_meanings("views", View),
    angles=_meanings("angles", Angle),
    effects=_meanings("effects", Effect),
)
STILLS = tuple(_phrases(_TABLES["phrases"]["stills"]))
"""Negations that a camera which stands still is told by."""
GUARDS = frozenset(_phrases(_TABLES["phrases"]["guards"]))
"""Phrases that hold a word of the craft and say nothing of it: "wide eyes", "a hot spring"."""
ALONE = frozenset(_phrases(_TABLES["phrases"]["alone"]))
"""Phrases of the craft that describe the shot only where no other noun follows: "wide", not "a wide river"."""
ADVERBS = _words("adverbs")
"""Words that say how a camera moves, not where to."""
MOOD_NOUNS = _words("mood_nouns")
MOOD_GLUE = _words("mood_glue")
EXPRESSIVE = _words("expressive")
"""What of somebody can be cheerful while the scene is not: voices, faces, smiles."""
VERBS = _meanings("verbs", _actions)
"""Base form of a verb → the actions it can mean, best first; a subject takes the first that it can do."""
IRREGULAR: dict[str, str] = _TABLES["irregular"]
"""Irregular form of a verb → its base form."""

DETERMINERS = _words("determiners")
PLACERS = _words("placers")
"""Prepositions whose noun is where or how, not whom the clip shows."""
OBJECTS = _words("objects")
"""Words whose noun goes with the subject and is not the subject."""
JOINERS = _words("joiners") | PLACERS
"""Words that end a noun's phrase."""
NEGATIONS = _words("negations")
HEADS = _words("heads")
"""Nouns that make a subject's word before them a mere attribute: "cat food" is no cat."""
FAKES = _words("fakes")
"""Words that make the subject's word after them something else: "toy car", "sea lion", "hot dog"."""
TRAPS: dict[str, str] = dict.fromkeys(_phrases(_TABLES["phrases"]["traps"]), "") | _TABLES["idioms"]
"""Phrases that hold a known word and show no such thing → what they show, no longer than themselves."""
VESSELS = _words("vessels")
"""What holds food, drink or goods: what it is "of" is what the clip shows."""
FRAMES = _words("frames")
"""Nouns of the film trade and of counting: what they are "of" is what the clip shows."""
SCENERY = _words("scenery")
"""Nouns that a set shows by itself or that nobody misses."""
ADJECTIVES = _words("adjectives")
ENGLISH = _words("english")
FOREIGN = _words("foreign")
"""Small words of other languages in Latin letters, none of them English."""

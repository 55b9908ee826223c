"""What a text names of what a plan holds, in the order it names it; the same for every language that is read."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TypeVar

import msgspec

from dalang.scene import chinese, indonesian, lexicon
from dalang.scene.glossary import Glossary, Tongue, glossary
from dalang.scene.language import language_of
from dalang.scene.nouns import Found, chosen, find
from dalang.scene.plan import (
    Angle,
    Camera,
    Effect,
    Lighting,
    Mood,
    Place,
    Season,
    Style,
    Thing,
    Time,
    View,
    Weather,
)
from dalang.scene.tokens import singular, spans, tokens, without_traps
from dalang.scene.units import PERIOD, Role, Unit, affirmed
from dalang.scene.unwanted import THINGS
from dalang.scene.verbs import verb_of

Meaning = TypeVar("Meaning")
Named = tuple[tuple[str, Meaning], ...]
"""(phrase, its meaning), in the text's order."""

LONGEST = 6
"""English words in the longest phrase of the lexicon."""
PRONOUNS = frozenset(["he", "her", "him", "his", "it", "its", "she", "their", "them", "they"])
CUTTERS = {"zh": chinese, "id": indonesian}
"""Language → how its text is cut into units, and which of them are whom it is about."""
UNREAD = "Only English, Chinese and Indonesian prompts are understood so far; the set is shown without a subject."


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    found: Found = Found()
    verb: str | None = None
    """The base form of the English verb for what the subject does."""
    places: Named[Place] = ()
    """Weak ones last."""
    unbuilt: Named[Place] = ()
    """Places without a set, and the one that stands in."""
    times: Named[Time] = ()
    weathers: Named[Weather] = ()
    cameras: Named[Camera] = ()
    views: Named[View] = ()
    angles: Named[Angle] = ()
    seasons: Named[Season] = ()
    moods: Named[Mood] = ()
    lights: Named[Lighting] = ()
    styles: Named[Style] = ()
    effects: Named[Effect] = ()
    things: Named[frozenset[Thing]] = ()
    refers: bool = False
    """Whether it speaks by a pronoun of somebody whom it does not name before."""
    warnings: tuple[str, ...] = ()


def read(text: str, unwanted: frozenset[str]) -> Reading:
    """`text` in the language that it is in; a subject in `unwanted` gives its place to the next one named."""
    language = language_of(text)
    if language is None:
        return Reading(warnings=(UNREAD,))
    return _english(text, unwanted) if language == "en" else _foreign(text, language, unwanted)


def _english(text: str, unwanted: frozenset[str]) -> Reading:
    words = without_traps(tokens(text))
    found = find(words, unwanted)
    places = _phrases(words, lexicon.PLACES)
    return Reading(
        found=found,
        verb=verb_of(words, found.at) if found.subject else None,
        places=tuple(sorted(places, key=lambda named: named[0] in lexicon.WEAK_PLACES)),
        unbuilt=_phrases(words, lexicon.UNBUILT),
        times=_phrases(words, lexicon.TIMES),
        weathers=_phrases(words, lexicon.WEATHERS),
        cameras=_phrases(words, lexicon.CAMERAS),
        views=_phrases(words, lexicon.VIEWS),
        angles=_phrases(words, lexicon.ANGLES),
        seasons=_phrases(words, lexicon.SEASONS),
        moods=_phrases(words, lexicon.MOODS),
        lights=_phrases(words, lexicon.LIGHTS),
        styles=_phrases(words, lexicon.STYLES),
        effects=_phrases(words, lexicon.EFFECTS),
        things=_phrases(words, THINGS),
        refers=_refers(words, PRONOUNS, found),
    )


def _phrases(words: list[str], table: Mapping[str, Meaning]) -> Named[Meaning]:
    """The table's phrases in the order of the words; where one lies inside another, only the longer."""
    found: list[tuple[str, Meaning]] = []
    end = 0
    for at, phrase in spans(words, LONGEST):
        known = phrase if phrase in table else _last_singular(phrase)
        if at >= end and known in table:
            found.append((known, table[known]))
            end = at + phrase.count(" ") + 1
    return tuple(found)


def _last_singular(phrase: str) -> str:
    head, space, last = phrase.rpartition(" ")
    return head + space + singular(last)


def _foreign(text: str, tongue: Tongue, unwanted: frozenset[str]) -> Reading:
    known, cutter = glossary(tongue), CUTTERS[tongue]
    units = affirmed(cutter.cut(text, known))
    found = chosen(cutter.hits(units, known), unwanted)
    texts = [unit.text for unit in units]
    places = sorted(_among(texts, known.places), key=lambda named: named[0] in known.weak_places)
    built = tuple(named for named in places if named[1] in lexicon.BUILT)
    strong = [named for named in places if named[0] not in known.weak_places]
    missing = tuple((phrase, lexicon.built(place)) for phrase, place in strong if place not in lexicon.BUILT)
    return Reading(
        found=found,
        verb=_verb(units, found.at, known) if found.subject else None,
        places=built,
        unbuilt=missing + _among(texts, known.unbuilt),
        times=_among(texts, known.times),
        weathers=_among(texts, known.weathers),
        cameras=_among(texts, known.cameras),
        views=_among(texts, known.views),
        angles=_among(texts, known.angles),
        seasons=_among(texts, known.seasons),
        moods=_among(texts, known.moods),
        lights=_among(texts, known.lights),
        styles=_among(texts, known.styles),
        effects=_among(texts, known.effects),
        things=_among(texts, THINGS),
        refers=_refers(texts, known.words["pronouns"], found),
    )


def _refers(words: list[str], pronouns: frozenset[str], found: Found) -> bool:
    return not pronouns.isdisjoint(words[: found.at] if found.unknown else words)


def _among(texts: list[str], table: Mapping[str, Meaning]) -> Named[Meaning]:
    return tuple((text, table[text]) for text in texts if text in table)


def _verb(units: list[Unit], at: int, known: Glossary) -> str | None:
    """The verb of the subject at a position: the first after it in its sentence, else the last before it."""
    end = next((k for k in range(at, len(units)) if units[k] == PERIOD), len(units))
    start = next((k + 1 for k in range(at - 1, -1, -1) if units[k] == PERIOD), 0)
    order = [*units[at + 1 : end], *reversed(units[start:at])]
    verb = next((known.verbs[unit.text] for unit in order if _is_verb(unit, known.verbs)), None)
    rides = verb in ("ride", "pedal") and any(unit.text in known.words["bicycles"] for unit in units[at:end])
    return "cycle" if rides else verb


def _is_verb(unit: Unit, verbs: Container[str]) -> bool:
    return unit.role is Role.VERB and unit.text in verbs

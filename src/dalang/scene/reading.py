"""What a text names of what a plan holds, in the order it names it; the same for every language that is read."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TypeVar

import msgspec

from dalang.scene import lexicon
from dalang.scene.craft import Craft, Named, craft
from dalang.scene.glossary import Glossary, Tongue, glossary
from dalang.scene.language import language_of
from dalang.scene.nouns import Found, chosen, find
from dalang.scene.phrasing import CUTTERS, LONGEST, english, english_cameras, foreign, foreign_cameras, last_singular
from dalang.scene.plan import Place, Thing
from dalang.scene.tokens import spans, tokens, without_traps
from dalang.scene.units import PERIOD, Role, Unit, affirmed
from dalang.scene.unwanted import THINGS
from dalang.scene.verbs import verb_of

Meaning = TypeVar("Meaning")

PRONOUNS = frozenset(["he", "her", "him", "his", "it", "its", "she", "their", "them", "they"])
UNREAD = "Only English, Chinese and Indonesian prompts are understood so far; the set is shown without a subject."


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    found: Found = Found()
    verb: str | None = None
    """The base form of the English verb for what the subject does."""
    places: Named[Place] = ()
    """Weak ones last."""
    unbuilt: Named[Place] = ()
    """Places without a set, and the one that stands in."""
    craft: Craft = Craft()
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
    seen = tokens(text)
    words = without_traps(seen)
    found = find(words, unwanted)
    places = _phrases(words, lexicon.PLACES)
    return Reading(
        found=found,
        verb=verb_of(words, found.at) if found.subject else None,
        places=tuple(sorted(places, key=lambda named: named[0] in lexicon.WEAK_PLACES)),
        unbuilt=_phrases(words, lexicon.UNBUILT),
        craft=craft(english(seen), lexicon.CRAFT, english_cameras(text)),
        things=_phrases(words, THINGS),
        refers=_refers(words, PRONOUNS, found),
    )


def _phrases(words: list[str], table: Mapping[str, Meaning]) -> Named[Meaning]:
    """The table's phrases in the order of the words; where one lies inside another, only the longer."""
    found: list[tuple[str, Meaning]] = []
    end = 0
    for at, phrase in spans(words, LONGEST):
        known = phrase if phrase in table else last_singular(phrase)
        if at >= end and known in table:
            found.append((known, table[known]))
            end = at + phrase.count(" ") + 1
    return tuple(found)


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
        craft=craft(foreign(units, known), known.craft, foreign_cameras(text, tongue)),
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

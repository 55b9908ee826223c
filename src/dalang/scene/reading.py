"""What a text names of what a plan holds, in the order it names it; the same for every language that is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from dalang.scene import glosses, lexicon
from dalang.scene.casting import Cast
from dalang.scene.casting import cast as cast_of
from dalang.scene.craft import Craft, Named, craft
from dalang.scene.dialogue import Quote, unquoted
from dalang.scene.english import signs_of
from dalang.scene.glossary import Tongue as Foreign
from dalang.scene.glossary import glossary
from dalang.scene.heard import Tongue
from dalang.scene.hearing import Hearing, hearing
from dalang.scene.language import language_of
from dalang.scene.nouns import PLURALS, SINGULARS
from dalang.scene.performer import Performer
from dalang.scene.phrasing import (
    CUTTERS,
    LONGEST,
    english,
    english_cameras,
    foreign,
    foreign_cameras,
    staged,
)
from dalang.scene.plan import Place, Thing
from dalang.scene.tokens import last_singular, spans, tokens, without_traps
from dalang.scene.units import affirmed
from dalang.scene.unwanted import THINGS

Meaning = TypeVar("Meaning")

PRONOUNS = frozenset(["he", "her", "him", "his", "it", "its", "she", "their", "them", "they"])
UNREAD = "Only English, Chinese and Indonesian prompts are understood so far; the set is shown without a subject."


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    cast: Cast = Cast()
    places: Named[Place] = ()
    """Weak ones last."""
    unbuilt: Named[Place] = ()
    """Places without a set, and the one that stands in."""
    craft: Craft = Craft()
    things: Named[frozenset[Thing]] = ()
    refers: bool = False
    """Whether it speaks by a pronoun of somebody whom it does not name before."""
    heard: Hearing = Hearing(seen="")
    quotes: tuple[Quote, ...] = ()
    """What somebody says."""
    tongue: Tongue = "en"
    warnings: tuple[str, ...] = ()


def read(text: str, unwanted: frozenset[str], before: tuple[Performer, ...] = ()) -> Reading:
    """`text` in the language that it is in; a subject in `unwanted` gives its place to the next one named.

    What is said in quotes, and what is only heard, is no part of what is seen. `before` are those shown before.
    """
    plain, quotes = unquoted(text)
    tongue = language_of(plain)
    if tongue is None:
        return Reading(quotes=quotes, warnings=(UNREAD,))
    if tongue == "zh":
        plain = plain.translate(glossary("zh").letters)
    heard = hearing(plain, tongue)
    reading = (
        _english(heard.seen, unwanted, before) if tongue == "en" else _foreign(heard.seen, tongue, unwanted, before)
    )
    return msgspec.structs.replace(reading, heard=heard, quotes=quotes, tongue=tongue)


def _english(text: str, unwanted: frozenset[str], before: tuple[Performer, ...]) -> Reading:
    seen = tokens(text)
    words = without_traps(seen)
    settings = lexicon.PLACES.keys() | lexicon.UNBUILT.keys()
    cast = cast_of(signs_of(staged(seen)), "en", unwanted, settings, before)
    places = _places(words)
    return Reading(
        cast=cast,
        places=tuple(sorted(places, key=lambda named: named[0] in lexicon.WEAK_PLACES)),
        unbuilt=_phrases(words, lexicon.UNBUILT),
        craft=craft(english(seen), lexicon.CRAFT, english_cameras(text)),
        things=_phrases(words, THINGS),
        refers=_refers(words, PRONOUNS, cast),
    )


def _places(words: list[str]) -> Named[Place]:
    """Where it is: no sea where a sea turtle is, and no village where its classroom is."""
    known = {**lexicon.PLACES, **lexicon.UNBUILT}
    hits = list(_hits(words, known))
    subjects = [(at, phrase) for at, phrase in spans(words, 3) if " " in phrase and _calls(phrase)]
    called = {at + k for at, phrase in subjects for k in range(len(phrase.split()))}
    heads = {at for at, _, _ in hits}
    return tuple(
        (phrase, lexicon.PLACES[phrase])
        for at, end, phrase in hits
        if phrase in lexicon.PLACES and at not in called and not (phrase in lexicon.ATTRIBUTIVE and end in heads)
    )


def _calls(phrase: str) -> bool:
    return phrase in SINGULARS or phrase in PLURALS


def _phrases(words: list[str], table: Mapping[str, Meaning]) -> Named[Meaning]:
    """The table's phrases in the order of the words; where one lies inside another, only the longer."""
    return tuple((phrase, table[phrase]) for _, _, phrase in _hits(words, table))


def _hits(words: list[str], table: Mapping[str, Meaning]) -> Iterator[tuple[int, int, str]]:
    """(where it begins, where it ends, the table's phrase)."""
    until = 0
    for at, phrase in spans(words, LONGEST):
        if at < until:
            continue
        known = phrase if phrase in table else last_singular(phrase)
        if known in table:
            until = at + phrase.count(" ") + 1
            yield at, until, known


def _foreign(text: str, tongue: Foreign, unwanted: frozenset[str], before: tuple[Performer, ...]) -> Reading:
    known, cutter = glossary(tongue), CUTTERS[tongue]
    units = affirmed(cutter.cut(text, known))
    told = glosses.signs_of(units, known, tongue)
    cast = cast_of(told, tongue, unwanted, known.places.keys() | known.unbuilt.keys(), before)
    texts = [unit.text for unit in units]
    places = sorted(_among(texts, known.places), key=lambda named: named[0] in known.weak_places)
    built = tuple(named for named in places if named[1] in lexicon.BUILT)
    strong = [named for named in places if named[0] not in known.weak_places]
    missing = tuple((phrase, lexicon.built(place)) for phrase, place in strong if place not in lexicon.BUILT)
    return Reading(
        cast=cast,
        places=built,
        unbuilt=missing + _among(texts, known.unbuilt),
        craft=craft(foreign(units, known), known.craft, foreign_cameras(text, tongue)),
        things=_among(texts, THINGS),
        refers=_refers(texts, known.words["pronouns"], cast),
    )


def _refers(words: list[str], pronouns: frozenset[str], cast: Cast) -> bool:
    """Whether it speaks by a pronoun of somebody; what follows an unknown noun means that."""
    noun = (cast.unknown or "").split()[-1:]
    end = words.index(noun[0]) if noun and noun[0] in words else len(words)
    return not pronouns.isdisjoint(words[:end])


def _among(texts: list[str], table: Mapping[str, Meaning]) -> Named[Meaning]:
    return tuple((text, table[text]) for text in texts if text in table)

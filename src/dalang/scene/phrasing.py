"""Where a text's words speak of the craft of its shot, in English, and in the units of Chinese and Indonesian."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from dalang.scene import chinese, indonesian, lexicon
from dalang.scene.craft import Hit, Named, Text
from dalang.scene.glossary import Glossary, Tongue, glossary
from dalang.scene.lexicon import ADJECTIVES, DETERMINERS, FRAMES, JOINERS, PLACERS
from dalang.scene.nouns import PLURALS, SINGULARS
from dalang.scene.plan import Camera
from dalang.scene.subjects import of_kinds
from dalang.scene.tokens import GONE, STOPS, last_singular, spans, tokens
from dalang.scene.units import Role, Unit, affirmed

LONGEST = 6
"""English words in the longest phrase of the lexicon."""
CUTTERS = {"zh": chinese, "id": indonesian}
"""Language → how its text is cut into units, and which of them are whom it is about."""
LIVING = of_kinds("animals", "birds", "sea", "people", "fantasy")
"""Subjects whose moods are their own."""
STAYS_STATIC = "static camera"
NO_NOUNS = JOINERS | PLACERS | DETERMINERS | {"enough"}


def english(words: Sequence[str]) -> Text:
    """A text of these tokens."""
    said = _unguarded(words)
    heard = _runs(said)
    return Text(
        words=said,
        find=lambda table: list(_phrases(said, heard, table)),
        is_whom=lambda _, end: _is_whose(said, end),
        mood_nouns=lexicon.MOOD_NOUNS,
        glue=lexicon.MOOD_GLUE,
    )


def _unguarded(words: Sequence[str]) -> list[str]:
    out = list(words)
    for at, phrase in spans(out, LONGEST):
        if phrase in lexicon.GUARDS:
            size = phrase.count(" ") + 1
            out[at : at + size] = [GONE] * size
    return out


def _runs(words: list[str]) -> list[tuple[int, str, str]]:
    """All runs of the words: the position, the phrase and its singular."""
    return [(at, phrase, last_singular(phrase)) for at, phrase in spans(words, LONGEST)]


def _phrases(words: list[str], heard: list[tuple[int, str, str]], table: Mapping[str, object]) -> Iterable[Hit[object]]:
    """The table's phrases in the order of the words; where one lies inside another, only the longer.

    `heard` are the `_runs` of the words.
    """
    until = 0
    for at, phrase, single in heard:
        known = phrase if phrase in table else single
        if at < until or known not in table:
            continue
        end = at + phrase.count(" ") + 1
        if table is lexicon.CRAFT.moods or _stands(words, known, end):
            yield at, known, table[known]
            until = end


def staged(words: Sequence[str]) -> list[str]:
    """The words without phrases that name a style, a camera move, a view or an angle: they name nobody."""
    out = list(words)
    until = 0
    for at, phrase in spans(out, LONGEST):
        if at >= until and phrase in _craft_phrases():
            until = at + phrase.count(" ") + 1
            out[at:until] = [GONE] * (until - at)
    return out


@cache
def _craft_phrases() -> frozenset[str]:
    tables = (lexicon.CRAFT.styles, lexicon.CRAFT.cameras, lexicon.CRAFT.views, lexicon.CRAFT.angles)
    return frozenset(phrase for table in tables for phrase in table if " " in phrase) - lexicon.GUARDS


def _stands(words: list[str], phrase: str, end: int) -> bool:
    """Whether a phrase that can also describe a noun has none after it: "Wide, from above", not "a wide river"."""
    if phrase not in lexicon.ALONE or end == len(words):
        return True
    after = words[end]
    return after in STOPS or after in FRAMES or after in _film() or after in NO_NOUNS


@cache
def _film() -> frozenset[str]:
    """Words that begin what is said of the craft."""
    tables = (lexicon.CRAFT.cameras, lexicon.CRAFT.views, lexicon.CRAFT.angles, lexicon.CRAFT.styles)
    return frozenset(phrase.partition(" ")[0] for table in tables for phrase in table)


def _is_whose(words: Sequence[str], at: int) -> bool:
    """Whether the noun that the words up to a position describe is somebody, or a voice, or a face."""
    while at < len(words) and (words[at] in ADJECTIVES or words[at] == "and"):
        at += 1
    if at == len(words):
        return False
    name = SINGULARS.get(words[at]) or PLURALS.get(words[at])
    return name in LIVING or words[at] in lexicon.EXPRESSIVE


def english_cameras(text: str) -> Named[Camera]:
    """How the camera moves, whatever form its verbs are in and however slowly it does."""
    plain = text.lower().replace("’", "'").replace("camera's", "camera")
    for negation in lexicon.STILLS:
        plain = plain.replace(negation, STAYS_STATIC)
    words = _bare(_unguarded(tokens(plain))).split()
    table = _bare_cameras()
    return tuple((phrase, table[phrase]) for _, phrase, _ in _phrases(words, _runs(words), table))


@cache
def _bare_cameras() -> dict[str, Camera]:
    """The camera's phrases without adverbs and articles."""
    table = lexicon.CRAFT.cameras
    return {_bare(phrase.split()): table[phrase] for phrase in table}


def _bare(words: Sequence[str]) -> str:
    return " ".join(_verb_forms().get(word, word) for word in words if word not in lexicon.ADVERBS)


@cache
def _verb_forms() -> dict[str, str]:
    """Form → base form of every word that camera phrases are made of."""
    words = {word for phrase in lexicon.CRAFT.cameras for word in phrase.split()}
    return {form: word for word in words for form in verb_forms(word)}


def verb_forms(word: str) -> tuple[str, ...]:
    """What a regular verb's forms can look like; not all of them are words."""
    stem = word.removesuffix("e")
    if word.endswith("y") and word[-2:-1] not in "aeou":
        return word[:-1] + "ies", word[:-1] + "ied", word + "ing"
    doubled = word + word[-1]
    return word + "s", word + "es", stem + "ed", stem + "ing", doubled + "ing", doubled + "ed"


def foreign(units: list[Unit], known: Glossary) -> Text:
    """A text of these units."""
    texts = [unit.text for unit in units]
    return Text(
        words=texts,
        find=lambda table: [(at, text, table[text]) for at, text in enumerate(texts) if text in table],
        is_whom=lambda at, end: _is_somebody(units, at, end, known),
        mood_nouns=known.words["mood_nouns"],
        glue=known.words["mood_glue"],
    )


def _is_somebody(units: list[Unit], at: int, end: int, known: Glossary) -> bool:
    """Whether a Chinese word's noun after it, or an Indonesian word's before it, is somebody; or it is an adverb."""
    links, after, before = known.words["mood_links"], end, at - 1
    while after < len(units) and (units[after].text in links or units[after].role is Role.ADJECTIVE):
        after += 1
    while before >= 0 and (units[before].text in links or units[before].role is Role.ADJECTIVE):
        before -= 1
    follows = after < len(units) and (after > end or not known.is_head_first) and _is_living(units[after], known)
    if known.is_head_first:
        return before >= 0 and (_is_living(units[before], known) or units[before].text in known.words["manner"])
    return follows or (end < len(units) and units[end].text in known.words["manner"])


def _is_living(unit: Unit, known: Glossary) -> bool:
    return known.subjects.get(unit.text) in LIVING or unit.role is Role.PART


def foreign_cameras(text: str, tongue: Tongue) -> Named[Camera]:
    """How the camera moves, however slowly it does, in English too, since scripts mix it in."""
    known = glossary(tongue)
    units = affirmed(CUTTERS[tongue].cut(_without_adverbs(text.translate(known.letters).lower(), tongue), known))
    table = known.craft.cameras
    named = tuple((unit.text, table[unit.text]) for unit in units if unit.text in table)
    return named or english_cameras(text)


_CLAUSE = {
    "zh": re.compile(r"[^，。！？；：,.!?;:\n]*(?:镜头|机位|相机|摄影机|无人机|摇|拍|推|拉)[^，。！？；：,.!?;:\n]*"),
    "id": re.compile(r"[^,.!?;:\n]*\b(?:kamera|drone|pan|tilt|dolly|zoom|crane|orbit)[^,.!?;:\n]*"),
}
"""Clauses that speak of the camera."""


def _without_adverbs(text: str, tongue: Tongue) -> str:
    adverbs = _adverbs(tongue)
    return _CLAUSE[tongue].sub(lambda clause: adverbs.sub("", clause[0]).replace("kameranya", "kamera"), text)


@cache
def _adverbs(tongue: Tongue) -> re.Pattern[str]:
    words = "|".join(sorted(glossary(tongue).words["adverbs"], key=len, reverse=True))
    return re.compile(rf"(?:{words})[地的]?" if tongue == "zh" else rf"\s\b(?:{words})\b(?!-)")

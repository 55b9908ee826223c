"""Which of the languages that are read a text is in, as far as its letters and its words can tell."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from dalang.scene.glossary import glossary
from dalang.scene.indonesian import forms, roots
from dalang.scene.lexicon import ADJECTIVES, DETERMINERS, ENGLISH, FOREIGN, FRAMES, PLACERS, SCENERY, VERBS
from dalang.scene.nouns import SINGULARS

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_OTHER = re.compile(r"[^\W\d_\u0000-\u024f]")
"""Letters that are not Latin."""

DENSITY = 5
"""Latin letters that say about as much as one Chinese letter, rounded up."""

_EN = ENGLISH | DETERMINERS | PLACERS | ADJECTIVES | VERBS.keys() | SCENERY | SINGULARS.keys()
"""Without the words of film, which scripts of every language use."""
_EN_FILM = _EN | FRAMES


def language_of(text: str) -> Literal["en", "zh", "id"] | None:
    """English also when nothing can be told: no words, or only words of no list in Latin letters."""
    other, han = len(_OTHER.findall(text)), len(_HAN.findall(text))
    words = [word.lower() for word in _WORD.findall(text)]
    if other * DENSITY > sum(map(len, words)):
        return "zh" if han * 10 > other * 9 and not _KANA.search(text) else None
    indonesian, foreign = _indonesian(words), sum(word in FOREIGN for word in words)
    if indonesian > sum(word in _EN or word.removesuffix("s") in _EN for word in words):
        return "id"
    if foreign <= sum(word in ENGLISH for word in words):
        return "en"
    return "id" if indonesian >= foreign else None


def _indonesian(words: list[str]) -> int:
    """How many of the words are Indonesian and not English."""
    known = _vocabulary()
    return sum(word not in _EN_FILM and any(form in known for form in (*forms([word]), *roots(word))) for word in words)


@cache
def _vocabulary() -> frozenset[str]:
    """Single Indonesian words."""
    return frozenset(phrase for phrase in glossary("id").own if " " not in phrase)

"""Which language a prompt is in, where that is one that prompts can be extended in."""

from __future__ import annotations

import re

from dalang.prompt.words import LANGUAGES, TRADITIONAL, Language, words_of
from dalang.scene.lexicon import ADJECTIVES, DETERMINERS, ENGLISH, FOREIGN, VERBS

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|「[^」]*」|《[^》]*》')
"""Speech and titles, which may be in another language."""
_LATIN = re.compile(r"[^\W\d_\u0250-\U0010ffff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_OTHER = re.compile(r"[^\W\d_\u0000-\u024f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Letters of further scripts, the kana of Japanese among them."""

_NEW = frozenset(map(chr, TRADITIONAL)) - frozenset("后台游里松冲斗")
"""Simplified letters; those left out are traditional ones too."""
_OLD = frozenset(TRADITIONAL.values())

_EITHER = LANGUAGES["en"].telling & LANGUAGES["id"].telling
_INDONESIAN = LANGUAGES["id"].telling - _EITHER
_ENGLISH = (LANGUAGES["en"].telling | ENGLISH | DETERMINERS | ADJECTIVES | VERBS.keys()) - _EITHER - FOREIGN


def language_of(prompt: str) -> Language | None:
    """English, Chinese in either script or Indonesian; None where it is another one or cannot be told."""
    text = _QUOTED.sub(" ", prompt)
    if text.isascii():
        return _of_latin(words_of(text))
    latin, han, other = (len(script.findall(text)) for script in (_LATIN, _HAN, _OTHER))
    if other * 10 > han + latin:
        return None
    if han * 3 > latin:
        return LANGUAGES["zh-Hant" if _is_traditional(text) else "zh"]
    return _of_latin(words_of(text))


def _is_traditional(text: str) -> bool:
    old, new = (sum(map(text.count, letters)) for letters in (_OLD, _NEW))
    return old > new


def _of_latin(words: tuple[str, ...]) -> Language | None:
    english = sum(word in _ENGLISH for word in words)
    indonesian = sum(word in _INDONESIAN for word in words)
    foreign = sum(word in FOREIGN and word not in _INDONESIAN for word in words)
    if english > max(indonesian, foreign) and foreign <= sum(word in ENGLISH for word in words):
        return LANGUAGES["en"]
    return LANGUAGES["id"] if indonesian > max(english, foreign) else None

"""What a negative prompt forbids to add."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dalang.prompt.words import LANGUAGES, words_of
from dalang.scene.tokens import singular

_ITEMS = re.compile(r"[,.;:!?\n，、。；：！？]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SMALL = frozenset[str]().union(*(language.small for language in LANGUAGES.values()))
ROOT = 5
"""Letters that make two words one: blurred and blurry."""


@dataclass(frozen=True)
class Negative:
    items: tuple[tuple[str, ...], ...]
    """What is named, each as its words that mean something."""
    facts: frozenset[str]
    """What is spoken of, in any of the languages."""

    def names(self, phrase: str) -> bool:
        """Whether `phrase` shows one of the things named: all words of it stand in the phrase."""
        words = words_of(phrase)
        return any(all(_stands(word, phrase, words) for word in item) for item in self.items)


def read_negative(text: str) -> Negative:
    items = (_telling(words_of(part)) for part in _ITEMS.split(text))
    facts = frozenset[str]().union(*(language.facts(text) for language in LANGUAGES.values())) if text else frozenset()
    return Negative(tuple(item for item in items if item), facts)


def _telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """Small words count only alone."""
    return tuple(word for word in words if word not in _SMALL) or words


def _stands(word: str, phrase: str, words: tuple[str, ...]) -> bool:
    if _HAN.search(word):
        return word in phrase
    return any(_is_same(word, other) for other in words)


def _is_same(one: str, other: str) -> bool:
    one, other = singular(one), singular(other)
    root = min(len(one), len(other), ROOT)
    return one == other or (root >= 4 and one[:root] == other[:root])

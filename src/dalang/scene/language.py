"""Whether a prompt is in English, as far as that can be told from its letters and its smallest words."""

from __future__ import annotations

import re

from dalang.scene.lexicon import ENGLISH, FOREIGN

_WORD = re.compile(r"[^\W\d_]+")
_LAST_LATIN = "ɏ"
"""U+024F, the end of Latin Extended-B."""


def is_english(prompt: str) -> bool:
    """True also when nothing can be told: no words, or only words of neither list in Latin letters."""
    words = [word.lower() for word in _WORD.findall(prompt)]
    letters = "".join(words)
    if sum(letter > _LAST_LATIN for letter in letters) * 3 > len(letters):
        return False
    return sum(word in FOREIGN for word in words) <= sum(word in ENGLISH for word in words)

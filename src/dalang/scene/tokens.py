"""Words of a prompt."""

from __future__ import annotations

import re
from functools import lru_cache

from dalang.scene.lexicon import DETERMINERS, NEGATIONS, PLACERS, TRAPS

STOPS = frozenset(".,")
POSSESSIVE = "'s"
GAP = "."
"""Ends a sentence."""
GONE = ","
"""Stands where words were taken out, so that those around them do not become neighbours."""

LONGEST_TRAP = max(phrase.count(" ") + 1 for phrase in TRAPS)

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_WORD = re.compile(r"[^\W_]+(?:'(?!s\b)[^\W_]+)?|'s\b|[.,;:!?()\n]")
_JOINED = re.compile(r"(close)[- ](up)|(time)[- ](lapse)")


def tokens(prompt: str) -> list[str]:
    """Lower-case words and punctuation of what is to be seen: speech in quotes and what is negated left out."""
    text = _QUOTED.sub(" ", prompt).lower().replace("’", "'")
    text = _JOINED.sub(lambda match: "".join(filter(None, match.groups())), text)
    return _without_negated([GAP if word in ";:!?()\n" else word for word in _WORD.findall(text)])


def without_traps(words: list[str]) -> list[str]:
    """The words with phrases put plainly or taken out that hold a known word and mean something else: "ice cream"."""
    out = list(words)
    for at, phrase in spans(words, LONGEST_TRAP):
        if phrase in TRAPS:
            size, plain = phrase.count(" ") + 1, TRAPS[phrase].split()
            out[at : at + size] = plain + [GONE] * (size - len(plain))
    return out


def spans(words: list[str], longest: int) -> list[tuple[int, str]]:
    """All runs of up to `longest` words as (position, phrase), at each position the longest first."""
    return [
        (at, " ".join(words[at : at + size]))
        for at in range(len(words))
        for size in range(min(longest, len(words) - at), 0, -1)
    ]


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """The singular of a regular plural; any other word comes back as it is."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def last_singular(phrase: str) -> str:
    """`phrase` with its last word in the singular."""
    head, space, last = phrase.rpartition(" ")
    return head + space + singular(last)


def plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")


def _without_negated(words: list[str]) -> list[str]:
    kept: list[str] = []
    dropping = 0
    for word in words:
        if word in NEGATIONS or word.endswith("n't"):
            dropping = 1
            kept.append(GONE)
        elif dropping and _goes_on(word, dropping):
            dropping += 1
        else:
            dropping = 0
            kept.append(word)
    return kept


def _goes_on(word: str, length: int) -> bool:
    """Whether a negation that has taken in `length` words reaches this one too."""
    if length == 1:
        return word not in STOPS
    return word not in STOPS and word not in DETERMINERS and word not in PLACERS and word != "but"

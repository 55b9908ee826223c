"""Ages that a text gives in years, in words or figures: "seventy-eight years old", 八岁, "berusia enam tahun"."""

from __future__ import annotations

from collections.abc import Sequence

from dalang.scene.heard import Tongue
from dalang.scene.performer import Age
from dalang.scene.traits import COUNTS, age_of

TENS = {
    "en": ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    "id": ("sepuluh", "dua puluh", "tiga puluh", "empat puluh", "lima puluh", "enam puluh", "tujuh puluh"),
}
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
DIGITS = {"": 0} | COUNTS["zh"]
OLD = frozenset(("year", "years"))


def number(words: Sequence[str], tongue: Tongue) -> int | None:
    """The number that words or figures say; None: they say none."""
    if len(words) == 1 and words[0].isdigit():
        return int(words[0])
    parts = [_part(word, tongue) for word in words]
    return sum(part for part in parts if part is not None) if parts and None not in parts else None


def _part(word: str, tongue: Tongue) -> int | None:
    if tongue == "en" and word in TENS["en"]:
        return 10 * (TENS["en"].index(word) + 1)
    if tongue == "en" and word in TEENS:
        return 13 + TEENS.index(word)
    return COUNTS[tongue].get(word)


def english_age(words: Sequence[str], at: int) -> tuple[Age | None, int] | None:
    """The age that is told at a position, and how many words tell it; None: none is."""
    if words[at] == "aged":
        sizes = (2, 1)
        told = ((number(words[at + 1 : at + 1 + size], "en"), size + 1) for size in sizes)
    else:
        ends = (at + size for size in (2, 1) if at + size + 1 < len(words))
        told = (
            (number(words[at:end], "en"), end - at + 2) for end in ends if words[end] in OLD and words[end + 1] == "old"
        )
    return next(((age_of(years), size) for years, size in told if years is not None), None)


def chinese_age(text: str) -> Age | None:
    """The age that 八岁 or 七十多岁 tells."""
    bare = text.removesuffix("岁").removesuffix("多")
    if bare.isdigit():
        return age_of(int(bare))
    tens, ten, ones = bare.rpartition("十")
    if tens not in DIGITS or ones not in DIGITS or not bare:
        return None
    return age_of((10 * (DIGITS[tens] or 1) if ten else 0) + DIGITS[ones])

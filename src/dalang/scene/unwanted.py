"""What a negative prompt excludes, in English, Chinese and Indonesian, from `unwanted.toml`.

Only what a plan can leave out counts. Words on quality ("blurry, deformed hands, watermark") exclude nothing, nor does
a thing that they spoil: "deformed cat" asks for a better cat, not for none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeVar, get_args

import msgspec

from dalang.scene.lexicon import PLACERS
from dalang.scene.nouns import PLURALS, SINGULARS
from dalang.scene.plan import Camera, Effect, Place, Thing, Time, Weather
from dalang.scene.subjects import SUBJECTS as CAST
from dalang.scene.subjects import of_kinds
from dalang.scene.tokens import singular

Meaning = TypeVar("Meaning")
Heard = Literal["music", "dialogue"]
"""What of a plan is only heard."""
Table = dict[str, frozenset[Meaning]]
"""Phrase → what it excludes."""


class Unwanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan leaves out."""

    subjects: frozenset[str] = frozenset()
    """Names in `SUBJECTS`."""
    places: frozenset[Place] = frozenset()
    times: frozenset[Time] = frozenset()
    weathers: frozenset[Weather] = frozenset()
    cameras: frozenset[Camera] = frozenset()
    effects: frozenset[Effect] = frozenset()
    things: frozenset[Thing] = frozenset()
    heard: frozenset[Heard] = frozenset()


NOTHING = Unwanted()

_TABLES = tomllib.loads(Path(__file__).with_name("unwanted.toml").read_text(encoding="utf-8"))
_GROUPS = {
    "animals": of_kinds("animals", "birds", "sea"),
    "birds": of_kinds("birds"),
    "people": of_kinds("people"),
    "vehicles": of_kinds("vehicles"),
}
_SEPARATOR = re.compile(r"[^\w\s'-]|[\n_]|\b(?:and|or|nor|but|dan|atau|serta|maupun)\b|[和与或及]")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def _table(name: str, read: Callable[[str], Meaning]) -> Table[Meaning]:
    table: dict[str, frozenset[Meaning]] = {}
    for meanings, text in _TABLES[name].items():
        for phrase in text.split(","):
            known = " ".join(phrase.split())
            table[known] = table.get(known, frozenset()) | {read(meaning) for meaning in meanings.split()}
    return table


def _subjects() -> Table[str]:
    """The words of every subject, and those that call several: "birds" are all that fly or swim with feathers on."""
    named = {word: frozenset({subject.name}) for subject in CAST.values() for word in (*subject.zh, *subject.id)}
    named |= {word: frozenset({name}) for word, name in (SINGULARS | PLURALS).items()}
    grouped = {
        phrase: frozenset().union(*(_GROUPS.get(name, frozenset({name})) for name in names))
        for phrase, names in _table("subjects", str).items()
    }
    return {
        phrase: named.get(phrase, frozenset()) | grouped.get(phrase, grouped.get(singular(phrase), frozenset()))
        for phrase in named | grouped
    }


def _words(name: str) -> frozenset[str]:
    return frozenset(_TABLES["words"][name].split())


THINGS = _table("things", Thing)
PLACES = _table("places", Place)
TIMES = _table("times", Time)
WEATHERS = _table("weathers", Weather)
CAMERAS = _table("cameras", Camera)
EFFECTS = _table("effects", lambda name: Effect(name.replace("_", " ")))
HEARD: Table[Heard] = _table("heard", dict(zip(get_args(Heard), get_args(Heard), strict=True)).__getitem__)
SUBJECTS = _subjects()
JOINED = tuple(phrase for phrase in SUBJECTS if " and " in phrase)
"""Subjects that the separator would cut in two: "bow and arrow"."""
KNOWN = frozenset().union(THINGS, PLACES, TIMES, WEATHERS, CAMERAS, EFFECTS, HEARD, SUBJECTS)

OPENERS = _words("openers")
"""What may stand before a thing without telling it from its likes."""
FAULTS = _words("faults")
TAILS = _words("tails")
COLLECTIONS = _words("collections")
"""What they are "of" is what is meant."""
PREPOSITIONS = PLACERS | _words("prepositions")
CHINESE_OPENERS = re.compile(f"(?:{'|'.join(sorted(_words('chinese_openers'), key=len, reverse=True))})*")
CHINESE_FAULTS = _words("chinese_faults")


def unwanted(negative: str) -> Unwanted:
    """What `negative` excludes; NOTHING where it names nothing that a plan holds."""
    text = negative.lower().replace("’", "'")
    found = [named for item in _SEPARATOR.split(text) for named in _named(item)]
    found += [(phrase, True) for phrase in JOINED if phrase in text]
    plain = [phrase for phrase, bare in found if bare]
    every = [phrase for phrase, _ in found]
    return Unwanted(
        subjects=_union(plain, SUBJECTS),
        places=_union(plain, PLACES),
        times=_union(every, TIMES),
        weathers=_union(every, WEATHERS),
        cameras=_union(every, CAMERAS),
        effects=_union(every, EFFECTS),
        things=_union(every, THINGS),
        heard=_union(plain, HEARD),
    )


def _union(phrases: list[str], table: Table[Meaning]) -> frozenset[Meaning]:
    forms = [form for phrase in phrases for form in {phrase, singular(phrase)} if form in table]
    return frozenset().union(*(table[form] for form in forms))


def _named(item: str) -> Iterator[tuple[str, bool]]:
    """The known phrases that an item is about, each with whether it stands bare: "red car" is not about every car."""
    for run in _CHINESE.findall(item):
        if found := _chinese(run):
            yield found
    if found := _spoken(_head(_WORD.findall(_CHINESE.sub(" ", item)))):
        yield found


def _chinese(run: str) -> tuple[str, bool] | None:
    """The longest known phrase at the end of `run`."""
    if run not in KNOWN:
        run = CHINESE_OPENERS.sub("", run, count=1)
    at = next((at for at in range(len(run)) if run[at:] in KNOWN), None)
    if at is None or any(fault in run[:at] for fault in CHINESE_FAULTS):
        return None
    return run[at:], at == 0


def _head(words: list[str]) -> list[str]:
    """The words up to the first preposition and without what merely asks: "any flowers in the grass" → any flowers."""
    if "background" in words:
        return []
    if any(" ".join(words[at:]) in KNOWN for at in range(len(words))):
        return words
    if "of" in words:
        at = words.index("of")
        words = words[at + 1 :] if at and words[at - 1] in COLLECTIONS else words[:at]
    end = next((at for at in range(1, len(words)) if words[at] in PREPOSITIONS - OPENERS), len(words))
    while end and words[end - 1] in TAILS:
        end -= 1
    return words[:end]


def _spoken(words: list[str]) -> tuple[str, bool] | None:
    """The longest known phrase at the end of `words`."""
    for at in range(len(words)):
        phrase = _known(words[at:])
        if phrase:
            return None if FAULTS & set(words[:at]) else (phrase, OPENERS.issuperset(words[:at]))
    return None


def _known(words: list[str]) -> str | None:
    phrase = " ".join(words)
    forms = (phrase, " ".join([*words[:-1], singular(words[-1])]), _unreduplicated(phrase))
    return next((form for form in forms if form in KNOWN), None)


def _unreduplicated(phrase: str) -> str:
    """An Indonesian plural's singular: "bunga-bunga" → "bunga"."""
    first, _, second = phrase.partition("-")
    return first if first == second else phrase

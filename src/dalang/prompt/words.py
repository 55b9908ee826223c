"""The languages that prompts are extended in, from `words.toml` and, for English, from the words of `scene`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dalang.scene.lexicon import CRAFT, PLACES, TIMES, WEATHERS
from dalang.scene.nouns import PLURALS, SINGULARS
from dalang.scene.phrasing import verb_forms
from dalang.scene.plan import Camera, Weather
from dalang.scene.tokens import plural

Units = str | tuple[str, ...]
"""What a text is made of for looking up: the characters of Chinese, the words of other languages; lower case."""

Index = Mapping[str, tuple[tuple[Units, str], ...]]
"""First unit of a phrase → the phrases that begin with it, each with the fact that it says."""

HANGING = " ,;:-–—、，；："
"""What no text can end with."""
ENDED = re.compile(r"""[.!?…。！？][\"'”’」』)\]）】]*\Z""")

WET = (Weather.RAIN, Weather.STORM, Weather.SNOW)

_WORD = re.compile(r"[^\W_]+")


class Choice(msgspec.Struct, frozen=True):
    """What may be added of one aspect."""

    to: str | None
    """The fact that a prompt must say for it; None: any prompt."""
    say: tuple[str, ...]
    """Of which the seed takes one; none: better nothing."""


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """How to read a prompt of this language, and what to add to it."""

    name: str
    said: Index
    added: Mapping[str, tuple[Choice, ...]]
    """Aspect → its choices, of which the first that fits counts."""
    small: frozenset[str]
    """Words that tell the language from others, and name nothing to see."""
    comma: str
    period: str
    space: str
    """Between two sentences."""
    shot: str
    """What begins a shot in a list, with fields number, start and end."""

    @property
    def telling(self) -> frozenset[str]:
        """Words that this language is known by, others among them."""
        single = (phrase[0] for phrases in self.said.values() for phrase, _ in phrases if len(phrase) == 1)
        return self.small.union(single)

    @property
    def is_chinese(self) -> bool:
        return self.name.startswith("zh")

    def sentence(self, phrases: list[str]) -> str:
        """Empty without phrases."""
        text = self.comma.join(phrases)
        return text[:1].upper() + text[1:] + self.period if text else ""

    def after(self, text: str, sentence: str) -> str:
        """`sentence` as the next one after `text`, which may lack its full stop."""
        if not sentence:
            return text
        text = text.strip().rstrip(HANGING)
        if not text:
            return sentence
        return text + ("" if ENDED.search(text[-8:]) else self.period) + self.space + sentence

    def units(self, text: str) -> Units:
        return text.lower() if self.is_chinese else words_of(text)

    def facts(self, text: str) -> frozenset[str]:
        """All that `text` says, be it only to forbid it."""
        units = self.units(text)
        return frozenset(
            fact
            for at, unit in enumerate(units)
            for phrase, fact in self.said.get(unit, ())
            if units[at : at + len(phrase)] == phrase
        )


def words_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(phrase for part in text.split(",") if (phrase := " ".join(part.split())))


def _known_to_scene() -> Iterator[tuple[str, str]]:
    """(phrase, fact): what a plan would be made of."""
    yield from ((phrase, "static" if move is Camera.STATIC else "movement") for phrase, move in _camera_moves())
    yield from ((phrase, time.value) for phrase, time in TIMES.items())
    yield from ((phrase, "wet") for phrase, weather in WEATHERS.items() if weather in WET)
    yield from ((phrase, "scenery") for phrase in PLACES)
    yield from ((phrase, "someone") for phrase in (*SINGULARS, *PLURALS))


def _camera_moves() -> Iterator[tuple[str, Camera]]:
    """The scene's phrases on the camera, with their verbs in every form."""
    for phrase, move in CRAFT.cameras.items():
        head, verb, rest = _parted(phrase)
        yield from (((head + form + rest), move) for form in (verb, *verb_forms(verb)))


def _parted(phrase: str) -> tuple[str, str, str]:
    """(what stands before its verb, the verb, the rest)."""
    head = "camera " if phrase.startswith("camera ") else ""
    verb, space, rest = phrase.removeprefix(head).partition(" ")
    return head, verb, space + rest


def _english(said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for phrase, fact in (*said, *_known_to_scene()):
        yield phrase, fact
        yield plural(phrase), fact


def _index(said: Iterable[tuple[str, str]], units: Any) -> Index:
    index: dict[str, dict[tuple[Units, str], None]] = {}
    for phrase, fact in said:
        key = units(phrase)
        index.setdefault(key[0], {})[key, fact] = None
    return {first: tuple(phrases) for first, phrases in index.items()}


def _said(name: str, table: Any) -> Index:
    said = [(phrase, fact) for fact, text in table["said"].items() for phrase in _listed(text)]
    return _index(_english(said) if name == "en" else said, str.lower if name.startswith("zh") else words_of)


def _language(name: str, table: Any) -> Language:
    return Language(
        name=name,
        said=_said(name, table),
        added={
            aspect: tuple(Choice(choice.get("to"), _listed(choice.get("say", ""))) for choice in choices)
            for aspect, choices in table["added"].items()
        },
        small=frozenset(_listed(table["small"])),
        **table["glue"],
    )


_TEXT = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
_TABLES = tomllib.loads(_TEXT)

TRADITIONAL = str.maketrans(dict(_TABLES["zh"]["traditional"].split()))
"""Simplified letters of the table → traditional ones."""

LANGUAGES = {name: _language(name, table) for name, table in _TABLES.items()} | {
    "zh-Hant": _language("zh-Hant", tomllib.loads(_TEXT.translate(TRADITIONAL))["zh"])
}

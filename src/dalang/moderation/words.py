"""Word lists: terms and texts in one plain form, looked up. Pure but for reading the lists.

A list is a text file: a word or phrase a line, `#` for comments. What follows the line `[ip]` counts as infringement of
somebody's property, what follows `[unfit]` or no such line as inappropriate.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from dalang.errors import ConfigError
from dalang.moderation.verdict import Ground

HEADINGS: dict[str, Ground] = {"[unfit]": "unfit", "[ip]": "ip"}

_WORD = re.compile("[0-9a-zß-\u058f]+")
"""Of the scripts that part words by spaces and have no prefixes: Latin, Greek, Cyrillic, Armenian."""
_GAPS = str.maketrans({sign: " " for sign in map(chr, range(128)) if not sign.isalnum()})
"""Does for plain ASCII what `_WORD` does, in a third of the time."""
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")
"""Marks over letters, and characters without width."""
_DOTS = re.compile("[-._*~|·・]")
"""What is put between characters to hide a word."""
_SPELT = re.compile(r" (?:\S ){3,}")
"""At least three letters on their own: `p.o.r.n` is a word spelt out, `J. R.` is not."""


class Term(NamedTuple):
    text: str
    ground: Ground


class Words:
    """Terms to look for. One in Latin, Greek or Cyrillic letters is found as whole words in a row, whatever stands
    between them; one with a letter of another script is found anywhere, since Chinese parts no words.

    Capitals, accents, full-width forms and characters without width make no difference, nor do dots between all letters
    of a word. Beyond that nothing is guessed: a prompt refused for nothing is worse than one that slips through.
    """

    def __init__(self, terms: Mapping[str, Ground]) -> None:
        self._rows: dict[str, list[tuple[str, Term]]] = {}
        self._spelt: dict[str, Term] = {}
        self._parts: dict[str, list[tuple[str, Term]]] = {}
        for text, ground in terms.items():
            self._add(Term(text, ground))
        self._head = re.compile(f"[{re.escape(''.join(self._parts))}]" if self._parts else "(?!)")

    def _add(self, term: Term) -> None:
        plain = _plain(term.text)
        if any(letter >= "\u0590" for letter in plain if letter.isalnum()):
            part = _DOTS.sub("", plain)
            self._parts.setdefault(part[0], []).append((part, term))
            return
        words = _words(plain)
        self._rows.setdefault(words[0], []).append((f" {' '.join(words)} ", term))
        self._spelt["".join(words)] = term

    def check(self, text: str) -> Term | None:
        """The first term found in `text`; about 40 µs for 1,500 characters."""
        plain = _plain(text)
        found = self._in_words(_words(plain))
        return found or (None if text.isascii() else self._inside(plain))

    def _in_words(self, words: list[str]) -> Term | None:
        line = f" {' '.join(words)} "
        firsts = self._rows.keys() & words
        rows = (row for first in firsts for row in self._rows[first])
        return next((term for row, term in rows if row in line), None) or self._spelt_out(line)

    def _spelt_out(self, line: str) -> Term | None:
        for run in _SPELT.findall(line):
            letters = run.replace(" ", "")
            for word, term in self._spelt.items():
                if len(word) > 2 and word in letters:  # not equal: an article before it is a letter too
                    return term
        return None

    def _inside(self, plain: str) -> Term | None:
        solid = _DOTS.sub("", plain)
        for head in self._head.finditer(solid):
            for part, term in self._parts[head[0]]:
                if solid.startswith(part, head.start()):
                    return term
        return None


def _plain(text: str) -> str:
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    return text.casefold()


def _words(plain: str) -> list[str]:
    return plain.translate(_GAPS).split() if plain.isascii() else _WORD.findall(plain)


def shipped_words() -> Words:
    """The lists of this package: few terms, and only such as mean one thing."""
    lists = (file for file in resources.files("dalang.moderation").joinpath("lists").iterdir())
    terms: dict[str, Ground] = {}
    for file in sorted(lists, key=lambda file: file.name):
        terms |= parse(file.read_text("utf-8"), file.name)
    return Words(terms)


def read_words(path: Path) -> Words:
    """A list of the operator's. Raises ConfigError that names the file and the line."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"Setting moderation_words: cannot read {path}: {error.strerror}.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"Setting moderation_words: {path}, line {line}, is not UTF-8.") from error
    return Words(parse(text, str(path)))


def parse(text: str, name: str) -> dict[str, Ground]:
    """The terms of a list. Raises ConfigError that says `name` and the line."""
    terms: dict[str, Ground] = {}
    ground: Ground = "unfit"
    for number, line in enumerate(text.split("\n"), 1):
        term = line.partition("#")[0].strip()
        if term in HEADINGS:
            ground = HEADINGS[term]
        elif term:
            _check(term, f"{name}, line {number}")
            terms[term] = ground
    return terms


def _check(term: str, place: str) -> None:
    if term.startswith("["):
        raise ConfigError(f"Setting moderation_words: {place}: {term} is none of {', '.join(HEADINGS)}.")
    if not any(letter.isalnum() for letter in _plain(term)):
        raise ConfigError(f"Setting moderation_words: {place}: {term!r} has no letter or digit to look for.")

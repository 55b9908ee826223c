"""What a value is expected to be like, where it need not be one value: `prompt=contains("fox")`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


class Matcher:
    """Equals whatever fits it, so it may stand wherever a value is compared. `repr` is the call that made it."""

    def __init__(self, words: str, fits: Callable[[Any], bool]) -> None:
        self._words = words
        self._fits = fits

    def __eq__(self, value: object) -> bool:
        return value is self or self._fits(value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return self._words


anything = Matcher("anything", lambda value: value is not None and value != "")
"""Whatever was given: neither None nor an empty text."""


def contains(*parts: str) -> Matcher:
    """A text in which all of these stand, in any order; capitals count."""
    words = f"contains({', '.join(map(repr, parts))})"
    return Matcher(words, lambda value: isinstance(value, str | tuple) and all(part in value for part in parts))


def matches(pattern: str) -> Matcher:
    """A text in which this regular expression is found, anywhere: `matches(r"^A \\w+ fox")`."""
    compiled = re.compile(pattern)
    return Matcher(f"matches({pattern!r})", lambda value: isinstance(value, str) and bool(compiled.search(value)))


def between(least: float, most: float) -> Matcher:
    """A number from `least` to `most`, both included."""
    words = f"between({least!r}, {most!r})"
    return Matcher(words, lambda value: isinstance(value, int | float) and least <= value <= most)


def one_of(*values: object) -> Matcher:
    """One of these; each may be a matcher itself."""
    return Matcher(f"one_of({', '.join(map(repr, values))})", lambda value: value in values)

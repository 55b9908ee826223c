"""A list of shots: written for a prompt that has none, or taken apart into one take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, cycle, islice

from dalang.prompt.additions import Additions
from dalang.scene.listing import unlisted

TAKE = 3
"""Seconds that a shot lasts at the least, where there are more than two."""
MOST = 4

_SEAMS = (
    (re.compile(r"([。！？])\s*\.\s+"), r"\1"),
    (re.compile(r"(?<=[.!?…])\s+\.\s+"), " "),
    (re.compile(r"([\u4e00-\u9fff])\s*[，、；]?\.\s+"), r"\1。"),
    (re.compile(r"\s*[,;]\s*\.\s+"), ". "),
)
"""Where a mark was, a stop comes after one that stood there."""


def one_take(prompt: str) -> str:
    """`prompt` as it is, or the shots it lists as one text without their marks."""
    text = unlisted(prompt)
    if text != prompt:
        for seam, closed in _SEAMS:
            text = seam.sub(closed, text)
    return text


def as_list(text: str, additions: Additions, duration: int) -> str:
    """At least two shots that fill `duration` seconds, each of another size than the last; `text` is the first.

    It is no preamble, since what it says of framing and camera holds for one shot only.
    """
    count = min(MOST, max(2, duration // TAKE))
    language = additions.language
    starts = [number * duration // count for number in range(count + 1)]
    marks = [language.shot.format(number=n + 1, start=starts[n], end=starts[n + 1]) for n in range(count)]
    looks = list(islice(zip(_sizes(additions), _moves(additions), strict=False), count))
    listed = marks[0] + language.after(text, language.sentence(_said(looks[0])))
    for mark, look in zip(marks[1:], looks[1:], strict=True):
        listed = language.after(listed, mark + language.comma.join(_said(look)) + language.period)
    return listed


def _said(look: tuple[str, str]) -> list[str]:
    return [phrase for phrase in look if phrase]


def _sizes(additions: Additions) -> Iterator[str]:
    """Shot by shot, without end; empty for a first shot of which the prompt says it, and where none may be said."""
    sizes = additions.all("sizes")
    if len(sizes) < 2:
        sizes = (*sizes, *additions.all("same"))
    return chain([""] if "size" in additions.facts else [], cycle(sizes or ("",)))


def _moves(additions: Additions) -> Iterator[str]:
    """As `_sizes`; of a camera that the prompt moves, and of one that must not move, nothing is said."""
    if "static" in additions.facts:
        return chain([""], cycle(additions.all("still") or [""]))
    return cycle([""] if "movement" in additions.settled else additions.all("moves") or [""])

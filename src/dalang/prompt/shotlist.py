"""A list of shots: written for a prompt that has none, or taken apart into one take."""

from __future__ import annotations

import re
from itertools import cycle, islice

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


def written(additions: Additions, prompt: str, duration: int) -> str:
    """At least two shots that fill `duration` seconds, the next of another size than the last."""
    shots = _shots(additions, prompt, min(MOST, max(2, duration // TAKE)))
    language = additions.language
    starts = [number * duration // len(shots) for number in range(len(shots) + 1)]
    return language.space.join(
        language.shot.format(number=number + 1, start=starts[number], end=starts[number + 1])
        + language.comma.join(shot)
        + language.period
        for number, shot in enumerate(shots)
    )


def _shots(additions: Additions, prompt: str, count: int) -> list[list[str]]:
    sizes = islice(cycle(_sizes(additions, prompt)), count)
    moves = islice(cycle(_moves(additions)), count)
    return [[phrase for phrase in shot if phrase] for shot in zip(sizes, moves, strict=True)]


def _sizes(additions: Additions, prompt: str) -> tuple[str, ...]:
    """The prompt's own size first, where it names one, then others."""
    said = additions.language.plain(prompt)
    sizes = tuple(size for size in additions.all("sizes") if additions.language.plain(size) not in said)
    if "size" in additions.facts:
        return (*additions.all("same"), *sizes)
    return sizes if len(sizes) > 1 else (*sizes, *additions.all("same"))


def _moves(additions: Additions) -> tuple[str, ...]:
    """None where the prompt says how the camera moves: it moves so in every shot."""
    if "static" in additions.facts:
        return additions.all("still") or ("",)
    if "movement" in additions.settled:
        return ("",)
    return additions.all("moves") or ("",)

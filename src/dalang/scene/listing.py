"""The shots that a prompt lists: "Shot 1 [0-3s] … Shot 2 [3-5s] …", "第1个镜头[0-3秒]", "Adegan 1"."""

from __future__ import annotations

import re

import msgspec

SHORTEST = 0.5
"""Seconds; what is listed as shorter, or not in order, is spread evenly instead."""

MOST = 12
"""Shots; each costs a set to paint. What is listed after them is passed over."""

_NUMBER = r"(?:\d+|one|two|three|four|five|six|[一二三四五六七八九十]+|pertama|kedua|ketiga|keempat|kelima)"
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|next|final|last)"
_MARK = re.compile(
    rf"(?:(?<![^\W\d_])(?:shot|scene|adegan|bidikan|babak)\s*#?{_NUMBER}(?![^\W_])"
    rf"|(?<![^\W\d_]){_ORDINAL}\s+(?:shot|scene)(?=\s*[:：,\[(（【]|\s+[-–—]\s)"
    rf"|第\s*{_NUMBER}\s*[个個]?(?:镜头|鏡頭|分镜|分鏡|镜|鏡|幕)|(?:镜头|鏡頭|分镜|分鏡)\s*{_NUMBER})"
    r"\s*[:：]?\s*"
    r"(?:[\[(（【]\s*(?P<from>\d+(?:\.\d+)?)\s*(?:s|sec|seconds?|秒|detik)?\s*[-–—~～至到]\s*"
    r"(?P<to>\d+(?:\.\d+)?)\s*(?:s|sec|seconds?|秒|detik)?\s*[\])）】])?\s*[:：,，.、\-–—]*\s*",
    re.IGNORECASE,
)


class Part(msgspec.Struct, frozen=True):
    """One listed shot."""

    text: str
    seconds: float


def listed(prompt: str, duration: float) -> tuple[str, tuple[Part, ...]]:
    """What a prompt says before its list, and the shots it lists, together `duration` seconds; none where it has none.

    One marked shot is no list.
    """
    marks = list(_MARK.finditer(prompt))
    if len(marks) < 2:
        return prompt, ()
    ends = [mark.start() for mark in marks[1:]] + [len(prompt)]
    marks = marks[: min(MOST, max(2, int(duration / SHORTEST)))]
    texts = [prompt[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=False)]
    seconds = _seconds(marks, duration)
    return prompt[: marks[0].start()].strip(), tuple(map(Part, texts, seconds))


def unlisted(prompt: str) -> str:
    """The prompt with its marks taken out: all its shots as one text."""
    return _MARK.sub(". ", prompt).lstrip(". ") if len(_MARK.findall(prompt)) > 1 else prompt


def even(count: int, duration: float) -> list[float]:
    return [duration / count] * count


def _seconds(marks: list[re.Match[str]], duration: float) -> list[float]:
    """Lengths as written, the last one up to the clip's end; even ones where that leaves a shot without time."""
    if not all(mark["from"] and mark["to"] for mark in marks):
        return even(len(marks), duration)
    starts = [0.0, *(float(mark["from"]) for mark in marks[1:])]
    lengths = [end - start for start, end in zip(starts, [*starts[1:], duration], strict=True)]
    return lengths if min(lengths) >= SHORTEST else even(len(marks), duration)

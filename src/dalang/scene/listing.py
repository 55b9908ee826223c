"""The shots that a prompt lists: "Shot 1 [0-3s] …", "Shot 1 (3s): …", "[0:00-0:03] …", "镜头一（3秒）", "Adegan 1"."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

SHORTEST = 0.5
"""Seconds; what is listed as shorter, or not in order, is spread evenly instead."""

MOST = 12
"""Shots; each costs a set to paint. What is listed after them is passed over."""

_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|[一二三四五六七八九十]+|satu|dua|tiga|empat|lima|enam"
    r"|pertama|kedua|ketiga|keempat|kelima|keenam)"
)
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|next|final|last|opening|closing)"
_LATIN = r"(?:shot|scene|clip|cut|panel|frame|adegan|bidikan|babak|potongan)"
_HAN = r"(?:镜头|鏡頭|分镜头?|分鏡頭?|场景|場景)"
_NAME = (
    rf"(?:(?<![^\W\d_]){_LATIN}\s*#?{_NUMBER}(?![^\W_])"
    rf"|(?<![^\W\d_]){_ORDINAL}\s+(?:shot|scene)(?=\s*[:：,\[(（【]|\s+[-–—]\s)"
    rf"|第\s*{_NUMBER}\s*[个個]?(?:镜头|鏡頭|分镜|分鏡|镜|鏡|幕|场|場)|{_HAN}\s*{_NUMBER})"
)
_TIME = r"(?:\d+:)?\d+(?:\.\d+)?"
_UNIT = r"\s*(?:s|secs?|seconds?|秒钟?|秒鐘|detik|dtk|det)(?![^\W\d_])"
_FROM_TO = rf"(?P<from{{0}}>{_TIME})(?:{_UNIT})?\s*[-–—~～至到]+\s*(?P<to{{0}}>{_TIME})"
_TOLD = (
    rf"(?:[\[(（【]\s*(?:{_FROM_TO.format(1)}(?:{_UNIT})?|(?P<length1>{_TIME}){_UNIT})\s*[\])）】]"
    rf"|[-–—,，]?\s*(?:{_FROM_TO.format(2)}{_UNIT}|(?P<length2>{_TIME}){_UNIT})(?=\s*[:：,，.。\n–—-]))"
)
_MARK = re.compile(rf"{_NAME}\s*[:：]?\s*(?:{_TOLD})?\s*[:：,，.、\-–—]*\s*", re.IGNORECASE)
_TIMED = re.compile(
    rf"[\[(（【]\s*{_FROM_TO.format(1)}(?:{_UNIT})?\s*[\])）】]\s*[:：,，.、\-–—]*\s*"
    rf"|(?:^|(?<=\n))\s*{_FROM_TO.format(2)}(?:{_UNIT})?\s*[:：]\s*",
    re.IGNORECASE,
)
"""A mark that is but a time."""
_EVERY = re.compile(
    r"\b(?:(?:every|each|all)(?: of)?(?: the)?(?: \w+)? (?:shots?|scenes?)\b"
    r"|throughout(?= the (?:film|video|clip|whole)|\s*[.,;]|\s*\Z)"
    r"|from start to finish|(?:semua|setiap|seluruh|sepanjang) (?:shot|adegan|bidikan|film|video)\b)"
    r"|全片|全程|所有镜头|所有鏡頭|每个镜头|每個鏡頭|整部影片|整部短片",
    re.IGNORECASE,
)
"""Says that a sentence is about all shots, wherever it stands."""
_SENTENCE = re.compile(r"(?:[^.。\n]|\.(?=\d))*[.。\n]?\s*")


class Part(msgspec.Struct, frozen=True):
    """One listed shot."""

    text: str
    seconds: float


def listed(prompt: str, duration: float) -> tuple[str, tuple[Part, ...]]:
    """What a prompt says before its list, and the shots it lists, together `duration` seconds; none where it has none.

    One marked shot is no list.
    """
    marks = _marks(prompt)
    if not marks:
        return prompt, ()
    ends = [mark.start() for mark in marks[1:]] + [len(prompt)]
    marks = marks[: _room(duration)]
    texts = [prompt[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=False)]
    split = [_scoped(text) for text in texts]
    preamble = " ".join([prompt[: marks[0].start()].strip(), *(every for _, every in split if every)]).strip()
    return preamble, tuple(map(Part, (text for text, _ in split), _seconds(marks, duration)))


def _marks(prompt: str) -> list[re.Match[str]]:
    """Where its shots begin; none where it lists fewer than two."""
    named, timed = list(_MARK.finditer(prompt)), list(_TIMED.finditer(prompt))
    return named if len(named) > 1 else timed if len(timed) > 1 else []


def _scoped(text: str) -> tuple[str, str]:
    """What of a shot's text is about it, and what is about all shots."""
    sentences = _SENTENCE.findall(text)
    own = "".join(each for each in sentences if not _EVERY.search(each)).strip()
    return own, "".join(each for each in sentences if _EVERY.search(each)).strip()


def unlisted(prompt: str) -> str:
    """The prompt with its marks taken out: all its shots as one text."""
    for mark in reversed(_marks(prompt)):
        prompt = prompt[: mark.start()] + ". " + prompt[mark.end() :]
    return prompt.removeprefix(". ")


def even(count: int, duration: float) -> list[float]:
    return [duration / count] * count


def unfollowed(prompt: str, duration: float) -> tuple[str, ...]:
    """Sentences for the caller: what of a prompt's list cannot be followed in `duration` seconds."""
    marks = _marks(prompt)
    kept = marks[: _room(duration)]
    passed = f"Only {len(kept)} of the {len(marks)} listed shots fit into {duration:g} seconds."
    uneven = f"The listed times cannot be kept in {duration:g} seconds; all shots are of one length."
    timed = any(_told(mark, what) is not None for mark in kept for what in ("from", "length"))
    return (
        *((passed,) if len(kept) < len(marks) else ()),
        *((uneven,) if timed and _written(kept, duration) is None else ()),
    )


def _room(duration: float) -> int:
    """Shots at the most."""
    return min(MOST, max(2, int(duration / SHORTEST)))


def _seconds(marks: list[re.Match[str]], duration: float) -> list[float]:
    """Lengths as written, the last one up to the clip's end; even ones where that leaves a shot without time."""
    return _written(marks, duration) or even(len(marks), duration)


def _written(marks: list[re.Match[str]], duration: float) -> list[float] | None:
    """None: no times are written, or they leave a shot without time."""
    starts = [_told(mark, "from") for mark in marks]
    written = [_told(mark, "length") for mark in marks]
    if None not in starts:
        bounds = [0.0, *(start or 0.0 for start in starts[1:]), duration]
    elif None not in written:
        bounds = [sum(length or 0.0 for length in written[:at]) for at in range(len(marks))] + [duration]
    else:
        return None
    lengths = [end - start for start, end in pairwise(bounds)]
    return lengths if min(lengths) >= SHORTEST else None


def _told(mark: re.Match[str], what: str) -> float | None:
    """Seconds that a mark tells: 0:03 is three."""
    groups = mark.groupdict()
    text = next((groups[name] for name in (f"{what}1", f"{what}2") if groups.get(name)), None)
    if text is None:
        return None
    minutes, _, seconds = text.rpartition(":")
    return 60.0 * float(minutes or 0) + float(seconds)

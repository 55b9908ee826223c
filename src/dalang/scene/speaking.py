"""When the lines of a shot are said: mouths and the sound of speech follow the same times."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dalang.scene.heard import Line, Tone
from dalang.scene.plan import Shot

PACE = {"en": 14.0, "id": 13.0, "zh": 4.6}
"""Letters a second of plain speech."""
HASTE = {Tone.EXCITED: 1.15, Tone.PANICKED: 1.3, Tone.ANGRY: 1.1, Tone.SAD: 0.85, Tone.TIRED: 0.8, Tone.CALM: 0.9}
"""Of the plain pace."""
LEAD_IN = 0.4
"""Seconds before the first line, where there is time for it."""
PAUSE = 0.35
"""Seconds between lines."""
SHORTEST = 0.5
"""Seconds of a line."""


class Spoken(msgspec.Struct, frozen=True):
    """A line and its time, seconds from the shot's beginning."""

    start: float
    end: float
    line: Line


def spoken(shot: Shot) -> tuple[Spoken, ...]:
    """The lines of `shot` one after another; pressed together where they would outlast it."""
    lengths = [length(line) for line in shot.dialogue]
    asked = LEAD_IN + sum(lengths) + PAUSE * len(lengths)
    return tuple(_placed(shot.dialogue, lengths, min(1.0, shot.duration / asked)))


def _placed(lines: tuple[Line, ...], lengths: list[float], pressed: float) -> Iterator[Spoken]:
    at = LEAD_IN * pressed
    for line, seconds in zip(lines, lengths, strict=True):
        yield Spoken(at, at + seconds * pressed, line)
        at += (seconds + PAUSE) * pressed


def length(line: Line) -> float:
    """Seconds that `line` takes in its tone."""
    return max(SHORTEST, len(line.says) / PACE[line.language] / HASTE.get(line.tone, 1.0))

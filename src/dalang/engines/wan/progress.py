"""How much of a clip is done after which step. Pure."""

from __future__ import annotations

from typing import NamedTuple

from dalang.engines.wan.timeline import Timeline

DECODING = 2
"""Steps that it takes about as long as to decode what they made."""


class Span(NamedTuple):
    """Of one segment: from where to where the clip's progress goes while it is sampled and decoded."""

    start: float
    length: float
    steps: int

    def after(self, step: int) -> float:
        """0..1 of the whole clip."""
        return self.start + self.length * step / (self.steps + DECODING)


def spans(timeline: Timeline, steps: int) -> list[Span]:
    """In order, of all segments of all shots; each counts by its frames."""
    lengths = [segment.frames for take in timeline.takes for segment in take.segments]
    whole, before, found = sum(lengths), 0, []
    for length in lengths:
        found.append(Span(before / whole, length / whole, steps))
        before += length
    return found

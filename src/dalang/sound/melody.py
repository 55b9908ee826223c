"""A tune over chords: a motif that is stated, repeated, answered, and brought home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dalang.sound.harmony import MODES, degrees
from dalang.sound.pattern import Random

Rhythm = tuple[float, ...]
"""Beats of the notes of one bar; below 0: rests."""

RHYTHMS: dict[tuple[int, str], tuple[Rhythm, ...]] = {
    (4, "calm"): ((2, 2), (3, 1), (2, 1, 1), (1, 1, 2), (-1, 1, 2)),
    (4, "plain"): ((1, 1, 2), (1.5, 0.5, 2), (1, 1, 1, 1), (1.5, 0.5, 1, 1), (2, 1, 1)),
    (4, "lively"): ((0.5, 0.5, 1, 1, 1), (1, 0.5, 0.5, 1, 1), (1, 0.5, 0.5, 0.5, 0.5, 1), (0.5, 0.5, 0.5, 0.5, 1, 1)),
    (3, "calm"): ((3,), (2, 1), (1, 2)),
    (3, "plain"): ((2, 1), (1, 1, 1), (1.5, 0.5, 1)),
    (3, "lively"): ((1, 0.5, 0.5, 1), (0.5, 0.5, 1, 1), (1, 1, 0.5, 0.5)),
}
"""By beats a bar and pace."""
TURNS = ((1, 1, -1, 1), (-1, -1, 2, -1), (2, -1, -1, 1), (1, -1, 1, 1), (-1, 1, 1, -2), (0, 1, 1, -1), (2, 1, -1, -1))
"""Steps of a motif from note to note."""
FORM = "aaba"
"""Which motif a bar has; the last of every four comes to rest."""

Tune = list[tuple[float, float, int]]
"""Beat, beats and degree of each note."""


def tune(roots: Sequence[int], mode: str, metre: int, pace: str, low: int, high: int, random: Random) -> Tune:
    """A melody over the chords on `roots`, one a bar, between two degrees; it ends on the tonic."""
    kinds = RHYTHMS[metre, pace]
    motifs = {name: (kinds[int(random.integers(len(kinds)))], TURNS[int(random.integers(len(TURNS)))]) for name in "ab"}
    notes: Tune = []
    at = (low + high) // 2
    for bar, root in enumerate(roots):
        chord = degrees(mode, root)
        if bar == len(roots) - 1:
            notes.append((bar * metre, metre, _nearest(at, (0,), mode, low, high)))
            break
        rhythm, turns = motifs[FORM[bar % 4]]
        rest = bar % 4 == 3
        made = _bar(
            bar * metre, (metre - 1.0, 1.0) if rest and metre > 1 else rhythm, turns, chord, mode, (low, high), at
        )
        notes += made
        at = made[-1][2] if made else at
    return notes


def _bar(
    start: float,
    rhythm: Rhythm,
    turns: tuple[int, ...],
    chord: tuple[int, ...],
    mode: str,
    span: tuple[int, int],
    at: int,
) -> Tune:
    """One bar: its first note, and those on the beat where it is long, are of the chord."""
    notes: Tune = []
    beat = start
    for number, beats in enumerate(rhythm):
        if beats > 0:
            aim = at + (turns[(number - 1) % len(turns)] if number else 0)
            strong = number == 0 or beats >= 1.5
            at = _nearest(aim, chord, mode, *span) if strong else int(np.clip(aim, *span))
            notes.append((beat, beats, at))
        beat += abs(beats)
    return notes


def _nearest(aim: int, chord: Sequence[int], mode: str, low: int, high: int) -> int:
    """The degree of `chord`, in any octave within the span, that is nearest to `aim`."""
    size = len(MODES[mode])
    inside = [degree for degree in range(low, high + 1) if degree % size in {one % size for one in chord}]
    return min(inside, key=lambda degree: (abs(degree - aim), degree)) if inside else int(np.clip(aim, low, high))

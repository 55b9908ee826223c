"""Keys and chords: modes, the chords on their degrees, and how one chord leads to the next."""

from __future__ import annotations

from itertools import product

MODES: dict[str, tuple[float, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "gong": (0, 2, 4, 7, 9),
    "yu": (0, 3, 5, 7, 10),
    "slendro": (0, 2.36, 4.8, 7.16, 9.58),
    "pelog": (0, 1.35, 2.7, 6.7, 8.0),
}
"""Semitones of the degrees over the tonic; gamelan tunings are means over many sets: Surjodiningrat, Sudarjana and
Susanto, "Tone measurements of outstanding Javanese gamelans" (1972)."""

Chord = tuple[float, ...]
"""MIDI numbers, from low to high."""
MIDDLE = 60.0
"""About which chords are spread."""


def pitch(tonic: float, mode: str, degree: int) -> float:
    """The MIDI number of a degree, 0 the tonic; a scale goes on beyond its octave both ways."""
    scale = MODES[mode]
    octave, step = divmod(degree, len(scale))
    return tonic + 12 * octave + scale[step]


def hertz(number: float) -> float:
    return float(440.0 * 2 ** ((number - 69) / 12))


def degrees(mode: str, root: int, seventh: bool = False) -> tuple[int, ...]:
    """The degrees of the chord on `root`: thirds; in scales of five tones, its fifth and octave."""
    if len(MODES[mode]) == 5:
        return (root, root + 2, root + 3)
    return (root, root + 2, root + 4, root + 6) if seventh else (root, root + 2, root + 4)


def led(before: Chord | None, tonic: float, mode: str, root: int, seventh: bool = False) -> Chord:
    """The chord on `root`, so spread that its voices move as little as they can from those of the chord `before`."""
    classes = [pitch(tonic, mode, degree) % 12 for degree in degrees(mode, root, seventh)]
    spreads = [
        tuple(sorted(12 * octave + one for octave, one in zip(octaves, classes, strict=True)))
        for octaves in product((4, 5), repeat=len(classes))
    ]
    return min(spreads, key=lambda spread: (_moved(before, spread), spread))


def _moved(before: Chord | None, after: Chord) -> float:
    centre = abs(sum(after) / len(after) - MIDDLE - 3)
    tight = 0.3 * (after[-1] - after[0])
    if before is None or len(before) != len(after):
        return centre + tight
    return sum(abs(one - other) for one, other in zip(before, after, strict=True)) + 0.3 * centre + 0.3 * tight

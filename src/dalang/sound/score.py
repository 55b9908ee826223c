"""Music before it is played: notes in beats, in parts."""

from __future__ import annotations

import msgspec


class Note(msgspec.Struct, frozen=True):
    beat: float
    """From the beginning."""
    beats: float
    """How long it is held."""
    pitch: float
    """A MIDI number, 60 is middle C; fractions are cents."""
    loud: float = 0.8
    """0..1"""


class Part(msgspec.Struct, frozen=True):
    instrument: str
    """In `sound.orchestra.ORCHESTRA`."""
    notes: tuple[Note, ...]
    pan: float = 0.5
    level: float = 1.0


class Hit(msgspec.Struct, frozen=True):
    beat: float
    drum: str
    """In `sound.drums.DRUMS`."""
    loud: float


class Score(msgspec.Struct, frozen=True):
    parts: tuple[Part, ...]
    hits: tuple[Hit, ...]
    tempo: float
    """Beats a minute."""
    beats: float
    """From the first to the end of the last bar."""

"""What a shot lets hear besides the sound of its place: who says what, and what music plays."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

Tongue = Literal["en", "zh", "id"]


class Tone(StrEnum):
    """How a line is said."""

    PLAIN = "plain"
    GENTLE = "gentle"
    WARM = "warm"
    CHEERFUL = "cheerful"
    EXCITED = "excited"
    LOUD = "loud"
    ANGRY = "angry"
    PANICKED = "panicked"
    STERN = "stern"
    PROUD = "proud"
    CALM = "calm"
    LOW = "low"
    WHISPERING = "whispering"
    NERVOUS = "nervous"
    SAD = "sad"
    TIRED = "tired"
    COLD = "cold"
    GRUFF = "gruff"
    CURIOUS = "curious"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of dialogue."""

    says: str
    speaker: int | None = None
    """Place in the shot's cast; None: somebody who is not shown, or nobody knows who."""
    tone: Tone = Tone.PLAIN
    language: Tongue = "en"


class Tempo(StrEnum):
    SLOW = "slow"
    MODERATE = "moderate"
    FAST = "fast"


class Music(msgspec.Struct, frozen=True, kw_only=True):
    """Music that the prompt names, or that its mood asks for."""

    instrument: str | None = None
    """A name in `scene.instruments.INSTRUMENTS`; None: as the genre and the mood have it."""
    genre: str | None = None
    """A name in `scene.instruments.GENRES`: waltz, jazz, gamelan, keroncong, march …"""
    tempo: Tempo | None = None

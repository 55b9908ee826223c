"""The instruments of `scene.instruments.INSTRUMENTS`, and those that only accompany."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np

from dalang.sound.objects import TUBE, rung
from dalang.sound.pattern import Random, inline
from dalang.sound.plucked import String, plucked
from dalang.sound.reed import Reed, sustained
from dalang.sound.tone import Line, burst, strike

Tone = Callable[[float, float, Random], Line]
"""A tone of so many Hz, held for so many seconds."""


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    tone: Tone
    low: int
    high: int
    """Where its melodies lie: MIDI numbers, 60 is middle C."""
    chords: bool = False
    """Whether it accompanies itself."""
    rings: bool = False
    """Whether a tone goes on under the next."""
    level: float = 1.0


FIDDLE = ((290, 2.2, 90), (470, 1.6, 160), (1100, 1.0, 500), (2600, 1.4, 1100))
CHEST = ((110, 2.0, 60), (210, 1.8, 90), (400, 1.2, 180), (1000, 0.7, 500), (2300, 0.6, 900))
"""Resonances of a violin's and a cello's body."""
AH = ((700, 2.0, 160), (1120, 1.4, 180), (2600, 0.7, 300))


def bowed(**changes: object) -> Reed:
    bow = Reed(fall=1.0, formants=FIDDLE, dull=5200, attack=0.11, release=0.16, vibrato=(14, 5.6))
    return msgspec.structs.replace(bow, **changes)


def modal(modes: tuple[tuple[float, float, float], ...], stroke: float) -> Tone:
    """Bars, bells and kettles: struck with something as hard as `stroke`, 0..1, and ringing as long as they like."""

    def tone(pitch: float, seconds: float, random: Random) -> Line:
        line = rung(modes, pitch, 2.2)
        if stroke:
            line[:1440] += burst(0.03, 1500, 8000, 0.0005, 0.005, random) * np.float32(0.12 * stroke)
        return line

    return tone


def shaken(pitch: float, seconds: float, random: Random) -> Line:
    """An angklung: two bamboo tubes an octave apart, that knock as long as they are shaken."""
    one = rung(((1.0, 1.0, 0.09), (2.0, 0.7, 0.07), (4.1, 0.15, 0.02)), pitch, 0.4)
    count = max(1, int(seconds / 0.085))
    return inline(*((one * np.float32(random.uniform(0.35, 0.7)), 0.085 * k) for k in range(count)))


def electric(pitch: float, seconds: float, random: Random) -> Line:
    """A guitar through an amplifier that clips."""
    line = plucked(String(decay=5.0, bright=5200, place=0.12, pick=5200, body=()), pitch, seconds, random)
    return np.tanh(5 * line) * strike(len(line) / 48_000, 0.002, 3.0) * np.float32(0.6)


def string(**fields: object) -> Tone:
    return partial(_string, String(**fields))  # type: ignore[arg-type]


def _string(row: String, pitch: float, seconds: float, random: Random) -> Line:
    return plucked(row, pitch, seconds, random)


def reed(row: Reed) -> Tone:
    return partial(sustained, row)


BOX = ((1.0, 1.0, 0.9), (5.9, 0.25, 0.25), (9.1, 0.1, 0.12))
BRONZE = ((1.0, 1.0, 1.3), (2.76, 0.35, 0.5), (4.15, 0.2, 0.25), (5.4, 0.18, 0.3))
KETTLE = ((1.0, 1.0, 0.5), (1.52, 0.3, 0.25), (2.01, 0.45, 0.3), (3.4, 0.15, 0.12))
"""Parts of the pitch, level, seconds: a music box's comb, a saron's bar, a bonang's or talempong's kettle."""

PLUCKED = {
    "piano": Instrument(
        tone=string(decay=6.0, bright=2600, place=0.12, pick=2400, stiff=3e-4, twin=1.6, noise=0.05),
        low=60,
        high=84,
        chords=True,
        rings=True,
    ),
    "guitar": Instrument(
        tone=string(decay=3.2, bright=2400, place=0.2, pick=2800), low=55, high=76, chords=True, rings=True
    ),
    "ukulele": Instrument(
        tone=string(decay=1.3, bright=2600, place=0.25, pick=2600, body=((320, 1.0), (560, 0.6))),
        low=64,
        high=81,
        chords=True,
        rings=True,
    ),
    "banjo": Instrument(
        tone=string(decay=0.9, bright=5200, place=0.1, pick=6500, body=((520, 0.8), (900, 0.7))),
        low=60,
        high=79,
        chords=True,
    ),
    "lute": Instrument(
        tone=string(decay=2.0, bright=3200, place=0.16, pick=3800, twin=3.0), low=57, high=76, chords=True, rings=True
    ),
    "harp": Instrument(
        tone=string(decay=4.0, bright=2200, place=0.4, pick=2000), low=60, high=86, chords=True, rings=True
    ),
    "guqin": Instrument(
        tone=string(decay=5.0, bright=1400, place=0.12, pick=1800, twin=0.6, noise=0.25),
        low=45,
        high=64,
        chords=True,
        rings=True,
    ),
    "guzheng": Instrument(
        tone=string(decay=3.6, bright=3600, place=0.1, pick=4800, twin=1.2), low=60, high=84, chords=True, rings=True
    ),
    "pipa": Instrument(
        tone=string(decay=1.2, bright=4200, place=0.08, pick=6000, body=((450, 0.9), (800, 0.6))),
        low=60,
        high=81,
        chords=True,
    ),
    "sasando": Instrument(
        tone=string(decay=2.2, bright=3000, place=0.22, pick=3600, body=((260, 1.0), (620, 0.9))),
        low=60,
        high=81,
        chords=True,
        rings=True,
    ),
    "bass": Instrument(tone=string(decay=3.0, bright=900, place=0.25, pick=1100), low=28, high=48),
    "electric guitar": Instrument(tone=electric, low=52, high=76, chords=True, level=0.7),
    "pizzicato": Instrument(tone=string(decay=0.7, bright=1500, place=0.3, pick=2200), low=55, high=79),
}

BOWED = {
    "cello": Instrument(tone=reed(bowed(formants=CHEST, dull=3200, attack=0.14, release=0.2)), low=43, high=64),
    "violin": Instrument(tone=reed(bowed()), low=62, high=86, level=0.8),
    "strings": Instrument(
        tone=reed(bowed(voices=3, attack=0.25, release=0.35, dull=3800, vibrato=(9, 5.2))),
        low=55,
        high=79,
        chords=True,
        level=0.8,
    ),
    "erhu": Instrument(
        tone=reed(
            bowed(
                formants=((430, 2.4, 120), (850, 1.8, 200), (1700, 1.0, 500)),
                vibrato=(32, 6.0),
                attack=0.09,
                breath=0.02,
            )
        ),
        low=62,
        high=81,
        level=0.85,
    ),
}

BLOWN = {
    "flute": Instrument(
        tone=reed(Reed(fall=1.9, most=9, attack=0.06, release=0.1, vibrato=(10, 5.0), breath=0.06)), low=67, high=88
    ),
    "harmonica": Instrument(
        tone=reed(Reed(fall=0.7, even=0.8, dull=4200, attack=0.05, vibrato=(6, 5.5), tremolo=(0.3, 5.5), breath=0.02)),
        low=60,
        high=81,
        chords=True,
        level=0.8,
    ),
    "accordion": Instrument(
        tone=reed(Reed(fall=0.75, dull=4800, attack=0.05, voices=2, release=0.08)),
        low=60,
        high=81,
        chords=True,
        level=0.75,
    ),
    "saxophone": Instrument(
        tone=reed(
            Reed(
                fall=0.8,
                dull=2800,
                formants=((550, 1.4, 300), (1400, 1.2, 500)),
                attack=0.05,
                vibrato=(16, 5.2),
                breath=0.04,
            )
        ),
        low=53,
        high=74,
        level=0.85,
    ),
    "trumpet": Instrument(
        tone=reed(
            Reed(
                fall=0.55,
                dull=3400,
                formants=((1200, 1.6, 900),),
                attack=0.04,
                release=0.07,
                vibrato=(6, 5.3),
                opening=0.85,
            )
        ),
        low=60,
        high=81,
        level=0.8,
    ),
    "horn": Instrument(
        tone=reed(
            Reed(
                fall=1.0,
                dull=1500,
                formants=((420, 1.5, 350),),
                attack=0.09,
                release=0.18,
                opening=0.8,
                vibrato=(3, 4.8),
                voices=2,
            )
        ),
        low=48,
        high=69,
    ),
    "tuba": Instrument(tone=reed(Reed(fall=1.0, dull=700, attack=0.06, release=0.1)), low=33, high=50),
    "organ": Instrument(
        tone=reed(Reed(fall=1.1, most=16, attack=0.03, release=0.2, opening=0.0, voices=2)),
        low=55,
        high=79,
        chords=True,
        level=0.8,
    ),
    "synthesizer": Instrument(
        tone=reed(Reed(fall=1.0, dull=2600, attack=0.03, release=0.15, voices=3, opening=0.3)),
        low=60,
        high=84,
        chords=True,
        level=0.75,
    ),
    "choir": Instrument(
        tone=reed(
            Reed(fall=1.1, formants=AH, dull=4200, attack=0.22, release=0.35, vibrato=(18, 5.3), voices=4, breath=0.012)
        ),
        low=57,
        high=76,
        chords=True,
        level=0.85,
    ),
    "pad": Instrument(
        tone=reed(Reed(fall=1.4, dull=1500, attack=0.7, release=0.9, voices=3, opening=0.6)),
        low=48,
        high=72,
        chords=True,
        level=0.8,
    ),
}

STRUCK = {
    "music-box": Instrument(tone=modal(BOX, 0.4), low=72, high=93, chords=True, rings=True, level=0.8),
    "bells": Instrument(tone=modal(TUBE, 0.8), low=72, high=91, chords=True, rings=True, level=0.7),
    "gamelan": Instrument(tone=modal(BRONZE, 0.8), low=60, high=80, rings=True),
    "talempong": Instrument(tone=modal(KETTLE, 1.0), low=67, high=84, rings=True),
    "angklung": Instrument(tone=shaken, low=60, high=81, chords=True, level=0.9),
    "vibraphone": Instrument(
        tone=modal(((1.0, 1.0, 1.2), (4.0, 0.2, 0.3), (10.0, 0.05, 0.06)), 0.2),
        low=55,
        high=77,
        chords=True,
        rings=True,
        level=0.7,
    ),
}

ORCHESTRA = PLUCKED | BOWED | BLOWN | STRUCK
"""By name. What is no instrument of one sound stands in `music.ENSEMBLES`: orchestra, drums, percussion."""

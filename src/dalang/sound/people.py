"""What people let hear without words: breath, hearts, laughter and tears, hands, crowds."""

from __future__ import annotations

import numpy as np

from dalang.sound.calls import sung, swell
from dalang.sound.pattern import Random, again, inline, many, steady, together
from dalang.sound.throat import A, E, I, O, U, Vowel, through
from dalang.sound.tone import RATE, Line, Track, burst, coloured, curve, drift, noise, struck


def laugh(random: Random) -> Line:
    """Ha-ha-ha, falling."""
    high = random.choice((135.0, 190.0, 260.0)) * random.uniform(0.9, 1.1)
    count = int(random.integers(4, 8))
    cries, second = [], 0.0
    for number in range(count):
        fall = high * (1.25 - 0.45 * number / count)
        voice = sung(
            curve(0.15, fall, fall * 1.12, fall * 0.85),
            A,
            E,
            attack=0.25,
            release=0.5,
            size=1.0 + high / 1300,
            breath=0.6,
            random=random,
        )
        cries.append((voice * np.float32(1 - 0.5 * number / count), second))
        second += random.uniform(0.17, 0.21)
    return inline(*cries)


def sob(random: Random) -> Line:
    """Two broken breaths in, and a wail that falls."""
    high = random.uniform(270, 380)
    gasps = [(burst(0.14, 900, 4200, 0.06, 0.03, random) * np.float32(0.12), 0.2 * k) for k in range(2)]
    pitch = curve(0.9, high, high * 1.2, high * 1.05, high * 0.85, high * 0.7)
    pitch *= 1 + 0.04 * np.sin(2 * np.pi * 6.5 * np.arange(len(pitch), dtype=np.float32) / RATE)
    return inline(*gasps, (sung(pitch, A, U, O, attack=0.1, release=0.5, size=1.15, breath=0.25, random=random), 0.45))


def breath(random: Random) -> Line:
    """In, and longer out."""

    def one(seconds: float, vowel: Vowel, level: float) -> Line:
        source = random.standard_normal(round(seconds * RATE), np.float32)
        return through(source, (vowel, U), 1.0) * swell(len(source), 0.4, 0.5) * np.float32(level)

    return inline((one(1.0, I, 0.6), 0.0), (one(1.4, A, 1.0), 1.15))


def heart(random: Random) -> Line:
    """Two thuds."""
    first = struck(((48, 1.0, 0.055), (72, 0.5, 0.035), (110, 0.2, 0.02)), 0.3)
    second = struck(((58, 0.7, 0.04), (88, 0.35, 0.025)), 0.25)
    return inline((first, 0.0), (second, 0.29))


def clap(random: Random) -> Line:
    centre = random.uniform(900, 1900)
    return burst(0.06, centre * 0.7, centre * 1.8, 0.0008, random.uniform(0.006, 0.014), random) * np.float32(0.35)


def shout(random: Random) -> Line:
    """One of a crowd that cheers."""
    high = random.uniform(180, 420)
    pitch = curve(random.uniform(0.7, 1.5), high, high * 1.35, high * 1.25, high * 0.95)
    vowels = (O, A, A) if random.random() < 0.5 else (U, O, E)
    return sung(pitch, *vowels, attack=0.15, release=0.5, size=random.uniform(0.95, 1.25), breath=0.25, random=random)


def murmur(random: Random) -> Line:
    """Somebody's speech, too far for words."""
    syllables, second = [], 0.0
    base, vowels = random.uniform(95, 230), (A, E, I, O, U)
    for _ in range(int(random.integers(4, 9))):
        pitch = base * random.uniform(0.85, 1.25)
        length = random.uniform(0.09, 0.2)
        vowel = vowels[int(random.integers(5))]
        voice = sung(
            curve(length, pitch, pitch * 0.92),
            vowel,
            attack=0.25,
            release=0.4,
            size=0.9 + base / 900,
            breath=0.2,
            random=random,
        )
        syllables.append((voice * np.float32(random.uniform(0.4, 1.0)), second))
        second += length + random.uniform(0.01, 0.06)
    return inline(*syllables)


def whispered(random: Random) -> Line:
    syllables, second = [], 0.0
    vowels = (A, E, I, O, U)
    for _ in range(int(random.integers(4, 8))):
        length = random.uniform(0.09, 0.19)
        source = random.standard_normal(round(length * RATE), np.float32)
        voice = through(source, (vowels[int(random.integers(5))],), 1.1) * swell(len(source), 0.3, 0.4)
        consonant = coloured(0.05, 3500, 9000, random) * swell(round(0.05 * RATE), 0.3, 0.5) * np.float32(0.12)
        syllables += [(consonant, second), (voice, second + 0.03)]
        second += length + random.uniform(0.04, 0.09)
    return inline(*syllables)


def throng(samples: int, random: Random) -> Track:
    """What of a crowd is too far off to be told apart."""
    moved = (0.6 + 0.4 * drift(samples, 1.6, random))[:, None]
    return moved * noise(samples, 280, 1300, 0.8, random)


def whistled(random: Random) -> Line:
    """Through fingers, in a crowd; or for a dog."""
    pitch = curve(0.7, 1900, 2500, 2350, 1700, 2600, 2500)
    phase = 2 * np.pi * np.cumsum(pitch, dtype=np.float64) / RATE
    air = np.float32(0.05) * coloured(len(pitch) / RATE, 1500, 5000, random)
    return np.asarray((np.sin(phase) + air) * swell(len(pitch), 0.08, 0.2), np.float32)


APPLAUSE = together((many(clap, 90, variants=24), 1.0), (throng, 0.02))
CROWD = together((throng, 0.12), (many(murmur, 7, variants=8), 0.5))
CHEERING = together(
    (throng, 0.25),
    (many(shout, 9, variants=7), 0.7),
    (many(clap, 45, variants=16), 0.5),
    (again(whistled, 2.5, 5.0), 0.15),
)

PEOPLE = {
    "breathing": again(breath, 2.9, 3.2, width=0.05),
    "heartbeat": steady(heart, 0.85, variants=2, spread=0.01),
    "laughter": again(laugh, 1.5, 2.4),
    "crying": again(sob, 1.7, 2.5, width=0.1),
    "applause": APPLAUSE,
    "cheering": CHEERING,
    "crowd": CROWD,
    "whisper": again(whispered, 1.6, 2.6),
    "whistle": again(whistled, 1.8, 3.0),
}
"""Voices by name of `scene.noises.NOISES`."""

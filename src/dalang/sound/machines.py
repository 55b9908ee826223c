"""What engines, horns, sirens and appliances let hear."""

from __future__ import annotations

import numpy as np

from dalang.sound.calls import swell
from dalang.sound.pattern import Random, again, inline
from dalang.sound.tone import RATE, Line, Track, Values, burst, curve, drift, noise, put, struck, swept

HARMONICS = 9
"""Of an engine's firing."""


def wail(samples: int, random: Random) -> Track:
    """A siren that rises and falls every two seconds or so."""
    time = np.arange(samples, dtype=np.float32) / RATE
    pitch = 650 + 800 * (0.5 - 0.5 * np.cos(2 * np.pi * time / 2.4)) ** np.float32(0.8)
    phase = swept(pitch.astype(np.float32))
    tone = sum(np.sin(k * phase) / k for k in (1, 2, 3, 4, 5))
    pan = 0.5 + 0.35 * np.sin(2 * np.pi * time / 11)
    return np.stack((tone * np.sqrt(1 - pan), tone * np.sqrt(pan)), axis=1).astype(np.float32)


def toot(random: Random) -> Line:
    """A car's horn: two trumpets a third apart."""
    seconds = random.choice((0.25, 0.7))
    flat = curve(seconds, 1, 1)
    tones = [swept(np.float32(hz) * flat) for hz in (405, 510)]
    line = sum(sum(np.sin(k * phase) / k**0.8 for k in range(1, 11)) for phase in tones)
    return np.asarray(0.2 * line * swell(len(flat), 0.05, 0.08), np.float32)


def clatter(samples: int, random: Random) -> Track:
    """Wheels over the joints of rails, two axles and two, and the steel that sings."""
    track = 0.5 * noise(samples, 60, 420, 1.0, random) + 0.12 * noise(samples, 1500, 5000, 0.6, random)
    joint = struck(((82, 1.0, 0.04), (310, 0.8, 0.03), (740, 0.5, 0.02)), 0.2) + burst(
        0.2, 800, 5000, 0.001, 0.01, random
    )
    for start in np.arange(0.2, samples / RATE, 0.92):
        for late, level in ((0.0, 1.0), (0.11, 0.85), (0.38, 0.9), (0.49, 0.75)):
            put(track, joint * np.float32(1.6 * level), start + late, 0.5 + 0.1 * np.sin(start))
    return track


def mains(samples: int, random: Random) -> Track:
    """A transformer: twice the mains, and its overtones."""
    time = np.arange(samples, dtype=np.float64) / RATE
    tone = sum(
        level * np.sin(2 * np.pi * 50 * part * time)
        for part, level in ((2, 1.0), (4, 0.5), (6, 0.3), (8, 0.12), (12, 0.06))
    )
    return np.asarray(0.7 * np.asarray(tone)[:, None], np.float32) + 0.08 * noise(samples, 200, 2500, 1.0, random)


def beeping(random: Random) -> Line:
    tone = np.sin(swept(curve(0.14, 1000, 1000))) * swell(round(0.14 * RATE), 0.05, 0.05)
    return np.asarray(inline((tone, 0.0)), np.float32)


def motor(samples: int, random: Random, firing: Values, *, dull: float = 1.3, rattle: float = 0.0) -> Track:
    """A combustion engine whose cylinders fire at `firing` Hz for each sample; half orders make it uneven."""
    phase = swept(firing / 2)
    tone = sum(
        (0.3 if order % 2 else 1.0) * np.sin(order * phase + order) / (1 + order / 2) ** dull
        for order in range(1, 2 * HARMONICS)
    )
    uneven = 1 + 0.15 * (drift(samples, 0.15, random) - 0.5)
    beat = 1 + np.float32(rattle) * np.maximum(0, np.sin(phase)) ** 6
    mechanics = noise(samples, 300, 3500, 0.8, random) * (beat * np.float32(0.12 + 0.2 * rattle))[:, None]
    return np.asarray((2.2 * tone * uneven)[:, None] + mechanics, np.float32)


def idling(samples: int, random: Random) -> Track:
    """Somebody who drives off now and then."""
    revs = 42 + 55 * drift(samples, 1.8, random)
    return motor(samples, random, revs.astype(np.float32))


MACHINES = {
    "siren": wail,
    "horn": again(toot, 1.2, 2.6),
    "engine": idling,
    "train": clatter,
    "hum": mains,
    "beep": again(beeping, 0.9, 1.0, width=0.05),
}
"""Voices by name of `scene.noises.NOISES`."""

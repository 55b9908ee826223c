"""How sounds follow each other: one that comes again and again, several at once, a beat that is kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dalang.sound.tone import RATE, Line, Track, put

Random = np.random.Generator
Voice = Callable[[int, Random], Track]
"""A sound as long as it is told."""
Cry = Callable[[Random], Line]
"""One sound that begins and ends, with its peak near 1."""

FIRST = (0.25, 0.7)
"""Seconds before a sound comes for the first time."""


def again(cry: Cry, shortest: float, longest: float, *, width: float = 0.3) -> Voice:
    """`cry` now and then, from beginning to beginning between two times in seconds."""

    def voice(samples: int, random: Random) -> Track:
        track = np.zeros((samples, 2), np.float32)
        second = random.uniform(*FIRST)
        while second < samples / RATE - 0.15:
            loud, pan = np.float32(random.uniform(0.7, 1.0)), 0.5 + width * random.uniform(-1, 1)
            put(track, cry(random) * loud, second, pan)
            second += random.uniform(shortest, longest)
        return track

    return voice


def steady(cry: Cry, period: float, *, variants: int = 4, spread: float = 0.0) -> Voice:
    """`cry` at an even pace, `period` seconds apart, give or take `spread` of it."""

    def voice(samples: int, random: Random) -> Track:
        track = np.zeros((samples, 2), np.float32)
        cries = [cry(random) for _ in range(variants)]
        for number, second in enumerate(np.arange(0.2, samples / RATE, period)):
            late = max(0.0, second + period * spread * random.uniform(-1, 1))
            put(track, cries[number % variants] * np.float32(random.uniform(0.8, 1.0)), late, 0.5)
        return track

    return voice


def many(cry: Cry, rate: float, *, variants: int = 12) -> Voice:
    """`cry` by chance and from all sides, `rate` times a second."""

    def voice(samples: int, random: Random) -> Track:
        track = np.zeros((samples, 2), np.float32)
        cries = [cry(random) for _ in range(variants)]
        for second in np.sort(random.uniform(0, samples / RATE, round(rate * samples / RATE))):
            loud = np.float32(random.uniform(0.25, 1.0) ** 1.5)
            put(track, cries[int(random.integers(variants))] * loud, float(second), random.random())
        return track

    return voice


def together(*parts: tuple[Voice, float]) -> Voice:
    """Several voices, each at its level."""

    def voice(samples: int, random: Random) -> Track:
        track = np.zeros((samples, 2), np.float32)
        for part, level in parts:
            track += np.float32(level) * part(samples, random)
        return track

    return voice


def inline(*cries: tuple[Line, float]) -> Line:
    """Sounds one after another in one: each with the second at which it begins."""
    line = np.zeros(max(len(cry) + round(second * RATE) for cry, second in cries), np.float32)
    for cry, second in cries:
        start = round(second * RATE)
        line[start : start + len(cry)] += cry
    return line

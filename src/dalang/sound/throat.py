"""Voices of people and animals: a source that pulses or hisses, and the resonances of a throat that it passes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dalang.sound.tone import RATE, Line, Values, swept

Formant = tuple[float, float, float]
"""Hz, level, bandwidth in Hz."""
Vowel = tuple[Formant, ...]

A: Vowel = ((730, 1.0, 90), (1090, 0.6, 110), (2440, 0.25, 160), (3400, 0.12, 250))
E: Vowel = ((530, 1.0, 80), (1840, 0.45, 120), (2480, 0.3, 160), (3500, 0.12, 250))
I: Vowel = ((280, 1.0, 70), (2250, 0.35, 120), (3000, 0.3, 180), (3600, 0.12, 250))  # noqa: E741
O: Vowel = ((500, 1.0, 80), (850, 0.6, 90), (2450, 0.12, 160), (3300, 0.06, 250))  # noqa: E741
U: Vowel = ((310, 1.0, 70), (800, 0.35, 90), (2250, 0.06, 160), (3200, 0.03, 250))
"""Peterson and Barney, "Control methods used in a study of the vowels" (1952), means of men."""


def voiced(
    pitch: Values, vowels: tuple[Vowel, ...], random: np.random.Generator, *, size: float = 1.0, breath: float = 0.1
) -> Line:
    """A throat that sings `pitch`, Hz for each sample, through `vowels` one after another.

    `size` multiplies the resonances: over 1 for what is smaller than a man. `breath` is the part of noise.
    """
    phase = swept(pitch)
    sharp = np.clip(2400 / np.maximum(pitch, 40), 2, 16)
    pulses = np.exp(sharp * (np.cos(phase) - 1))
    hiss = np.float32(breath) * random.standard_normal(len(pitch), np.float32) * (0.4 + pulses)
    return through(np.asarray(pulses - pulses.mean() + hiss, np.float32), vowels, size)


def through(source: Values, vowels: tuple[Vowel, ...], size: float = 1.0) -> Line:
    """`source` through the resonances of `vowels`, each giving way to the next. Peaks at 1."""
    length = 1 << len(source).bit_length()
    spectrum = np.fft.rfft(source, length)
    frequency = np.fft.rfftfreq(length, 1 / RATE).astype(np.float32)
    heard = [np.fft.irfft(spectrum * _gain(vowel, frequency, size), length)[: len(source)] for vowel in vowels]
    place = np.linspace(0, len(vowels) - 1, len(source), dtype=np.float32)
    line = sum(np.maximum(0, 1 - np.abs(place - at)) * one for at, one in enumerate(heard))
    return np.asarray(line / (np.abs(line).max() + 1e-9), np.float32)


def _gain(vowel: Vowel, frequency: Line, size: float) -> NDArray[np.float32]:
    gain = np.full(len(frequency), 0.004, np.float32)
    for hertz, level, width in vowel:
        gain += level / (1 + ((frequency - hertz * size) / (width * size / 2)) ** 2)
    return gain * np.minimum(1, frequency / 60)

"""What ambiences are made of: coloured noise, slow random changes, short tones put in their place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
"""Samples a second; what `dalang.engines.SAMPLE_RATE` asks for."""

Track = NDArray[np.float32]
"""Stereo, shape (samples, 2)."""

Line = NDArray[np.float32]
"""One channel or one envelope, shape (samples,)."""

LOOP = 1 << 18
"""Samples after which noise repeats (5.5 s); what modulates it does not, so that nobody hears it."""


def noise(samples: int, low: float, high: float, slope: float, random: np.random.Generator) -> Track:
    """Noise of RMS 1 between two frequencies in Hz with soft edges, the channels half alike.

    `slope` is the fall of power in units of 1/f: 0 is white, 1 pink, 2 brown.
    """
    frequency = np.fft.rfftfreq(LOOP, 1 / RATE).astype(np.float32)
    frequency[0] = frequency[1]
    band = 1 / np.sqrt((1 + (low / frequency) ** 4) * (1 + (frequency / high) ** 4))
    level = (band * frequency ** (-slope / 2)).astype(np.float32)
    turn = random.random((2, len(level)), np.float32) * np.float32(2 * np.pi)
    loop = np.fft.irfft(level * np.exp(1j * turn), LOOP, axis=1)
    loop = loop + 0.27 * loop[::-1]
    loop /= np.sqrt(np.mean(loop * loop))
    return np.resize(loop.T.astype(np.float32), (samples, 2))


def drift(samples: int, seconds: float, random: np.random.Generator) -> Line:
    """A random line from 0 to 1 that turns about every `seconds`, smoothly."""
    knots = random.random(int(samples / RATE / seconds) + 3)
    place = np.linspace(0, samples / RATE / seconds, max(2, samples // 480))
    below = place.astype(int)
    part = 0.5 - 0.5 * np.cos(np.pi * (place - below))
    line = knots[below] * (1 - part) + knots[below + 1] * part
    fine = np.interp(np.linspace(0, len(line) - 1, samples), np.arange(len(line)), line)
    return np.asarray(fine, np.float32)


def chirp(seconds: float, pitch: Callable[[Line], Line]) -> Line:
    """A tone that swells and fades; `pitch` gives Hz for times from 0 to 1."""
    time = np.linspace(0, 1, round(seconds * RATE), dtype=np.float32)
    phase = 2 * np.pi * np.cumsum(pitch(time)) / RATE
    return np.asarray(np.sin(np.pi * time) ** 2 * np.sin(phase), np.float32)


def put(track: Track, sound: Line, second: float, pan: float) -> None:
    """Add `sound` to `track` from `second` on, cut at the track's end; `pan` from 0, left, to 1, right."""
    start = round(second * RATE)
    part = sound[: max(0, len(track) - start)]
    angle = pan * np.pi / 2
    track[start : start + len(part)] += np.outer(part, (np.cos(angle), np.sin(angle))).astype(np.float32)

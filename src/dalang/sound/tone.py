"""What ambiences are made of: coloured noise, slow random changes, short tones put in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
"""Samples a second; what `dalang.engines.SAMPLE_RATE` asks for."""

Track = NDArray[np.float32]
"""Stereo, shape (samples, 2)."""

Line = NDArray[np.float32]
"""One channel or one envelope, shape (samples,)."""

Values = NDArray[np.floating]
"""The same as a line of any precision, as arithmetic leaves it."""

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
    chance = random.standard_normal((2, 2 * len(level)), np.float32).view(np.complex64)
    loop = np.fft.irfft(level * chance, LOOP, axis=1)
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
    track[start : start + len(part)] += part[:, None] * panned(pan)


def panned(pan: float) -> Line:
    """Gains of the left and the right channel, at equal power; `pan` from 0, left, to 1, right."""
    return np.array((np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)), np.float32)


def coloured(seconds: float, low: float, high: float, random: np.random.Generator) -> Line:
    """Noise of RMS 1 between two frequencies in Hz, for sounds of a few seconds at most."""
    samples = max(2, round(seconds * RATE))
    size = 1 << (samples - 1).bit_length()
    frequency = np.fft.rfftfreq(size, 1 / RATE).astype(np.float32)
    frequency[0] = frequency[1]
    spectrum = np.fft.rfft(random.standard_normal(size, np.float32))
    spectrum *= 1 / np.sqrt((1 + (low / frequency) ** 4) * (1 + (frequency / high) ** 4))
    line = np.fft.irfft(spectrum, size)[:samples]
    return np.asarray(line / (np.sqrt(np.mean(line * line)) + 1e-9), np.float32)


def strike(seconds: float, attack: float, decay: float) -> Line:
    """An envelope: up to 1 in `attack` seconds, then down to 1/e in each `decay` seconds, and to 0 at its end."""
    time = np.arange(max(2, round(seconds * RATE)), dtype=np.float32) / RATE
    rise = np.minimum(1, time / max(attack, 1e-4))
    fall = np.exp(-np.maximum(0, time - attack) / decay)
    return np.asarray(rise * fall * np.minimum(1, (seconds - time) / min(0.01, seconds / 4)), np.float32)


def burst(seconds: float, low: float, high: float, attack: float, decay: float, random: np.random.Generator) -> Line:
    """Noise between two frequencies under the envelope of a `strike`."""
    envelope = strike(seconds, attack, decay)
    return envelope * coloured(len(envelope) / RATE, low, high, random)


def struck(partials: Sequence[tuple[float, float, float]], seconds: float) -> Line:
    """What rings when it is struck: a sum of sines, each with Hz, level, and seconds to 1/e."""
    time = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    line = np.zeros(len(time), np.float32)
    for pitch, level, decay in partials:
        lasting = time[: round(7 * decay * RATE)]
        line[: len(lasting)] += np.float32(level) * np.exp(-lasting / decay) * np.sin(2 * np.pi * pitch * lasting)
    return line * np.minimum(1, (seconds - time) / min(0.02, seconds / 4)).astype(np.float32)


def swept(pitch: Values) -> Line:
    """The phase in radians of a tone whose frequency is `pitch`, in Hz for each sample."""
    return np.asarray(np.remainder(2 * np.pi * np.cumsum(pitch, dtype=np.float64) / RATE, 2 * np.pi), np.float32)


def curve(seconds: float, *knots: float) -> Line:
    """A line through `knots`, spread evenly over `seconds`."""
    place = np.linspace(0, len(knots) - 1, round(seconds * RATE))
    return np.asarray(np.interp(place, np.arange(len(knots)), knots), np.float32)

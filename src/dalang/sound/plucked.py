"""A string that is plucked or struck: Karplus and Strong's loop, solved in its spectrum.

Karplus and Strong, "Digital synthesis of plucked-string and drum timbres" (1983). A loop that delays by one period and
loses a part has the gain 1 / (1 - loss * e^-jwT); taken at every frequency at once, its pitch is exact, its losses may
be any function of frequency, and stiffness is a delay that is shorter for high partials. What starts the loop is not a
click: high partials come first and low ones within two periods, as they run along a string.
"""

from __future__ import annotations

import msgspec
import numpy as np

from dalang.sound.tone import RATE, Line


class String(msgspec.Struct, frozen=True, kw_only=True):
    decay: float
    """Seconds to -60 dB of low partials at middle C; higher strings die sooner."""
    bright: float
    """Hz at which partials live half as long."""
    place: float = 0.18
    """Where it is plucked, as a part of its length."""
    pick: float = 3500.0
    """Hz over which what plucks it is soft."""
    stiff: float = 0.0
    """Inharmonicity: the square of a partial's number, times this, is twice its sharpness."""
    twin: float = 0.0
    """Cents by which a second string is out of tune; 0: there is none."""
    body: tuple[tuple[float, float], ...] = ((110, 0.7), (220, 0.5), (430, 0.4))
    """Resonances of what it is stretched over: Hz and gain."""
    noise: float = 0.15
    """Of what plucks it."""


MIDDLE = 261.6
HIGHEST = 11_000.0
"""Hz, of partials."""
FINEST = 1 << 15
MOST = 1 << 17
"""Samples of a transform, at the least and at the most."""
LOUD = 0.42
"""Root mean square."""


def plucked(string: String, pitch: float, seconds: float, random: np.random.Generator) -> Line:
    """`string` tuned to `pitch` in Hz, damped after `seconds`; as loud as LOUD in its first quarter of a second."""
    decay = min(string.decay * (MIDDLE / pitch) ** 0.45, MOST / RATE)
    samples = round((min(seconds, decay) + 0.08) * RATE)
    size = min(MOST, max(FINEST, 1 << (round(decay * RATE) - 1).bit_length()))
    samples = min(samples, size)
    frequency = np.arange(round(size * HIGHEST / RATE), dtype=np.float32) * np.float32(RATE / size)
    spectrum = _struck(string, frequency, pitch) * _rung(string, frequency, pitch, decay)
    spectrum *= 1 + string.noise * random.standard_normal(len(frequency), np.float32)
    line = np.fft.irfft(spectrum * _body(string, frequency), size)[:samples]
    line *= np.minimum(1, (samples - np.arange(samples)) / min(samples / 2, 0.08 * RATE))
    early = np.sqrt(np.mean(line[: min(samples, 12_000)] ** 2))
    return np.asarray(line * min(LOUD / early, 2.0 / np.abs(line).max()), np.float32)


def _struck(string: String, frequency: Line, pitch: float) -> np.ndarray:
    """What starts the string, and the partials that its place leaves out."""
    partial = frequency / np.float32(pitch)
    comb = 1 - 0.85 * np.exp(-2j * np.pi * partial * np.float32(string.place))
    wave = np.exp(-2j * np.pi * partial * (2 - 0.4 * np.log(np.maximum(partial, 0.1))))
    return np.asarray(wave * comb / (1 + (frequency / string.pick) ** 2), np.complex64)


def _rung(string: String, frequency: Line, pitch: float, decay: float) -> np.ndarray:
    """How the loop rings, or both do of two strings that are tuned nearly alike."""
    lost = 10 ** (-3 / (pitch * decay) * (1 + (frequency / string.bright) ** 2))
    rung = np.zeros(len(frequency), np.complex64)
    for cents in (0.0, string.twin) if string.twin else (0.0,):
        partial = frequency / np.float32(pitch * 2 ** (cents / 1200))
        turn = 2 * np.pi * partial / np.sqrt(1 + np.float32(string.stiff) * partial**2)
        rung += 1 / (1 - lost * np.exp(-1j * turn))
    return rung


def _body(string: String, frequency: Line) -> Line:
    gain = np.ones(len(frequency), np.float32)
    for hertz, level in string.body:
        gain += level / (1 + ((frequency - hertz) / (0.25 * hertz)) ** 2)
    return gain * np.minimum(1, (frequency / 45) ** 2)

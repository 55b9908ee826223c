"""Filters applied in the spectrum, block by block: exact, phase and all, for responses shorter than TAIL samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dalang.sound.tone import RATE, Line

BLOCK = 1 << 15
"""Samples a transform takes at once."""
TAIL = 1 << 12
"""Samples that a response may ring."""

Spectrum = NDArray[np.complex64]

FREQUENCY = np.fft.rfftfreq(BLOCK, 1 / RATE)
"""Hz of each bin of a response."""


def filtered(line: Line, response: NDArray[np.inexact]) -> Line:
    """`line` through a filter whose gain at `FREQUENCY` is `response`, by overlap-save."""
    step = BLOCK - TAIL
    count = -(-len(line) // step)
    padded: Line = np.zeros(count * step + TAIL, np.float32)
    padded[TAIL : TAIL + len(line)] = line
    blocks = np.lib.stride_tricks.as_strided(padded, (count, BLOCK), (padded.strides[0] * step, padded.strides[0]))
    spectrum = np.fft.rfft(blocks, axis=1) * response.astype(np.complex64)
    made: Line = np.fft.irfft(spectrum, BLOCK, axis=1)[:, TAIL:].astype(np.float32, copy=False).ravel()
    return made[: len(line)]


def biquad(numerator: tuple[float, float, float], denominator: tuple[float, float, float]) -> Spectrum:
    """The response at `FREQUENCY` of a second-order section, given as its coefficients at 48 kHz."""
    delay = np.exp(-2j * np.pi * FREQUENCY / RATE)
    response = np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)
    return np.asarray(response, np.complex64)


def band(low: float, high: float) -> NDArray[np.float32]:
    """A pass band between two frequencies in Hz, 12 dB an octave at both sides, without a change of phase."""
    frequency = np.maximum(FREQUENCY, 1e-3)
    return np.asarray(1 / np.sqrt((1 + (low / frequency) ** 4) * (1 + (frequency / high) ** 4)), np.float32)

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


def filtered(line: Line, response: NDArray[np.inexact], tail: int = TAIL) -> Line:
    """`line` through a filter by overlap-save: its gain from 0 Hz to half the rate, and the samples that it may ring.

    A response of BLOCK // 2 + 1 bins is given at `FREQUENCY`; longer ones take longer blocks.
    """
    block = 2 * (len(response) - 1)
    step = block - tail
    count = -(-len(line) // step)
    padded: Line = np.zeros(count * step + tail, np.float32)
    padded[tail : tail + len(line)] = line
    blocks = np.lib.stride_tricks.as_strided(padded, (count, block), (padded.strides[0] * step, padded.strides[0]))
    spectrum = np.fft.rfft(blocks, axis=1) * response.astype(np.complex64)
    made: Line = np.fft.irfft(spectrum, block, axis=1)[:, tail:].astype(np.float32, copy=False).ravel()
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

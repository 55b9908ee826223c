"""The end of the chain: a track brought to its loudness, with its peaks held down before they come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dalang.sound.loudness import ABSOLUTE_GATE, SPAN, loudness, true_peaks
from dalang.sound.tone import Track

TARGET = -16.0
"""LUFS."""
CEILING = 10 ** (-1.2 / 20)
"""True peak; a fifth of a decibel is kept for what a codec and the moving gain add to -1 dBTP."""
ATTACK = 2.0
"""Decibels a millisecond that the gain may fall, ahead of a peak."""
RELEASE = 0.06
"""Decibels a millisecond that it may rise again."""
PASSES = 6
NEAR = 0.2
"""LU from the target at which no further pass is made."""
LOUDEST = 80.0
"""Decibels of gain at the most."""


def mastered(track: Track) -> Track:
    """`track` at TARGET, its true peak under -1 dBTP, without a direct current. Silence stays silence."""
    track = track - track.mean(axis=0, keepdims=True)
    heard, gain, out = loudness(track), 0.0, track
    for _ in range(PASSES):
        gain = min(LOUDEST, gain + TARGET - heard)
        louder = track * np.float32(10 ** (gain / 20))
        out = limited(louder, CEILING)
        if out is louder and heard > ABSOLUTE_GATE:
            break
        heard = loudness(out)
        if abs(heard - TARGET) < NEAR:
            break
    return out


def limited(track: Track, ceiling: float) -> Track:
    """`track` with no true peak over `ceiling`; what lies under it is left as it is."""
    peaks = true_peaks(track, ceiling / 2)
    over = np.minimum(0.0, 20 * np.log10(ceiling / np.maximum(peaks, ceiling / 4)))
    if not over.any():
        return track
    spans = _sloped(_sloped(over, RELEASE)[::-1], ATTACK)[::-1]
    edges = np.minimum(np.append(spans, 0.0), np.insert(spans, 0, 0.0))
    place = np.arange(len(track), dtype=np.float32) / SPAN
    decibels = np.interp(place, np.arange(len(edges)), edges).astype(np.float32)
    return np.asarray(track * np.power(np.float32(10), decibels / 20)[:, None], np.float32)


def _sloped(gain: NDArray[np.floating], slope: float) -> NDArray[np.floating]:
    """`gain` so lowered that it rises by no more than `slope` from one to the next."""
    ramp = slope * np.arange(len(gain))
    return np.asarray(np.minimum.accumulate(gain - ramp) + ramp)

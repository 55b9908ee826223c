"""Programme loudness and true peak as ITU-R BS.1770-4 measures them (annexes 1 and 2), at 48 kHz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dalang.sound.spectrum import biquad, filtered
from dalang.sound.tone import RATE, Track

SHELF = biquad((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
"""Stage 1: what a head does to high frequencies."""
HIGH_PASS = biquad((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""Stage 2: the revised low-frequency B curve."""
WEIGHTING = SHELF * HIGH_PASS

STEP = RATE // 10
"""Samples from one block of 400 ms to the next: they overlap by three quarters."""
ABSOLUTE_GATE = -70.0
"""LUFS."""
RELATIVE_GATE = -10.0
"""LU under the loudness of what the absolute gate leaves."""
SILENCE = 1e-12

PHASES = np.array(
    [
        *(0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625),
        *(0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500),
        *(-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250),
        *(0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375),
    ],
    np.float32,
).reshape(2, 12)
"""The interpolating filter of annex 2; its other two phases are these read backwards."""
SPAN = 48
"""Samples that share one peak: a millisecond."""
REACH = 6
"""Samples on both sides that an interpolated one depends on."""


def loudness(track: Track) -> float:
    """LUFS of the whole of `track`; ABSOLUTE_GATE where nothing is louder. What is under 400 ms is one block."""
    power = _blocks(track)
    heard = power[power > _power(ABSOLUTE_GATE)]
    if not len(heard):
        return ABSOLUTE_GATE
    gate = _power(_lufs(float(heard.mean())) + RELATIVE_GATE)
    return _lufs(float(heard[heard > gate].mean()))


def _blocks(track: Track) -> NDArray[np.float64]:
    """Power of each block of 400 ms, the channels summed."""
    weighted = [filtered(np.ascontiguousarray(channel), WEIGHTING) for channel in track.T]
    if len(track) < 4 * STEP:
        return np.array([sum(float(np.mean(channel**2)) for channel in weighted)])
    whole = len(track) // STEP
    steps = sum(np.mean(channel[: whole * STEP].reshape(whole, STEP) ** 2, axis=1) for channel in weighted)
    return np.convolve(steps, np.full(4, 0.25), "valid")


def _lufs(power: float) -> float:
    return float(-0.691 + 10 * np.log10(max(power, SILENCE)))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def true_peaks(track: Track, above: float) -> NDArray[np.float32]:
    """The peak of each SPAN of `track`, four times oversampled where its samples rise `above`, at the least half as
    high as what matters; elsewhere that of the samples."""
    count = -(-len(track) // SPAN)
    padded = np.zeros((count * SPAN + 2 * REACH, 2), np.float32)
    padded[REACH : REACH + len(track)] = track
    peaks = np.abs(padded[REACH : REACH + count * SPAN]).reshape(count, -1).max(axis=1)
    hot = np.flatnonzero(peaks > above)
    if len(hot):
        windows = np.lib.stride_tricks.sliding_window_view(padded, SPAN + 2 * REACH, axis=0)[hot * SPAN]
        peaks[hot] = np.maximum(peaks[hot], _between(windows))
    return np.asarray(peaks, np.float32)


def _between(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest of the interpolated samples of each of `windows`, shape (windows, 2, SPAN + 2 REACH)."""
    highest = np.zeros(len(windows), np.float32)
    for taps in (*PHASES, *PHASES[:, ::-1]):
        between = sum(tap * windows[..., at : at + SPAN + 1] for at, tap in enumerate(taps))
        highest = np.maximum(highest, np.abs(between).max(axis=(1, 2)))
    return highest

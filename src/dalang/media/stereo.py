"""Decoded sound as ours: stereo float32 at SAMPLE_RATE, and what keeps it within full scale. Nothing here is read or
written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import av
import numpy as np
from numpy.typing import NDArray

from dalang.engines import SAMPLE_RATE, Sound

Mix = NDArray[np.float32]
"""Gains, shape (channels, 2)."""

HALF = 0.5**0.5

GAINS = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (HALF, HALF),
    "LFE": (0.0, 0.0),
    "BL": (HALF, 0.0),
    "BR": (0.0, HALF),
    "SL": (HALF, 0.0),
    "SR": (0.0, HALF),
    "BC": (0.5, 0.5),
}
"""Channel → its gain left and right (ITU-R BS.775-4, annex 4; the low-frequency channel is left out)."""

USUAL = ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR")
USUAL_ORDER = {3: ("FL", "FR", "FC"), 4: ("FL", "FR", "BL", "BR"), 5: ("FL", "FR", "FC", "BL", "BR")}
"""Channels of a file that does not name them; from six on, those of `USUAL`."""

LOUDEST = 64.0
"""The largest sample that is believed; a float file may hold any number."""

CEILING = 10 ** (-1 / 20)
"""The highest peak that is left alone: AAC gives sound back up to a decibel louder in places (EBU R 128 s2)."""

REACH = 256
"""Samples, 5 ms, over which the limiter turns down before a peak and up after it."""


def stereo(frames: Iterable[av.AudioFrame]) -> Iterator[Sound]:
    """Blocks of the frames' sound, the first sample at the first sample's time.

    One channel goes to both sides unchanged; more than two are mixed down, which may exceed full scale. Raises
    ValueError where the frames change their form midway.
    """
    first: av.AudioFrame | None = None
    for frame in chain(frames, [None]):
        if first is None:
            if frame is None:
                return
            first = frame
            # Not fltp: PyAV 18 crashes on reading eight planes.
            resampler = av.AudioResampler(format="flt", rate=SAMPLE_RATE)
            mix = _mix(frame)
        if frame is not None:
            frame.pts = None
        for block in resampler.resample(frame):
            samples = np.clip(np.nan_to_num(block.to_ndarray()), -LOUDEST, LOUDEST)
            yield samples.reshape(-1, len(mix)) @ mix


def _mix(frame: av.AudioFrame) -> Mix:
    names = [channel.name for channel in frame.layout.channels]
    if len(names) == 1:
        return np.ones((1, 2), np.float32)
    if not all(name in GAINS for name in names):
        names = list(USUAL_ORDER.get(len(names), USUAL))[: len(names)]
    return np.array([GAINS[name] for name in names], np.float32)


def fitted(sound: Sound, samples: int) -> Sound:
    """Exactly `samples` of `sound`: cut, or followed by silence."""
    return np.pad(sound[:samples], ((0, max(0, samples - len(sound))), (0, 0)))


def limited(sound: Sound) -> Sound:
    """`sound` below CEILING: turned down smoothly around the peaks that exceed it, untouched elsewhere."""
    peaks = np.abs(sound).max(axis=1, initial=0.0)
    if peaks.max(initial=0.0) <= CEILING:
        return sound
    needed = CEILING / np.maximum(peaks, CEILING)
    gain = _moving_mean(_moving_least(np.pad(needed, REACH, constant_values=1.0)))
    return np.clip(sound * gain[:, None].astype(np.float32), -CEILING, CEILING)


def _moving_least(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least of each REACH + 1 neighbours, by doubling; REACH values shorter."""
    span = 1
    while span < REACH + 1:
        step = min(span, REACH + 1 - span)
        values = np.minimum(values[:-step], values[step:])
        span += step
    return values


def _moving_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each REACH + 1 neighbours; REACH values shorter."""
    sums = np.cumsum(np.concatenate(([0.0], values)))
    return np.asarray((sums[REACH + 1 :] - sums[: -REACH - 1]) / (REACH + 1))

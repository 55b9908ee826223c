"""Stems become one track: shot after shot without a click, quieter under speech."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np

from dalang.scene.plan import Shot
from dalang.sound.tone import RATE, Line, Track

OVERLAP = 0.5
"""Seconds in which one place's sound gives way to the next one's."""
EDGE = 0.02
"""Seconds of fade of what ends with its shot."""
FADE = 0.3
"""Seconds of fade at both ends of a track."""
DUCKED = 10 ** (-9 / 20)
"""What speech leaves of the sound under it."""
RAMP = 0.15
"""Seconds in which the sound goes down, and comes up again."""


def generator(seed: int, name: str, number: int = 0) -> np.random.Generator:
    """Randomness for one part of a track, so that a change to one part leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), number])


def ends(shots: Sequence[Shot]) -> list[int]:
    """The sample at which each shot ends."""
    return [int(end) for end in np.round(np.cumsum([shot.duration for shot in shots]) * RATE)]


def joined(track: Track, start: int, end: int, sound: Callable[[int], Track]) -> None:
    """Add `sound` from `start` to `end`, reaching over into its neighbours at equal power where there are any."""
    reach = round(OVERLAP * RATE / 2)
    first, last = max(0, start - reach), min(len(track), end + reach)
    made = sound(last - first)
    if first:
        made[: 2 * reach] *= rise(min(2 * reach, last - first))
    if last < len(track):
        made[-2 * reach :] *= rise(min(2 * reach, last - first))[::-1]
    track[first:last] += made


def placed(track: Track, start: int, end: int, sound: Callable[[int], Track]) -> None:
    """Add `sound` from `start` to `end`, and fade it out where it would be cut."""
    made = sound(end - start)
    edge = min(round(EDGE * RATE), (end - start) // 2)
    made[len(made) - edge :] *= rise(edge)[::-1]
    track[start:end] += made


def rise(samples: int) -> Track:
    """From silence to full, at equal power with its mirror image."""
    return np.sin(np.linspace(0, np.pi / 2, samples, dtype=np.float32))[:, None]


def faded(track: Track) -> Track:
    """`track` with its ends faded."""
    fade = min(round(FADE * RATE), len(track) // 2)
    track[:fade] *= rise(fade)
    track[len(track) - fade :] *= rise(fade)[::-1]
    return track


def ducking(times: Sequence[tuple[float, float]], samples: int) -> Line:
    """Gain of what lies under speech that is heard from and to `times`, in seconds."""
    depth = np.zeros(samples, np.float32)
    second = np.arange(samples, dtype=np.float32) / RATE
    for start, end in times:
        inside = np.minimum(second - (start - RAMP), (end + RAMP) - second) / RAMP
        depth = np.maximum(depth, np.clip(inside, 0, 1))
    return np.power(np.float32(DUCKED), depth)

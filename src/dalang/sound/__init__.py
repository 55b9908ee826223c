"""A scene's sound: what its places, hours and weather would let you hear. Synthesised, no recordings."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from dalang.scene.plan import Scene, Shot
from dalang.sound.tone import RATE, Track
from dalang.sound.voices import ambience, voices

LOUDNESS = 10 ** (-23 / 20)
"""Root mean square over the whole track: EBU R 128's programme level, taken without its weighting."""

PEAK = 10 ** (-3 / 20)
FADE = 0.4
"""Seconds of fade at both ends."""

OVERLAP = 0.5
"""Seconds in which one place's sound gives way to the next one's."""


def soundtrack(scene: Scene, seed: int) -> Track:
    """The track of `scene`, as long as its shots together: float32, shape (samples, 2), at 48 kHz, below -3 dBFS.

    Shots that follow each other and have the same voices share one sound. The same scene and seed give the same track.
    """
    ends = np.round(np.cumsum([shot.duration for shot in scene.shots]) * RATE).astype(int).tolist()
    track = np.zeros((ends[-1], 2), np.float32)
    start = 0
    for number, (_, group) in enumerate(groupby(zip(scene.shots, ends, strict=True), _voices_of)):
        shots = list(group)
        end = shots[-1][1]
        _mix(track, start, end, shots[0][0], np.random.default_rng((seed, number)))
        start = end
    return _mastered(track)


def _voices_of(timed: tuple[Shot, int]) -> tuple[object, ...]:
    return tuple(voices(timed[0]))


def _mix(track: Track, start: int, end: int, shot: Shot, random: np.random.Generator) -> None:
    """Add the sound of `shot` from `start` to `end`, reaching over into its neighbours where there are any."""
    reach = round(OVERLAP * RATE / 2)
    first, last = max(0, start - reach), min(len(track), end + reach)
    sound = ambience(shot, last - first, random)
    if first:
        sound[: 2 * reach] *= _rise(min(2 * reach, last - first))
    if last < len(track):
        sound[-2 * reach :] *= _rise(min(2 * reach, last - first))[::-1]
    track[first:last] += sound


def _rise(samples: int) -> Track:
    """From silence to full, at equal power with its mirror image."""
    return np.sin(np.linspace(0, np.pi / 2, samples, dtype=np.float32))[:, None]


def _mastered(track: Track) -> Track:
    fade = min(round(FADE * RATE), len(track) // 2)
    track[:fade] *= _rise(fade)
    track[len(track) - fade :] *= _rise(fade)[::-1]
    loudness, peak = np.sqrt(np.mean(track * track)), np.abs(track).max()
    return track * np.float32(min(LOUDNESS / loudness, PEAK / peak))

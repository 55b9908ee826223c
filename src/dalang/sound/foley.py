"""What performers let hear by moving: each sound at the time at which the picture shows its cause."""

from __future__ import annotations

import numpy as np

from dalang.scene.performer import Performer
from dalang.scene.plan import Shot, View
from dalang.sound.steps import footfalls
from dalang.sound.surface import step, surface
from dalang.sound.tone import RATE, Track, put

Random = np.random.Generator

NEAR = {View.WIDE: 0.6, View.MEDIUM: 0.85, View.CLOSE: 1.0}
"""How loud a performer is, by how much of the place a shot shows about it."""
VARIANTS = 6
"""Different steps of one foot on one ground."""
STEP = 0.22
"""Level of a grown person's step in a close shot."""


def foley(shot: Shot, samples: int, random: Random) -> Track:
    """The sounds of the cast of `shot`, in its first `samples`."""
    track = np.zeros((samples, 2), np.float32)
    for performer in shot.cast:
        _walk(track, shot, performer, random)
    return track


def _walk(track: Track, shot: Shot, performer: Performer, random: Random) -> None:
    ground, falls = surface(shot), footfalls(performer, len(track) / RATE)
    if ground is None or not falls:
        return
    steps = [step(ground, falls[0].foot, random) for _ in range(VARIANTS)]
    near = STEP * NEAR[shot.view] / performer.count**0.4
    for number, fall in enumerate(falls):
        loud = near * fall.weight**0.7 * random.uniform(0.75, 1.1)
        put(track, steps[(number + random.integers(3)) % VARIANTS] * np.float32(loud), fall.second, fall.pan)

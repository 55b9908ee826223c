"""A scene's sound: stems, each in a room of its own, mixed to one track. Synthesised, no recordings."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import numpy as np

from dalang.scene.plan import Scene, Shot
from dalang.sound.foley import foley
from dalang.sound.limiter import mastered
from dalang.sound.mix import ends, faded, generator, joined, placed
from dalang.sound.named import named, named_voices, thunder
from dalang.sound.performance import piece
from dalang.sound.tone import Track
from dalang.sound.voices import ambience, voices

AMBIENCE = 10 ** (-26 / 20)
"""Level of the ambience beside the other stems."""


def soundtrack(scene: Scene, seed: int) -> Track:
    """The track of `scene`, as long as its shots together: float32, shape (samples, 2), at 48 kHz, -16 LUFS.

    Shots that follow each other and have the same voices share one sound. The same scene and seed give the same track.
    """
    track = np.zeros((ends(scene.shots)[-1], 2), np.float32)
    _ambience(track, scene, seed)
    _foley(track, scene, seed)
    _music(track, scene, seed)
    return mastered(faded(track))


def _ambience(track: Track, scene: Scene, seed: int) -> None:
    start = 0
    timed = zip(scene.shots, ends(scene.shots), strict=True)
    for number, (_, group) in enumerate(groupby(timed, _heard)):
        (shot, end), *more = group
        end = more[-1][1] if more else end
        joined(track, start, end, partial(_air, shot, random=generator(seed, "ambience", number)))
        start = end


def _heard(timed: tuple[Shot, int]) -> tuple[object, ...]:
    return *voices(timed[0]), *named_voices(timed[0])


def _air(shot: Shot, samples: int, random: np.random.Generator) -> Track:
    return np.float32(AMBIENCE) * ambience(shot, samples, random) + named(shot, samples, random)


def _foley(track: Track, scene: Scene, seed: int) -> None:
    start = 0
    for number, (shot, end) in enumerate(zip(scene.shots, ends(scene.shots), strict=True)):
        placed(track, start, end, partial(foley, shot, random=generator(seed, "foley", number)))
        placed(track, start, end, partial(thunder, shot, seed=seed))
        start = end


def _music(track: Track, scene: Scene, seed: int) -> None:
    """One piece through all shots that follow each other and have the same music."""
    start = 0
    timed = zip(scene.shots, ends(scene.shots), strict=True)
    for number, (asked, group) in enumerate(groupby(timed, lambda timed: timed[0].music)):
        (shot, end), *more = group
        end = more[-1][1] if more else end
        if asked is not None:
            random = generator(seed, "music", number)
            placed(track, start, end, partial(piece, asked, shot.mood, random=random))
        start = end

"""A scene's sound: stems, each in a room of its own, mixed to one track. Synthesised, no recordings."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import numpy as np

from dalang.scene.directing import going_on
from dalang.scene.performer import Action
from dalang.scene.plan import Scene, Shot
from dalang.sound.foley import foley
from dalang.sound.limiter import mastered
from dalang.sound.mix import ducking, ends, faded, generator, joined, placed
from dalang.sound.named import fireworks, named, named_voices, thunder
from dalang.sound.performance import piece
from dalang.sound.speech import speech, times, unheard
from dalang.sound.steps import DANCED
from dalang.sound.tone import RATE, Track
from dalang.sound.voices import ambience, voices

__all__ = ["soundtrack", "unheard"]

AMBIENCE = 10 ** (-26 / 20)
"""Level of the ambience beside the other stems."""


def soundtrack(scene: Scene, seed: int) -> Track:
    """The track of `scene`, as long as its shots together: float32, shape (samples, 2), at 48 kHz, -16 LUFS.

    Shots that follow each other and have the same voices share one sound, and those with the same music one piece.
    The same scene and seed give the same track; its speech depends on the version of espeak-ng too.
    """
    bed, said = (np.zeros((ends(scene.shots)[-1], 2), np.float32) for _ in range(2))
    _ambience(bed, scene, seed)
    _foley(bed, scene, seed)
    _music(bed, scene, seed)
    spoken = _speech(said, scene)
    if spoken:
        bed *= ducking(spoken, len(bed))[:, None]
    return mastered(faded(bed + said))


def _speech(track: Track, scene: Scene) -> list[tuple[float, float]]:
    """Say the lines of `scene`, and tell from and to when somebody speaks."""
    start, spoken = 0, []
    for shot, end in zip(scene.shots, ends(scene.shots), strict=True):
        if shot.dialogue:
            placed(track, start, end, partial(speech, shot))
            spoken += [(start / RATE + since, start / RATE + until) for since, until in times(shot)]
        start = end
    return spoken


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
    timed = zip(scene.shots, ends(scene.shots), going_on(scene.shots), strict=True)
    for number, (shot, end, since) in enumerate(timed):
        placed(track, start, end, partial(foley, shot, random=generator(seed, "foley", number), since=since))
        placed(track, start, end, partial(thunder, shot, seed=seed))
        placed(track, start, end, partial(fireworks, shot, seed=seed))
        start = end


def _music(track: Track, scene: Scene, seed: int) -> None:
    """One piece through all shots that follow each other and have the same music."""
    start = 0
    timed = zip(scene.shots, ends(scene.shots), strict=True)
    for number, (asked, group) in enumerate(groupby(timed, lambda timed: timed[0].music)):
        (shot, end), *more = group
        end = more[-1][1] if more else end
        if asked is not None:
            beat = DANCED if any(one.action is Action.DANCE for one in shot.cast) else None
            random = generator(seed, "music", number)
            placed(track, start, end, partial(piece, asked, shot.mood, random=random, beat=beat))
        start = end

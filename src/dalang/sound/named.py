"""What a shot lets hear because its prompt says so, or its effects do: named sounds, each as loud as the next."""

from __future__ import annotations

import numpy as np

from dalang.scene.fireworks import bursts
from dalang.scene.lightning import flashes, struck
from dalang.scene.plan import Effect, Place, Shot
from dalang.sound.elements import CLIMB, clap_of_thunder, rocket
from dalang.sound.loudness import ABSOLUTE_GATE, loudness
from dalang.sound.mix import generator
from dalang.sound.noises import EFFECTS, VOICES
from dalang.sound.pattern import Random, Voice
from dalang.sound.tone import RATE, Track, put

LEVEL = -21.0
"""LUFS of a named sound while it is heard."""
HIGHEST = 0.8
"""Peak, at the most: what clicks is not as loud as what rings."""
THUNDER = 0.5
ROCKET = 0.3
AFTER = (0.6, 2.0)
"""Seconds from a flash to its thunder: lightning 200 to 700 metres away."""


def named(shot: Shot, samples: int, random: Random) -> Track:
    """The sounds that `shot` names, and those of its effects."""
    track = np.zeros((samples, 2), np.float32)
    for voice, level in named_voices(shot):
        track += np.float32(level) * levelled(voice(samples, random))
    return track


def named_voices(shot: Shot) -> list[tuple[Voice, float]]:
    """Each with its level. What lightning does has its own time; and nothing burns to the ear in space."""
    effects = [EFFECTS[effect] for effect in sorted(shot.effects) if effect in EFFECTS]
    silent = shot.place is Place.SPACE
    timed = {"thunder"} if struck(shot) else set()
    return [(VOICES[name], 1.0) for name in shot.sounds if name not in timed] + ([] if silent else effects)


def levelled(track: Track) -> Track:
    """`track` at LEVEL, or as near as HIGHEST lets it."""
    heard, peak = loudness(track), float(np.abs(track).max())
    if heard <= ABSOLUTE_GATE:
        return track
    return track * np.float32(min(10 ** ((LEVEL - heard) / 20), HIGHEST / peak))


def fireworks(shot: Shot, samples: int, seed: int) -> Track:
    """The rockets of `shot` as they climb and burst, when `seed` has them; what burst before it is over."""
    track = np.zeros((samples, 2), np.float32)
    if Effect.FIREWORKS not in shot.effects or shot.place is Place.SPACE:
        return track
    random = generator(seed, "fireworks")
    rockets = [rocket(random) for _ in range(4)]
    for number, burst in enumerate(bursts(seed, shot.duration)):
        sound = rockets[number % 4] * np.float32(ROCKET * random.uniform(0.6, 1.0))
        skipped = max(0, round((CLIMB - burst) * RATE))
        put(track, sound[skipped:], max(0.0, burst - CLIMB), float(random.uniform(0.2, 0.8)))
    return track


def thunder(shot: Shot, samples: int, seed: int) -> Track:
    """A clap after each flash of `shot`, as `seed` has them."""
    track = np.zeros((samples, 2), np.float32)
    if not struck(shot):
        return track
    random = generator(seed, "thunder")
    for flash in flashes(seed, shot.duration):
        clap = clap_of_thunder(random) * np.float32(THUNDER * random.uniform(0.6, 1.0))
        put(track, clap, flash + random.uniform(*AFTER), float(random.uniform(0.2, 0.8)))
    return track

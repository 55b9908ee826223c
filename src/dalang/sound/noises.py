"""A voice for each name of `scene.noises.NOISES`, and for what an effect lets hear."""

from __future__ import annotations

import numpy as np

from dalang.scene.plan import Effect
from dalang.sound import calls
from dalang.sound.elements import ELEMENTS
from dalang.sound.machines import MACHINES
from dalang.sound.objects import OBJECTS
from dalang.sound.pattern import Random, Voice, again, many, steady
from dalang.sound.people import PEOPLE
from dalang.sound.steps import Foot
from dalang.sound.surface import GRAVEL, SNOW, STONE, step
from dalang.sound.tone import RATE, Track, put
from dalang.sound.voices import birds, crickets, wind


def swarm(samples: int, random: Random) -> Track:
    left, right = (calls.buzz(samples, random, pitch) for pitch in (215.0, 242.0))
    return np.stack((0.8 * left + 0.4 * right, 0.4 * left + 0.8 * right), axis=1).astype(np.float32)


def hoofbeats(samples: int, random: Random) -> Track:
    """A gallop."""
    track = np.zeros((samples, 2), np.float32)
    steps = [step(GRAVEL, Foot.HOOF, random) for _ in range(6)]
    for start in np.arange(0.2, samples / RATE, 0.46):
        for number, late in enumerate((0.0, 0.1, 0.2)):
            put(track, steps[int(random.integers(6))] * np.float32((0.8, 0.7, 1.0)[number]), start + late, 0.5)
    return track


STEPS: dict[str, Voice] = {
    "footsteps": steady(lambda random: step(STONE, Foot.SHOE, random), 0.52, variants=6, spread=0.03),
    "crunching-steps": steady(lambda random: step(SNOW, Foot.SHOE, random), 0.56, variants=6, spread=0.03),
    "hoofbeats": hoofbeats,
}

ANIMALS: dict[str, Voice] = {
    "birdsong": birds,
    "crickets": crickets,
    "seagull": again(calls.gull, 1.8, 3.5, width=0.8),
    "crow": again(calls.crow, 1.6, 3.4, width=0.6),
    "owl": again(calls.hoot, 3.0, 4.5),
    "rooster": again(calls.cockcrow, 3.2, 5.0),
    "frogs": many(calls.croak, 5.5, variants=12),
    "dog": again(calls.bark, 1.2, 2.6),
    "cat": again(calls.meow, 1.6, 3.2),
    "wolf": again(calls.howl, 3.4, 5.0, width=0.6),
    "whale": again(calls.whalesong, 3.2, 4.6, width=0.6),
    "horse": again(calls.neigh, 2.6, 4.5),
    "cow": again(calls.moo, 2.6, 4.4),
    "roar": again(calls.roar, 2.8, 4.6),
    "bees": swarm,
}

VOICES: dict[str, Voice] = PEOPLE | ELEMENTS | OBJECTS | MACHINES | STEPS | ANIMALS

EFFECTS: dict[Effect, tuple[Voice, float]] = {
    Effect.FIRE: (ELEMENTS["fire"], 0.8),
    Effect.SPARKS: (ELEMENTS["sizzling"], 0.4),
    Effect.BUBBLES: (ELEMENTS["bubbles"], 0.4),
    Effect.LEAVES: (wind, 0.4),
}
"""What effects let hear, and how loud beside named sounds; lightning and fireworks have their times."""

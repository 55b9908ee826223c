"""What water, fire and air let hear beside the sound of a place."""

from __future__ import annotations

import numpy as np

from dalang.sound.pattern import Random, again, inline, many, together
from dalang.sound.tone import RATE, Line, Track, burst, chirp, coloured, curve, drift, noise, panned, strike, swept
from dalang.sound.voices import brook, rain, waves, wind


def clap_of_thunder(random: Random) -> Line:
    """A crack, its echoes, and a rumble that rolls away."""
    seconds = random.uniform(3.6, 4.8)
    crack = burst(0.5, 250, 5000, 0.004, 0.06, random) * np.float32(0.35)
    rumble = coloured(seconds, 25, 190, random) * strike(seconds, 0.06, seconds / 3.2) * np.float32(0.4)
    body = coloured(seconds, 90, 700, random) * strike(seconds, 0.03, seconds / 7) * np.float32(0.28)
    roll = 0.55 + 0.45 * np.interp(np.linspace(0, 9, len(rumble)), np.arange(10), random.random(10))
    echoes = [(crack * np.float32(0.4 * random.random()), float(at)) for at in random.uniform(0.1, 0.9, 4)]
    return inline((crack, 0.0), *echoes, ((rumble + body)[: len(roll)] * roll.astype(np.float32), 0.02))


def howling(samples: int, random: Random) -> Track:
    """Wind in cracks and wires: tones that rise and fall with the gusts."""
    gust = drift(samples, 2.2, random)
    track = (0.3 + 0.7 * gust[:, None]) * noise(samples, 120, 900, 1.0, random) * np.float32(0.6)
    air = coloured(samples / RATE, 50, 400, random)
    for low, high, pan in ((290, 620, 0.3), (430, 880, 0.7)):
        pitch = low + (high - low) * (0.7 * gust + 0.3 * drift(samples, 0.9, random))
        flutter = np.asarray(1 + 0.06 * np.clip(air, -3, 3), np.float32)
        tone = np.sin(swept(np.asarray(pitch, np.float32))) * gust**2 * flutter
        track += np.float32(0.9) * np.asarray(tone, np.float32)[:, None] * panned(pan)
    return track


def bubble(random: Random) -> Line:
    """A sphere of air that closes: its tone rises as it comes up (Minnaert)."""
    start = float(random.uniform(320, 1300))
    length = random.uniform(0.03, 0.09)
    return chirp(length, lambda time: np.float32(start) * (1 + np.float32(0.8) * time * time))


def drip(random: Random) -> Line:
    """A drop into still water: a tick, and the bubble that it takes along."""
    start = float(random.uniform(900, 1700))
    ring = chirp(0.07, lambda time: np.float32(start) * (1 + np.float32(0.5) * time))
    return inline(
        (burst(0.008, 3000, 9000, 0.0005, 0.002, random) * np.float32(0.2), 0.0),
        (ring, 0.012),
        (ring * np.float32(0.25), 0.16),
    )


def plunge(random: Random) -> Line:
    """Something falls into water: a slap, a sheet of spray, the bubbles after it."""
    slap = burst(0.25, 150, 2500, 0.004, 0.04, random) * np.float32(0.5)
    spray = burst(1.0, 1200, 8000, 0.05, 0.24, random) * np.float32(0.22)
    after = [(bubble(random) * np.float32(random.uniform(0.2, 0.6)), float(at)) for at in random.uniform(0.15, 0.9, 14)]
    return inline((slap, 0.0), (spray, 0.02), *after)


def crackle(random: Random) -> Line:
    centre = random.uniform(1200, 4500)
    return burst(0.03, centre * 0.6, centre * 1.8, 0.0004, random.uniform(0.0015, 0.006), random) * np.float32(0.5)


def flames(samples: int, random: Random) -> Track:
    """The roar under a fire."""
    flicker = (0.45 + 0.55 * drift(samples, 0.22, random))[:, None]
    return flicker * noise(samples, 60, 520, 1.0, random)


def fizz(samples: int, random: Random) -> Track:
    return (0.8 + 0.2 * drift(samples, 0.4, random))[:, None] * noise(samples, 3500, 13_000, 0.3, random)


def spit(random: Random) -> Line:
    return burst(0.02, 2500, 9000, 0.0004, 0.004, random) * np.float32(0.5)


def blast(random: Random) -> Line:
    """A shock, a body that sinks in pitch, and debris."""
    shock = burst(0.4, 60, 6000, 0.001, 0.05, random) * np.float32(0.7)
    boom = np.sin(swept(curve(1.8, 85, 42, 32, 28))) * strike(1.8, 0.004, 0.45)
    tail = burst(2.8, 40, 900, 0.03, 0.6, random) * np.float32(0.35)
    debris = [
        (crackle(random) * np.float32(random.uniform(0.1, 0.35)), float(at)) for at in random.gamma(2.0, 0.35, 26)
    ]
    return inline((shock, 0.0), (boom.astype(np.float32), 0.0), (tail, 0.03), *debris)


CLIMB = 0.8
"""Seconds from a rocket's start to its burst."""


def rocket(random: Random) -> Line:
    """A firework: it whistles up, bursts, and crackles down."""
    rise = np.sin(swept(curve(CLIMB, 900, 1600, 2600))) * strike(CLIMB, 0.3, 0.4) * np.float32(0.18)
    burst_of_light = burst(1.2, 50, 3500, 0.001, 0.13, random) * np.float32(0.8)
    rain = [
        (spit(random) * np.float32(random.uniform(0.1, 0.4)), 0.95 + float(at)) for at in random.gamma(2.0, 0.2, 40)
    ]
    return inline((rise.astype(np.float32), 0.0), (burst_of_light, CLIMB), *rain)


def bangs(random: Random) -> Line:
    """A string of crackers."""
    times = np.cumsum(random.uniform(0.03, 0.14, 22))
    return inline(
        *(
            (burst(0.09, 400, 7000, 0.0004, 0.012, random) * np.float32(random.uniform(0.3, 0.8)), float(at))
            for at in times
        )
    )


BOILING = together((many(bubble, 42, variants=24), 0.8), (fizz, 0.008), (flames, 0.02))

ELEMENTS = {
    "thunder": again(clap_of_thunder, 4.0, 7.0),
    "rain": rain,
    "wind": wind,
    "howling-wind": howling,
    "waves": waves,
    "water": brook,
    "splash": again(plunge, 1.8, 3.2),
    "dripping": again(drip, 0.5, 1.3),
    "bubbles": many(bubble, 14, variants=24),
    "boiling": BOILING,
    "sizzling": together((fizz, 0.12), (many(spit, 26), 1.0)),
    "fire": together((flames, 0.16), (many(crackle, 16, variants=24), 1.0)),
    "explosion": again(blast, 3.5, 6.0, width=0.15),
    "firecrackers": again(bangs, 2.2, 3.4),
}
"""Voices by name of `scene.noises.NOISES`."""

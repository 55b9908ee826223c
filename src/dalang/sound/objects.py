"""What things let hear that are struck, rubbed, broken or opened: each rings with its own modes."""

from __future__ import annotations

import numpy as np

from dalang.sound.calls import swell
from dalang.sound.pattern import Random, again, inline, many, steady
from dalang.sound.tone import RATE, Line, burst, coloured, curve, struck, swept

CHURCH_BELL = (
    (0.5, 0.7, 2.2),
    (1.0, 1.0, 1.5),
    (1.2, 0.8, 1.1),
    (1.5, 0.4, 0.8),
    (2.0, 0.9, 0.7),
    (2.6, 0.3, 0.4),
    (3.0, 0.35, 0.35),
    (4.2, 0.2, 0.2),
)
"""Hum, prime, tierce, quint, nominal and above: parts of the prime, level, seconds. Rossing, "Science of
Percussion Instruments" (2000), ch. 12."""
TAM_TAM = (
    (1.0, 1.0, 3.0),
    (1.52, 0.7, 2.6),
    (2.08, 0.6, 2.2),
    (2.71, 0.5, 1.8),
    (3.47, 0.45, 1.4),
    (4.3, 0.4, 1.1),
    (5.6, 0.35, 0.8),
)
TUBE = ((1.0, 1.0, 1.6), (2.76, 0.6, 0.9), (5.4, 0.3, 0.4), (8.93, 0.12, 0.2))
"""A free bar."""


def rung(modes: tuple[tuple[float, float, float], ...], pitch: float, seconds: float) -> Line:
    """Something with these `modes`, in parts of `pitch` in Hz, struck once; its peak at 1."""
    line = struck([(pitch * part, level, decay) for part, level, decay in modes], seconds)
    return np.asarray(line / np.abs(line).max(), np.float32)


def bell(random: Random) -> Line:
    stroke = burst(0.03, 1500, 7000, 0.0005, 0.006, random) * np.float32(0.15)
    return inline((rung(CHURCH_BELL, 392 * random.uniform(0.995, 1.005), 3.6), 0.0), (stroke, 0.0))


def gong(random: Random) -> Line:
    """Its high modes come late, as the energy climbs."""
    low = rung(TAM_TAM, 98, 5.0)
    shimmer = coloured(4.0, 900, 4500, random) * swell(round(4.0 * RATE), 0.12, 0.85) * np.float32(0.1)
    return inline((low, 0.0), (shimmer, 0.06))


def chime(random: Random) -> Line:
    pitches = (1047.0, 1175.0, 1319.0, 1568.0, 1760.0)
    return inline(
        *(
            (rung(TUBE, float(random.choice(pitches)), 2.2) * np.float32(random.uniform(0.4, 1.0)), float(at))
            for at in np.cumsum(random.uniform(0.05, 0.35, 4))
        )
    )


def shatter(random: Random) -> Line:
    """A pane breaks, and its pieces come down one by one."""
    crash = burst(0.5, 2000, 13_000, 0.001, 0.06, random) * np.float32(0.6)
    pieces = []
    for at in random.gamma(2.0, 0.13, 34):
        pitch = random.uniform(2200, 8500)
        ring = struck(((pitch, 0.6, 0.03), (pitch * 1.72, 0.4, 0.02), (pitch * 2.4, 0.2, 0.012)), 0.2)
        pieces.append((ring * np.float32(random.uniform(0.1, 0.5)), float(at)))
    return inline((crash, 0.0), *pieces)


PANEL = ((118, 1.0, 0.05), (205, 0.8, 0.04), (342, 0.5, 0.025), (561, 0.3, 0.016), (900, 0.15, 0.01))
"""A wooden door: Hz, level, seconds."""


def rap(random: Random) -> Line:
    bent = random.uniform(0.96, 1.04)
    knuckle = burst(0.03, 700, 3200, 0.0005, 0.004, random) * np.float32(0.3)
    panel = struck([(hz * bent, level, decay) for hz, level, decay in PANEL], 0.35)
    return inline((panel * np.float32(0.6), 0.0), (knuckle, 0.0))


def knocks(random: Random) -> Line:
    return inline(*((rap(random) * np.float32(random.uniform(0.75, 1.0)), 0.24 * number) for number in range(3)))


def tap(random: Random) -> Line:
    pitch = random.uniform(1100, 1500)
    return struck(((pitch, 0.7, 0.008), (pitch * 2.3, 0.4, 0.005)), 0.06) + burst(
        0.06, 2000, 8000, 0.0005, 0.003, random
    ) * np.float32(0.2)


def creaking(random: Random) -> Line:
    """Stick and slip: clicks whose rate wanders, through the modes of wood."""
    seconds = random.uniform(0.9, 1.5)
    rate = curve(seconds, *random.uniform(22, 75, 6))
    turns = np.floor(np.cumsum(rate) / RATE)
    slips = np.flatnonzero(np.diff(turns) > 0)
    line = np.zeros(round(seconds * RATE) + 4800, np.float32)
    ring = struck(((410, 0.8, 0.012), (870, 1.0, 0.009), (1630, 0.6, 0.006), (2600, 0.3, 0.004)), 0.08)
    for slip in slips:
        line[slip : slip + len(ring)] += ring * np.float32(random.uniform(0.5, 1.0))
    return line * swell(len(line), 0.1, 0.3)


def door(random: Random) -> Line:
    """The latch, the hinge, and the door falls shut."""
    latch = struck(((1900, 0.4, 0.01), (3300, 0.3, 0.006)), 0.08)
    slam = struck(((62, 1.4, 0.11), (118, 1.0, 0.06), (240, 0.5, 0.03)), 0.5) + burst(
        0.5, 200, 3000, 0.001, 0.03, random
    ) * np.float32(0.45)
    return inline((latch, 0.0), (creaking(random) * np.float32(0.3), 0.1), (slam, 1.5), (latch * np.float32(0.6), 1.54))


def scrape(random: Random) -> Line:
    """Something hard drawn over something rough."""
    seconds = random.uniform(0.3, 0.55)
    grit = 0.5 + 0.5 * np.sin(swept(curve(seconds, 90, 190, 120)))
    return (
        coloured(seconds, 1500, 6500, random)
        * swell(round(seconds * RATE), 0.2, 0.4)
        * grit.astype(np.float32)
        * np.float32(0.4)
    )


def squeaking(random: Random) -> Line:
    high = random.uniform(0.85, 1.2)
    phase = swept(curve(0.32, 950 * high, 1500 * high, 1250 * high, 1750 * high))
    tone = np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.3 * np.sin(3 * phase)
    return np.asarray(0.5 * tone * swell(len(phase), 0.15, 0.3), np.float32)


def key(random: Random) -> Line:
    """A key goes down, and up."""
    down = burst(0.03, 1300, 6500, 0.0005, 0.004, random) * np.float32(0.4) + struck(
        ((random.uniform(210, 320), 0.6, 0.01),), 0.03
    )
    return inline((down, 0.0), (burst(0.02, 2500, 8000, 0.0005, 0.002, random) * np.float32(0.18), 0.07))


def shutter(random: Random) -> Line:
    """Mirror up, curtain, mirror down."""

    def clack(level: float) -> Line:
        return (
            burst(0.05, 900, 9000, 0.0005, 0.006, random) * np.float32(0.5)
            + struck(((620, 0.5, 0.009), (1480, 0.4, 0.006)), 0.05)
        ) * np.float32(level)

    return inline((clack(0.8), 0.0), (clack(1.0), 0.055), (clack(0.6), 0.1))


def clicking(random: Random) -> Line:
    down = struck(((2600, 0.7, 0.003), (4700, 0.5, 0.002)), 0.03)
    return inline((down, 0.0), (down * np.float32(0.5), 0.09))


def tick(random: Random) -> Line:
    pitch = 2350 if random.random() < 0.5 else 1900
    return struck(((pitch, 0.8, 0.004), (pitch * 1.9, 0.5, 0.003), (520, 0.3, 0.006)), 0.05)


OBJECTS = {
    "bell": again(bell, 1.7, 2.0, width=0.1),
    "gong": again(gong, 4.5, 6.0, width=0.05),
    "chimes": again(chime, 0.9, 1.8),
    "glass": again(shatter, 3.0, 5.0),
    "knock": again(knocks, 2.2, 3.4, width=0.1),
    "tapping": steady(tap, 0.34, spread=0.08),
    "creak": again(creaking, 2.0, 3.4),
    "door": again(door, 4.0, 6.0, width=0.15),
    "scratch": again(scrape, 0.5, 0.9),
    "squeak": again(squeaking, 0.6, 1.4),
    "typing": many(key, 6.5, variants=10),
    "shutter": again(shutter, 0.8, 2.2),
    "click": again(clicking, 0.8, 1.8),
    "clock": steady(tick, 0.5, variants=2, spread=0.0),
}
"""Voices by name of `scene.noises.NOISES`."""

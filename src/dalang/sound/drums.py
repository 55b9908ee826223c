"""Drums and what is struck without a pitch to sing, each hit once."""

from __future__ import annotations

import numpy as np

from dalang.sound.pattern import Cry, Random, inline
from dalang.sound.tone import Line, burst, curve, strike, struck, swept


def skin(seconds: float, start: float, end: float, decay: float) -> Line:
    """A drum's head, that slackens as it rings: Hz at first and at last."""
    glide = np.float32(end) + np.float32(start - end) * strike(seconds, 0.0001, 0.03)
    return np.asarray(np.sin(swept(glide)) * strike(seconds, 0.001, decay), np.float32)


def kick(random: Random) -> Line:
    return skin(0.4, 150, 48, 0.11) + burst(0.4, 1500, 6000, 0.0005, 0.004, random) * np.float32(0.12)


def snare(random: Random) -> Line:
    return np.float32(0.5) * skin(0.25, 260, 185, 0.05) + burst(0.25, 1400, 9000, 0.0005, 0.055, random) * np.float32(
        0.4
    )


def brush(random: Random) -> Line:
    return burst(0.25, 2500, 9000, 0.03, 0.05, random) * np.float32(0.25)


def hat(random: Random) -> Line:
    return burst(0.09, 7000, 16_000, 0.0005, 0.016, random) * np.float32(0.3)


def ride(random: Random) -> Line:
    ring = struck(((3150, 0.10, 0.25), (4420, 0.10, 0.22), (5870, 0.08, 0.2), (7330, 0.06, 0.18)), 0.9)
    return inline((ring, 0.0), (burst(0.5, 5000, 14_000, 0.0005, 0.12, random) * np.float32(0.12), 0.0))


def crash(random: Random) -> Line:
    return burst(1.8, 2500, 15_000, 0.002, 0.45, random) * np.float32(0.3)


def shaker(random: Random) -> Line:
    return burst(0.1, 5000, 13_000, 0.02, 0.02, random) * np.float32(0.22)


def clap(random: Random) -> Line:
    one = burst(0.1, 900, 3500, 0.0005, 0.012, random) * np.float32(0.35)
    return inline((one, 0.0), (one, 0.011), (one, 0.024))


def tom(random: Random) -> Line:
    return skin(0.5, 150, 95, 0.16) + burst(0.5, 300, 2500, 0.001, 0.02, random) * np.float32(0.08)


def taiko(random: Random) -> Line:
    return skin(1.0, 95, 58, 0.28) + burst(1.0, 120, 1200, 0.001, 0.03, random) * np.float32(0.25)


def timpani(random: Random) -> Line:
    ring = struck(((98, 1.0, 0.5), (147, 0.5, 0.4), (196, 0.25, 0.3), (245, 0.12, 0.2)), 1.4)
    return ring * np.float32(0.6) + burst(1.4, 80, 700, 0.002, 0.03, random) * np.float32(0.15)


def dut(random: Random) -> Line:
    """The low head of a gendang, pressed so that it rises."""
    glide = curve(0.4, 82, 88, 128, 140)
    return np.asarray(np.sin(swept(glide)) * strike(0.4, 0.002, 0.13), np.float32)


def tak(random: Random) -> Line:
    """The high head, slapped."""
    return struck(((410, 0.5, 0.03), (690, 0.3, 0.02), (1040, 0.2, 0.012)), 0.15) + burst(
        0.15, 1500, 6000, 0.0005, 0.008, random
    ) * np.float32(0.2)


def block(random: Random) -> Line:
    return struck(((880, 0.6, 0.02), (1640, 0.4, 0.012), (2470, 0.15, 0.008)), 0.12)


def triangle(random: Random) -> Line:
    return struck(((4100, 0.2, 0.4), (6350, 0.15, 0.3), (8900, 0.1, 0.2)), 1.0)


DRUMS: dict[str, Cry] = {
    **{"kick": kick, "snare": snare, "brush": brush, "hat": hat, "ride": ride, "crash": crash, "shaker": shaker},
    **{"clap": clap, "tom": tom, "taiko": taiko, "timpani": timpani, "dut": dut, "tak": tak, "block": block},
    "triangle": triangle,
}

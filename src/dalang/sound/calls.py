"""What animals call, each once."""

from __future__ import annotations

import numpy as np

from dalang.sound.pattern import Cry, Random, inline
from dalang.sound.throat import A, E, I, O, U, Vowel, through, voiced
from dalang.sound.tone import RATE, Line, Values, burst, coloured, curve, strike, swept


def swell(samples: int, attack: float, release: float) -> Line:
    """An envelope that opens and closes, in parts of its length."""
    place = np.linspace(0, 1, samples, dtype=np.float32)
    return np.asarray(np.clip(np.minimum(place / attack, (1 - place) / release), 0, 1) ** 1.3, np.float32)


def sung(
    pitch: Values, *vowels: Vowel, attack: float, release: float, size: float, breath: float, random: Random
) -> Line:
    return voiced(pitch, vowels, random, size=size, breath=breath) * swell(len(pitch), attack, release)


def rough(line: Line, rate: float, depth: float, random: Random) -> Line:
    """`line` with the flutter of a growl at about `rate` Hz."""
    jitter = np.repeat(random.uniform(0.75, 1.25, len(line) // 600 + 1), 600)[: len(line)].astype(np.float32)
    return np.asarray(line * (1 - depth * (0.5 + 0.5 * np.sin(swept(rate * jitter)))), np.float32)


def bark(random: Random) -> Line:
    high = random.uniform(0.9, 1.1)
    one = sung(
        curve(0.17, 300 * high, 520 * high, 260 * high),
        E,
        A,
        O,
        attack=0.08,
        release=0.6,
        size=1.15,
        breath=0.5,
        random=random,
    )
    return inline((one, 0.0), (one * np.float32(0.85), random.uniform(0.28, 0.4)))


def meow(random: Random) -> Line:
    high, length = random.uniform(0.92, 1.12), random.uniform(0.6, 0.85)
    pitch = curve(length, 480 * high, 680 * high, 720 * high, 610 * high, 430 * high)
    return sung(pitch, I, E, A, O, U, attack=0.15, release=0.35, size=1.55, breath=0.08, random=random)


def moo(random: Random) -> Line:
    low, length = random.uniform(0.9, 1.1), random.uniform(1.3, 1.8)
    pitch = curve(length, 120 * low, 165 * low, 172 * low, 160 * low, 118 * low)
    return sung(pitch, U, O, A, O, attack=0.2, release=0.3, size=0.7, breath=0.25, random=random)


def neigh(random: Random) -> Line:
    length = random.uniform(1.1, 1.5)
    pitch = curve(length, 700, 1250, 1150, 900, 650, 380)
    pitch *= 1 + 0.09 * np.sin(2 * np.pi * 11 * np.arange(len(pitch), dtype=np.float32) / RATE)
    return rough(sung(pitch, E, A, E, O, attack=0.1, release=0.4, size=0.9, breath=0.3, random=random), 22, 0.5, random)


def bleat(random: Random) -> Line:
    length, high = random.uniform(0.6, 0.9), random.uniform(0.85, 1.15)
    pitch = curve(length, 330 * high, 390 * high, 370 * high, 320 * high)
    pitch *= 1 + 0.05 * np.sin(2 * np.pi * 8 * np.arange(len(pitch), dtype=np.float32) / RATE)
    return rough(sung(pitch, E, A, E, attack=0.08, release=0.3, size=1.1, breath=0.2, random=random), 8, 0.5, random)


def oink(random: Random) -> Line:
    grunts = [
        rough(
            sung(curve(0.16, 95, 150, 105), E, O, attack=0.1, release=0.5, size=0.9, breath=0.9, random=random),
            34,
            0.8,
            random,
        )
        for _ in range(3)
    ]
    return inline(*((grunt, 0.24 * number) for number, grunt in enumerate(grunts)))


def howl(random: Random) -> Line:
    length, high = random.uniform(2.6, 3.4), random.uniform(0.9, 1.1)
    pitch = curve(length, 300 * high, 480 * high, 590 * high, 585 * high, 560 * high, 500 * high, 390 * high)
    pitch *= 1 + 0.008 * np.sin(2 * np.pi * 5.5 * np.arange(len(pitch), dtype=np.float32) / RATE)
    return sung(pitch, U, O, U, attack=0.18, release=0.4, size=0.95, breath=0.06, random=random)


def roar(random: Random) -> Line:
    length = random.uniform(1.5, 2.1)
    pitch = curve(length, 75, 135, 120, 95, 62)
    return rough(
        sung(pitch, O, A, A, O, attack=0.15, release=0.5, size=0.55, breath=1.1, random=random), 27, 0.75, random
    )


def trumpeting(random: Random) -> Line:
    length = random.uniform(1.0, 1.4)
    pitch = curve(length, 380, 620, 660, 610, 450)
    return rough(sung(pitch, E, A, E, attack=0.1, release=0.3, size=0.8, breath=0.5, random=random), 60, 0.4, random)


def whalesong(random: Random) -> Line:
    length, low = random.uniform(2.2, 3.5), random.uniform(0.8, 1.2)
    knots = random.permutation([150.0, 240.0, 420.0, 300.0, 190.0]) * low
    return sung(curve(length, *knots), U, O, U, attack=0.25, release=0.35, size=0.8, breath=0.02, random=random)


def cackle(random: Random) -> Line:
    """A dolphin's clicks and whistle."""
    whistle = np.sin(swept(curve(0.5, 6000, 11_000, 7500, 12_500))) * swell(round(0.5 * RATE), 0.2, 0.3)
    clicks = [
        (burst(0.008, 3000, 14_000, 0.0003, 0.0015, random) * np.float32(0.4), 0.55 + 0.018 * k) for k in range(16)
    ]
    return inline((whistle.astype(np.float32) * np.float32(0.5), 0.0), *clicks)


def crow(random: Random) -> Line:
    pitch = curve(0.32, 480, 620, 560, 430)
    one = rough(sung(pitch, A, A, O, attack=0.08, release=0.35, size=1.5, breath=0.9, random=random), 70, 0.6, random)
    return inline((one, 0.0), (one * np.float32(0.9), 0.5))


def gull(random: Random) -> Line:
    high = random.uniform(0.9, 1.15)
    cries = [
        sung(
            curve(0.3, 900 * high * fall, 1650 * high * fall, 1250 * high * fall),
            E,
            A,
            attack=0.1,
            release=0.4,
            size=1.7,
            breath=0.15,
            random=random,
        )
        for fall in (1.0, 0.96, 0.9)
    ]
    return inline(*((cry * np.float32(1 - 0.12 * k), 0.38 * k) for k, cry in enumerate(cries)))


def hoot(random: Random) -> Line:
    def one(length: float) -> Line:
        return sung(curve(length, 330, 370, 350), U, U, attack=0.2, release=0.4, size=1.1, breath=0.04, random=random)

    return inline((one(0.35), 0.0), (one(0.16), 0.65), (one(0.6), 0.9))


def cockcrow(random: Random) -> Line:
    def note(length: float, *pitch: float) -> Line:
        return sung(curve(length, *pitch), E, A, attack=0.08, release=0.3, size=1.45, breath=0.15, random=random)

    last = note(0.95, 880, 1000, 960, 780, 560)
    return inline(
        (note(0.18, 620, 760, 700), 0.0), (note(0.12, 780, 860), 0.22), (note(0.24, 860, 980, 900), 0.38), (last, 0.68)
    )


def quack(random: Random) -> Line:
    one = rough(
        sung(curve(0.17, 260, 310, 230), A, E, attack=0.08, release=0.4, size=1.35, breath=0.4, random=random),
        90,
        0.5,
        random,
    )
    return inline((one, 0.0), (one * np.float32(0.85), 0.27), (one * np.float32(0.7), 0.52))


def honk(random: Random) -> Line:
    one = sung(curve(0.28, 420, 560, 470), A, O, attack=0.08, release=0.3, size=1.2, breath=0.4, random=random)
    return inline((one, 0.0), (one, 0.42))


def gobble(random: Random) -> Line:
    return rough(
        sung(curve(0.8, 700, 900, 620, 420), A, E, O, attack=0.1, release=0.3, size=1.4, breath=0.3, random=random),
        12,
        0.95,
        random,
    )


def croak(random: Random) -> Line:
    pitch = random.uniform(0.8, 1.3)
    line = rough(
        sung(curve(0.28, 95 * pitch, 125 * pitch), O, A, attack=0.1, release=0.3, size=1.1, breath=0.2, random=random),
        48,
        0.9,
        random,
    )
    return inline((line, 0.0), (line * np.float32(0.8), 0.36))


def squeal(random: Random) -> Line:
    """A mouse or a monkey, by its pitch: small."""
    return sung(curve(0.12, 2300, 3100, 2500), I, E, attack=0.2, release=0.4, size=2.2, breath=0.1, random=random)


def chatter(random: Random) -> Line:
    """A monkey."""
    cries = [
        sung(curve(0.14, 420, 820, 520), U, A, attack=0.15, release=0.4, size=1.25, breath=0.35, random=random)
        for _ in range(4)
    ]
    return inline(*((cry, 0.2 * k) for k, cry in enumerate(cries)))


def cheep(random: Random) -> Line:
    one = np.sin(swept(curve(0.09, 3400, 4600, 3600))) * swell(round(0.09 * RATE), 0.2, 0.5)
    return inline((one, 0.0), (one, 0.17), (one * np.float32(0.8), 0.34))


def coo(random: Random) -> Line:
    def one(length: float, low: float) -> Line:
        pitch = curve(length, low, low * 1.15, low)
        return rough(sung(pitch, U, U, attack=0.3, release=0.4, size=1.0, breath=0.1, random=random), 24, 0.4, random)

    return inline((one(0.25, 430), 0.0), (one(0.55, 470), 0.32), (one(0.25, 420), 0.95))


def scream(random: Random) -> Line:
    """An eagle's falling cry."""
    pitch = curve(0.8, 3100, 3600, 3000, 2300)
    tone = np.sin(swept(pitch)) + 0.4 * np.sin(2 * swept(pitch))
    return np.asarray(0.7 * tone * swell(len(pitch), 0.06, 0.6), np.float32)


def hiss(random: Random) -> Line:
    return coloured(0.9, 3500, 9000, random) * np.float32(0.3) * strike(0.9, 0.15, 0.4)


def buzz(samples: int, random: Random, pitch: float) -> Line:
    """Wings too fast to be told apart, at `pitch` Hz, that come and go."""
    time = np.arange(samples, dtype=np.float32) / RATE
    wander = 1 + 0.05 * np.sin(2 * np.pi * 0.7 * time + 1) + 0.03 * np.sin(2 * np.pi * 2.3 * time)
    phase = swept(pitch * wander)
    teeth = sum(np.sin(k * phase) / k for k in range(1, 9))
    come = 0.6 + 0.4 * np.sin(2 * np.pi * 0.4 * time + 2)
    return np.asarray(through(np.asarray(teeth), (A,)) * come, np.float32)


CALLS: dict[str, Cry] = {
    **dict.fromkeys(("dog", "poodle", "guide-dog", "fox"), bark),
    **dict.fromkeys(("cat", "black-cat"), meow),
    **dict.fromkeys(("cow", "ox", "bison", "water-buffalo", "moose"), moo),
    **dict.fromkeys(("horse", "zebra"), neigh),
    **dict.fromkeys(("sheep", "goat", "ram", "llama", "deer"), bleat),
    **dict.fromkeys(
        (
            "tiger",
            "leopard",
            "lion",
            "lioness",
            "bear",
            "polar-bear",
            "dinosaur",
            "t-rex",
            "dragon",
            "gorilla",
            "rhinoceros",
            "hippopotamus",
        ),
        roar,
    ),
    **dict.fromkeys(("elephant", "mammoth"), trumpeting),
    **dict.fromkeys(("chick", "hatching-chick", "songbird"), cheep),
    **dict.fromkeys(("monkey", "orangutan"), chatter),
    **dict.fromkeys(("mouse", "rat", "bat", "squirrel"), squeal),
    **dict.fromkeys(("swan", "goose", "flamingo", "penguin"), honk),
    **dict.fromkeys(("peacock", "parrot"), gull),
    **dict.fromkeys(("whale",), whalesong),
    **{
        "pig": oink,
        "boar": oink,
        "wolf": howl,
        "frog": croak,
        "dolphin": cackle,
        "crow": crow,
        "owl": hoot,
        "rooster": cockcrow,
        "duck": quack,
    },
    **{"turkey": gobble, "dove": coo, "eagle": scream, "snake": hiss, "seal": bark},
}
"""What a subject calls now and then, by its name."""

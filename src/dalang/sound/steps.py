"""When feet come down: the footfalls of a performer, at the pace and stride at which the picture shows it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dalang.scene.performer import Action, Direction, Performer
from dalang.scene.subject import Subject
from dalang.scene.subjects import SUBJECTS
from dalang.sound.strides import cycle

GOLDEN = 0.6180339887
"""Part of a loop by which one of several alike is ahead of the one before."""
LEAST = 0.05
"""Seconds between two footfalls that are heard apart."""


class Foot(StrEnum):
    SHOE = "shoe"
    HOOF = "hoof"
    PAW = "paw"
    HEAVY = "heavy"


class Footfall(msgspec.Struct, frozen=True, kw_only=True):
    second: float
    """From the shot's beginning."""
    weight: float
    """1: a grown person's."""
    pan: float
    """From 0, left, to 1, right."""
    foot: Foot


HOOFED = frozenset(
    {
        *("horse", "cow", "pig", "goat", "deer", "sheep", "camel", "zebra", "giraffe", "bison", "ox", "jockey"),
        *("water-buffalo", "ram", "llama", "bactrian-camel", "boar", "moose", "donkey", "unicorn"),
    }
)
HEAVY = frozenset({"elephant", "mammoth", "rhinoceros", "hippopotamus", "dinosaur", "t-rex"})
TWO_LEGGED = frozenset({"dinosaur", "t-rex"})
HOPPING = frozenset({"kangaroo", "rabbit", "frog"})

PAIR = (0.0, 0.5)
WALK = (0.0, 0.25, 0.5, 0.75)
AMBLE = (0.0, 0.22, 0.5, 0.72)
GALLOP = (0.0, 0.1, 0.46, 0.56)
"""Four beats and a moment in the air."""
LEAP = (0.0, 0.62)
HOP = (0.0, 0.62)
"""Parts of a loop at which feet come down, as `engines.animatic.bodies.gait` sets them."""
GAITS = {Action.WALK: WALK, Action.RUN: GALLOP, Action.JUMP: LEAP}


def footfalls(
    performer: Performer, duration: float, since: float = 0.0, *, until: float | None = None
) -> tuple[Footfall, ...]:
    """Those of `performer`, and of all that it counts, in the first `duration` seconds of a shot, in order.

    It has been at it for `since` seconds before. One who goes up to another stands from `until` on, and makes its last
    step just then.
    """
    subject = SUBJECTS[performer.subject]
    loop = cycle(performer)
    if performer.action not in GAITS or not loop or subject.medium != "ground":
        return ()
    ahead = (since if until is None else -until) / loop
    falls = [
        _fall(performer, number, second, duration)
        for number in range(performer.count)
        for second in _times(contacts(subject, performer.action), loop, ahead + number * GOLDEN, until or duration)
    ]
    return tuple(sorted(falls, key=lambda fall: fall.second))


def contacts(subject: Subject, action: Action) -> tuple[float, ...]:
    """Parts of a loop at which a foot of `subject` comes down."""
    if subject.name in HOPPING:
        return HOP
    if (subject.kind in ("people", "birds", "fantasy") and subject.name not in HOOFED) or subject.name in TWO_LEGGED:
        return PAIR
    return AMBLE if action is Action.WALK and subject.build in ("bear", "koala", "sloth") else GAITS[action]


def foot_of(subject: Subject) -> Foot:
    if subject.name in HOOFED:
        return Foot.HOOF
    if subject.name in HEAVY:
        return Foot.HEAVY
    return Foot.SHOE if subject.kind == "people" else Foot.PAW


LEAPT = 1.2
"""Seconds of a person's jump, over and over."""
LANDED = 0.68
"""Part of that loop at which the feet are back on the ground."""
DANCED = 0.65
"""Seconds of a dance's beat: half a loop of the picture."""
SWUM = 1.6
"""Seconds of a person's stroke."""


def landings(performer: Performer, duration: float, since: float = 0.0) -> tuple[Footfall, ...]:
    """When who jumps on the spot comes down, with the whole weight, and when who dances steps."""
    if performer.action is Action.JUMP and not cycle(performer):
        return _beat(performer, LEAPT, LANDED, 1.5, duration, since)
    return _beat(performer, DANCED, 0.0, 0.5, duration, since) if performer.action is Action.DANCE else ()


def _beat(
    performer: Performer, loop: float, part: float, weight: float, duration: float, since: float
) -> tuple[Footfall, ...]:
    falls = [
        _fall(performer, number, second, duration)
        for number in range(performer.count)
        for second in _times((part,), loop, since / loop + number * GOLDEN, duration)
    ]
    return tuple(msgspec.structs.replace(fall, weight=weight * fall.weight) for fall in falls)


def strokes(performer: Performer, duration: float) -> tuple[float, ...]:
    """Seconds at which who swims breaks the water: people with each stroke, animals less often."""
    subject = SUBJECTS[performer.subject]
    if performer.action is not Action.SWIM or subject.kind == "sea":
        return ()
    return tuple(_times((0.3,), SWUM if subject.kind == "people" else 2 * SWUM, 0.0, duration))


def _fall(performer: Performer, number: int, second: float, duration: float) -> Footfall:
    subject = SUBJECTS[performer.subject]
    weight = min(2.0, max(0.15, subject.height / 1.7))
    return Footfall(second=second, weight=weight, pan=_pan(performer, number, second / duration), foot=foot_of(subject))


def _times(parts: tuple[float, ...], loop: float, ahead: float, duration: float) -> list[float]:
    """Seconds at which `parts` of a loop come round, `ahead` loops on at first; what follows too soon is left out."""
    first = [loop * ((part - ahead) % 1) for part in parts]
    every = sorted(at + loop * turn for at in first for turn in range(int(duration / loop) + 1))
    heard: list[float] = []
    for second in every:
        if second < duration and (not heard or second - heard[-1] >= LEAST):
            heard.append(second)
    return heard


SIDES = dict.fromkeys(Direction, 0.0) | {Direction.LEFT: -1.0, Direction.RIGHT: 1.0}
SWAY = 0.25
"""Of the way from left to right, that a performer goes in a shot on either side of the middle."""


def _pan(performer: Performer, number: int, part: float) -> float:
    side = 0.0 if performer.direction is None else SIDES[performer.direction]
    spread = 0.5 * ((0.5 + number * GOLDEN) % 1 - 0.5) if performer.count > 1 else 0.0
    return 0.5 + spread + side * SWAY * (2 * part - 1) * (1 if performer.count == 1 else 0.5)

"""How four-legged animals rest, eat and play on the spot: poses of a loop that begins and ends alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from dalang.engines.animatic.bodies.gait import TAU, Foot, Pose
from dalang.scene.performer import Action

BLINKS = ((0.22, 0.26), (0.71, 0.75))
"""Parts of a loop in which the eyes are closed."""


def stand(when: float) -> Pose:
    breath = math.sin(2 * TAU * when)
    glance = math.sin(TAU * when)
    return Pose(
        feet=(Foot(0.04), Foot(-0.03), Foot(-0.12), Foot(0.12)), head=(0.015 * glance, 0.012 * breath),
        nod=2 * math.sin(TAU * (when - 0.2)), turn=0.45 + 0.2 * glance, sway=2 * when, swing=9, breath=0.02 * breath,
        shut=_blinks(when),
    )  # fmt: skip


def sit(when: float) -> Pose:
    """On the haunches, the forelegs straight."""
    haunch = Foot(-0.44), Foot(-0.40)
    fore = Foot(0.06), Foot(0.02)
    still = stand(when)
    return replace(
        still, feet=(haunch[0], fore[0], haunch[1], fore[1]), hind=(-0.27, -0.46), fore=(0.10, 0.03),
        head=(0.14 + still.head[0], 0.05 + still.head[1]), turn=still.turn - 0.2, limp=0.8, arch=-0.02,
    )  # fmt: skip


def lie(when: float) -> Pose:
    """On the belly, the forelegs stretched out, the head up."""
    still = stand(when)
    return replace(
        still, feet=(Foot(-0.16), Foot(-0.30), Foot(-0.06), Foot(-0.22)), hind=(0.0, -0.46), fore=(0.0, -0.42),
        limp=0.8, head=(still.head[0], 0.02 + still.head[1]),
    )  # fmt: skip


def sleep(when: float) -> Pose:
    breath = math.sin(TAU * when)
    return replace(
        lie(when), head=(-0.06, -0.36 + 0.012 * breath), nod=4 + breath, turn=0.3, breath=0.035 * breath, shut=True,
        limp=1.0, swing=2, sway=when, fore=(0.0, -0.45),
    )  # fmt: skip


def eat(when: float) -> Pose:
    """The head at the ground, chewing."""
    chew = math.sin(4 * TAU * when)
    return Pose(
        feet=(Foot(), Foot(-0.04), Foot(), Foot(0.12)), fore=(-0.04, -0.16), head=(-0.10, -0.62 + 0.014 * chew),
        nod=12 + 2.5 * chew, turn=0.75, sway=2 * when, swing=10, breath=0.01 * chew, tail=-6,
    )  # fmt: skip


def talk(when: float) -> Pose:
    """It tells something: nods, and looks at the eye."""
    beat = math.sin(3 * TAU * when) * (0.6 + 0.4 * math.sin(TAU * when))
    return replace(stand(when), head=(0.0, 0.025 * beat), nod=5 * beat, turn=0.25)


def wave(when: float) -> Pose:
    """Seated, a forepaw in the air."""
    seated, swing = sit(when), math.sin(3 * TAU * when)
    feet = seated.feet
    paw = Foot(-0.42 + 0.09 * swing, 0.52 + 0.05 * swing, 0.2)
    return replace(seated, feet=(feet[0], paw, feet[2], feet[3]), turn=0.2, nod=3 * swing)


def dance(when: float) -> Pose:
    """From paw to paw."""
    left, right = (max(0.0, math.sin(2 * TAU * when + shift)) for shift in (0.0, math.pi))
    bounce = abs(math.sin(2 * TAU * when))
    feet = (
        Foot(0, 0.12 * right, right),
        Foot(-0.05, 0.26 * left, left),
        Foot(0, 0.12 * left, left),
        Foot(0, 0.26 * right, right),
    )
    return Pose(
        feet=feet, fore=(0.03 * math.sin(TAU * when), 0.06 * bounce), hind=(0.0, 0.03 * bounce), turn=0.2,
        nod=8 * math.sin(2 * TAU * when), head=(0.05 * math.sin(2 * TAU * when), 0.03 * bounce), sway=3 * when,
        swing=20,
    )  # fmt: skip


def swim(when: float) -> Pose:
    """Paddling, the head over the water."""
    feet = [Foot(0.24 * math.cos(angle), 0.12 + 0.12 * math.sin(angle), 0.3) for angle in _paddle(when)]
    return Pose(
        feet=(feet[0], feet[1], feet[2], feet[3]), head=(0.0, 0.06 + 0.02 * math.sin(2 * TAU * when)), sway=2 * when,
        fore=(0.0, 0.012 * math.sin(2 * TAU * when)), turn=0.6, tail=-20,
    )  # fmt: skip


def _paddle(when: float) -> list[float]:
    return [TAU * (2 * when + shift) for shift in (0.0, 0.5, 0.5, 0.0)]


def _blinks(when: float) -> bool:
    return any(begin <= when < end for begin, end in BLINKS)


POSTURES: dict[Action, tuple[Callable[[float], Pose], float]] = {
    Action.SIT: (sit, 4.0),
    Action.FALL: (lie, 4.0),
    Action.SLEEP: (sleep, 4.4),
    Action.EAT: (eat, 2.4),
    Action.TALK: (talk, 3.0),
    Action.WAVE: (wave, 2.4),
    Action.DANCE: (dance, 1.8),
    Action.SWIM: (swim, 2.0),
}
"""What is done on the spot, and the seconds of its loop; `stand` for the others."""
STANDING = (stand, 4.0)
LYING = (lie, 4.0)

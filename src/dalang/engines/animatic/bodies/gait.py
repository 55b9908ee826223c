"""How four-legged animals hold themselves and set their feet: a pose for each part of a loop.

Lengths are in heights of the withers, x to the right; animals look to the left. Footfalls: Muybridge, "Animals in
Motion" (1899); duty factors: Alexander, "Principles of Animal Locomotion" (2003), ch. 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

TAU = 2 * math.pi


@dataclass(frozen=True)
class Foot:
    """One foot against its place under the resting body."""

    x: float = 0.0
    y: float = 0.0
    """Over the ground."""
    bent: float = 0.0
    """How far it is folded back, 0..1, as it is lifted."""


@dataclass(frozen=True)
class Pose:
    """A body at one moment."""

    feet: tuple[Foot, Foot, Foot, Foot] = (Foot(), Foot(), Foot(), Foot())
    """Near hind, near fore, far hind, far fore."""
    fore: tuple[float, float] = (0.0, 0.0)
    """By how much the shoulders are moved from where they are at rest: right, up."""
    hind: tuple[float, float] = (0.0, 0.0)
    """The same of the hips."""
    arch: float = 0.0
    """Up of the back's middle."""
    head: tuple[float, float] = (0.0, 0.0)
    """Right and up of the head, against the shoulders."""
    nod: float = 0.0
    """Degrees the head is bowed."""
    turn: float = 0.6
    """How far the face is turned from the eye to where the animal goes, 0..1."""
    tail: float = 0.0
    """Degrees the tail is raised over its rest."""
    limp: float = 0.0
    """How far the tail hangs and lies, 0..1, whatever its build."""
    sway: float = 0.0
    """Part of a full swing that the tail's wave is at, in loops."""
    swing: float = 8.0
    """Degrees to either side of the tail's wave."""
    breath: float = 0.0
    """Share by which the chest is widened."""
    shut: bool = False
    """Eyes closed."""
    lift: float = 0.0
    """Of everything, over the ground."""


@dataclass(frozen=True)
class Gait:
    """A way to go. `stride` is the ground covered in a loop: a foot that stands moves back just as much as the body
    goes on."""

    stride: float
    duty: float
    """Share of a loop that a foot stands."""
    phases: tuple[float, float, float, float]
    """When each foot is set down; the feet as in `Pose`."""
    step: float
    """How high a foot is lifted."""
    cadence: float = 1.15
    """Seconds of a loop, for withers one metre high."""
    bob: float = 0.0
    beats: int = 2
    """How often in a loop the body rises."""
    flex: float = 0.0
    """How far the back bends and stretches."""
    pitch: float = 0.0
    """How far shoulders and hips rise by turns."""
    leap: float = 0.0
    """How high the body flies while no foot stands."""
    low: float = 0.0
    """How far the body is held under its usual height."""
    head: tuple[float, float] = (0.0, 0.0)


WALK = Gait(1.05, 0.64, (0.0, 0.25, 0.5, 0.75), 0.13, bob=0.014)
AMBLE = Gait(0.85, 0.66, (0.0, 0.22, 0.5, 0.72), 0.1, bob=0.016, cadence=1.25)
STALK = Gait(0.8, 0.72, (0.0, 0.25, 0.5, 0.75), 0.1, bob=0.01, low=0.2, head=(-0.12, -0.22), cadence=1.7)
GALLOP = Gait(
    2.7, 0.26, (0.0, 0.46, 0.1, 0.56), 0.3, bob=0.03, beats=1, flex=0.10, pitch=0.07, leap=0.06, head=(-0.08, -0.1),
    cadence=0.62,
)  # fmt: skip
LEAP = Gait(
    2.6, 0.20, (0.0, 0.62, 0.03, 0.66), 0.2, beats=1, flex=0.10, pitch=0.10, leap=0.42, head=(-0.05, 0.02),
    cadence=0.95,
)  # fmt: skip
HOP = Gait(1.2, 0.34, (0.0, 0.62, 0.0, 0.62), 0.1, beats=1, flex=0.06, pitch=0.08, leap=0.30, cadence=1.2)


def foot(gait: Gait, phase: float) -> Foot:
    """Where a foot is, `phase` of a loop after it was set down."""
    reach = gait.stride * gait.duty / 2
    if phase < gait.duty:
        return Foot(reach * (2 * phase / gait.duty - 1))
    part = (phase - gait.duty) / (1 - gait.duty)
    eased = part * part * (3 - 2 * part)
    return Foot(reach * (1 - 2 * eased), gait.step * math.sin(math.pi * part), math.sin(math.pi * part) ** 0.8)


def stepping(gait: Gait, when: float) -> Pose:
    """The pose at `when` (0..1) of a loop."""
    feet = [foot(gait, (when - phase) % 1.0) for phase in gait.phases]
    rise = gait.bob * math.sin(gait.beats * TAU * (when + 0.1)) - gait.low
    seesaw = gait.pitch * math.sin(TAU * (when - gait.phases[0] - 0.05))
    flex = gait.flex * math.cos(TAU * (when - gait.duty / 2 - 0.78))
    lift = gait.leap * _airborne(gait, when)
    back = math.sin(gait.beats * TAU * (when - 0.03))
    return Pose(
        feet=(feet[0], feet[1], feet[2], feet[3]), fore=(-flex * 0.5, rise - seesaw), hind=(flex * 0.5, rise + seesaw),
        arch=-flex * 0.6, head=(gait.head[0], gait.head[1] - 0.7 * gait.bob * back + 0.5 * seesaw),
        nod=3 * back, sway=when, swing=7 + 60 * gait.flex, tail=-40 * gait.flex + 30 * gait.leap, lift=lift,
    )  # fmt: skip


def _airborne(gait: Gait, when: float) -> float:
    """0..1, highest half-way from the push of the hind feet to the landing of the fore feet: a parabola."""
    begin = max(gait.phases[0], gait.phases[2]) + gait.duty
    length = min(gait.phases[1], gait.phases[3]) - begin
    part = (when - begin) / length if length > 0 else 0.0
    return 4 * part * (1 - part) if 0 < part < 1 else 0.0

"""A puppet's bones: how long they are, and where the joints come to lie when hips, feet and hands are placed.

x is the way the puppet faces, y is up from the ground, z is towards its near side, which is its right. Of two, the near
one comes first. Limbs are told in shares of the body's height, joints in metres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Joint = NDArray[np.float64]
"""x, y, z in metres."""

FORWARD = np.array([1.0, 0.0, 0.0])
FOOT = 0.088
"""Length of the part of a foot before the ankle, share of the height."""
HEEL = 0.032
"""The part behind it."""
TAUT = 0.998
"""Share of its length to which a leg may be straightened."""


@dataclass(frozen=True)
class Build:
    """The shares of one kind of body."""

    height: float
    """Metres, bare headed."""
    head: float = 0.185
    """Chin to crown."""
    hip: float = 0.475
    """Height of the hips when standing."""
    shoulders: float = 0.112
    """From the middle to a shoulder joint."""
    hips: float = 0.048
    girth: float = 1.0
    """How stout limbs and trunk are."""
    waist: float = 1.0
    """Girth of the waist to that of the chest."""
    stoop: float = 0.0
    """Degrees that the back is bent."""

    ankle = 0.042

    @property
    def leg(self) -> float:
        """Length of thigh and shin together; a little is left to bend."""
        return (self.hip - self.ankle) * 1.003

    @property
    def spine(self) -> float:
        return 1 - self.head - 0.028 - self.hip

    @property
    def arm(self) -> float:
        """Length of both parts of an arm."""
        return 0.47 * (1 - self.head) - 0.062

    @property
    def mouth(self) -> tuple[float, float]:
        """Before and over the shoulders."""
        return 0.36 * self.head + 0.02, 0.028 + 0.24 * self.head


@dataclass(frozen=True)
class Foot:
    """Where an ankle is, from its place under the hips when standing, and how the sole is turned (degrees, toes up)."""

    x: float = 0.0
    y: float = 0.0
    out: float = 0.0
    pitch: float = 0.0


@dataclass(frozen=True)
class Arm:
    """How an arm is held: by degrees from hanging down, or by the place of its hand."""

    swing: float = 2.0
    """Forward."""
    elbow: float = 13.0
    out: float = 8.0
    """Away from the body."""
    hand: tuple[float, float, float] | None = None
    """Before, over and outside its shoulder."""
    floor: bool = False
    """`hand` is told from the ground under the hips instead."""


@dataclass(frozen=True)
class Limbs:
    """A pose."""

    hips: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """From where they are in standing."""
    lean: float = 0.0
    """Degrees that the trunk leans forward."""
    twist: float = 0.0
    """Degrees that the near shoulder is brought forward."""
    nod: float = 0.0
    """Degrees that the head looks down."""
    tilt: float = 0.0
    """Degrees that it leans towards the near side."""
    feet: tuple[Foot, Foot] = (Foot(), Foot())
    arms: tuple[Arm, Arm] = (Arm(), Arm(4.0))
    topple: float = 0.0
    """Degrees that the whole body is turned backward about its heels."""
    raised: float = 0.0
    """Height to which all of it is lifted after that."""


@dataclass(frozen=True)
class Figure:
    """The joints of a pose, in metres."""

    pelvis: Joint
    chest: Joint
    """Between the shoulders."""
    skull: Joint
    """Where the head sits on the neck."""
    shoulders: tuple[Joint, Joint]
    elbows: tuple[Joint, Joint]
    hands: tuple[Joint, Joint]
    """The wrists."""
    sockets: tuple[Joint, Joint]
    """Of the thighs."""
    knees: tuple[Joint, Joint]
    ankles: tuple[Joint, Joint]
    heels: tuple[Joint, Joint]
    toes: tuple[Joint, Joint]
    roll: float
    """Degrees that the head is turned forward, about z."""
    tilt: float
    """Degrees that the head is turned to its near side, about x."""
    trunk: float
    """Degrees that the trunk is turned forward."""


def pitched(x: float, y: float, degrees: float) -> tuple[float, float]:
    """Turned about z, from x towards y."""
    angle = math.radians(degrees)
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def bent(root: Joint, end: Joint, upper: float, lower: float, pole: Joint) -> tuple[Joint, Joint]:
    """The joint between two bones that reach from `root` towards `end`, on the side of `pole`; and where they end."""
    way = end - root
    far = max(1e-6, float(np.linalg.norm(way)))
    way = way / far
    reach = min(max(far, abs(upper - lower) + 1e-4), (upper + lower) * 0.9995)
    along = (reach * reach + upper * upper - lower * lower) / (2 * reach)
    aside = pole - way * float(pole @ way)
    aside = aside / max(1e-6, float(np.linalg.norm(aside)))
    return root + way * along + aside * math.sqrt(max(0.0, upper * upper - along * along)), root + way * reach


def step(stride: float, stance: float, lift: float, phase: float) -> Foot:
    """One foot of a walk or a run: it lands on its heel, goes back with the ground, rolls off its toes, swings forward.

    On the ground its pivot (heel, sole or toes) goes back exactly `stride` a cycle.
    """
    at = phase % 1.0
    half = stride * stance / 2
    if at < stance:
        part = at / stance
        x = half * (1 - 2 * part)
        if part < 0.2:
            return _rolled(x, 0.0, 20 * (1 - part / 0.2), 0.0)
        return _rolled(x, 0.0, -40 * max(0.0, (part - 0.6) / 0.4) ** 1.5, 1.0)
    part = (at - stance) / (1 - stance)
    back = -stride * (1 - stance)
    x = _hermite(-half, half, back, back, part)
    pitch = -40 + 60 * part * part * (3 - 2 * part) - 34 * math.sin(math.pi * part) * (1 - part)
    return _rolled(x, lift * math.sin(math.pi * part) * (1.35 - 0.7 * part), pitch, 1 - part)


def _rolled(x: float, y: float, pitch: float, toes: float) -> Foot:
    """A foot turned about a point between its heel (`toes` 0) and its toes (1)."""
    pivot = -HEEL + (FOOT + HEEL) * toes
    dx, dy = pitched(-pivot, Build.ankle, pitch)
    return Foot(x + pivot + dx, y + dy - Build.ankle, 0.0, pitch)


def _hermite(start: float, end: float, first: float, last: float, part: float) -> float:
    p2, p3 = part * part, part**3
    return start * (2 * p3 - 3 * p2 + 1) + end * (3 * p2 - 2 * p3) + first * (p3 - 2 * p2 + part) + last * (p3 - p2)


def figure(build: Build, limbs: Limbs) -> Figure:
    """Where the joints of `build` are in the pose `limbs`."""
    ankles = [_ankle(build, foot, side) for foot, side in zip(limbs.feet, (1, -1), strict=True)]
    pelvis = np.array([limbs.hips[0], build.hip + limbs.hips[1], limbs.hips[2]])
    pelvis[1] = min(
        pelvis[1], *(_reach(build, pelvis, ankle, foot) for ankle, foot in zip(ankles, limbs.feet, strict=True))
    )
    lean = limbs.lean + build.stoop
    up = np.array([math.sin(math.radians(lean)), math.cos(math.radians(lean)), 0.0])
    chest = pelvis + up * build.spine
    turn = math.radians(limbs.twist)
    across = np.array([math.sin(turn) * 0.9, 0.0, math.cos(turn)])
    sockets = [pelvis + side * build.hips * np.array([-0.35 * math.sin(turn), 0.0, 1.0]) for side in (1, -1)]
    shoulders = [chest + side * build.shoulders * across - up * 0.018 for side in (1, -1)]
    legs = [
        bent(socket, ankle, build.leg / 2, build.leg / 2, FORWARD)
        for socket, ankle in zip(sockets, ankles, strict=True)
    ]
    arms = [
        _arm(build, arm, shoulder, side, lean, pelvis)
        for arm, shoulder, side in zip(limbs.arms, shoulders, (1, -1), strict=True)
    ]
    soles = [_sole(end, foot) for (_, end), foot in zip(legs, limbs.feet, strict=True)]
    roll = limbs.nod + lean * 0.55
    neck = math.radians(lean + limbs.nod * 0.5)
    skull = chest + np.array([math.sin(neck), math.cos(neck), 0.0]) * 0.028
    made = Figure(
        pelvis, chest, skull,
        (shoulders[0], shoulders[1]),
        (arms[0][0], arms[1][0]), (arms[0][1], arms[1][1]),
        (sockets[0], sockets[1]),
        (legs[0][0], legs[1][0]), (legs[0][1], legs[1][1]),
        (soles[0][0], soles[1][0]), (soles[0][1], soles[1][1]),
        roll, limbs.tilt, lean,
    )  # fmt: skip
    return _placed(made, limbs, build.height)


def _ankle(build: Build, foot: Foot, side: int) -> Joint:
    return np.array([foot.x, build.ankle + foot.y, side * (build.hips + foot.out)])


def _reach(build: Build, pelvis: Joint, ankle: Joint, foot: Foot) -> float:
    """The highest that the hips can be over a foot that is on the ground."""
    if foot.y > 0.05:
        return math.inf
    away = float(ankle[0] - pelvis[0])
    return float(ankle[1]) + math.sqrt(max(0.0, (build.leg * TAUT) ** 2 - away * away))


def _arm(build: Build, arm: Arm, shoulder: Joint, side: int, lean: float, pelvis: Joint) -> tuple[Joint, Joint]:
    """Elbow and wrist."""
    half = build.arm / 2
    if arm.hand is not None:
        root = np.array([pelvis[0], 0.0, 0.0]) if arm.floor else shoulder
        before, over, out = arm.hand
        return bent(
            shoulder, root + np.array([before, over, side * out]), half, half, np.array([-0.7, -0.8, side * 0.5])
        )
    swing, out = math.radians(arm.swing + lean * 0.3), math.radians(arm.out)
    fore = swing + math.radians(arm.elbow)
    elbow = shoulder + half * _way(swing, side * out)
    return elbow, elbow + half * _way(fore, side * out * 0.2)


def _way(swing: float, out: float) -> Joint:
    """Where a bone points that hangs down, is swung forward and then held out."""
    return np.array([math.sin(swing) * math.cos(out), -math.cos(swing) * math.cos(out), math.sin(out)])


def _sole(ankle: Joint, foot: Foot) -> tuple[Joint, Joint]:
    """Heel and toes."""
    heel, toe = pitched(-HEEL, -Build.ankle, foot.pitch), pitched(FOOT, -Build.ankle, foot.pitch)
    return ankle + np.array([*heel, 0.0]), ankle + np.array([*toe, 0.0])


def _placed(made: Figure, limbs: Limbs, height: float) -> Figure:
    """In metres, toppled and raised."""
    angle = math.radians(limbs.topple)
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1.0]])
    up = np.array([0.0, limbs.raised, 0.0])

    def moved(joint: Joint) -> Joint:
        return np.asarray((turn @ joint + up) * height)

    def both(pair: tuple[Joint, Joint]) -> tuple[Joint, Joint]:
        return moved(pair[0]), moved(pair[1])

    return replace(
        made,
        pelvis=moved(made.pelvis), chest=moved(made.chest), skull=moved(made.skull),
        shoulders=both(made.shoulders), elbows=both(made.elbows), hands=both(made.hands),
        sockets=both(made.sockets), knees=both(made.knees), ankles=both(made.ankles),
        heels=both(made.heels), toes=both(made.toes),
        roll=made.roll - limbs.topple, trunk=made.trunk - limbs.topple,
    )  # fmt: skip

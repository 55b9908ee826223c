"""How a puppet moves: its pose at every phase, 0..1 of a loop, of each action. A loop ends as it began."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dalang.engines.animatic.bodies.bones import Arm, Build, Figure, Foot, Limbs, figure, step
from dalang.scene.performer import Action

TURN = 2 * math.pi

Pose = Callable[[Build, float], Limbs]


def wave(phase: float, lead: float = 0.0) -> float:
    """-1..1."""
    return math.sin(TURN * (phase + lead))


def eased(phase: float, start: float, end: float) -> float:
    """0 before `start`, 1 after `end`, gently between."""
    part = min(1.0, max(0.0, (phase - start) / (end - start)))
    return part * part * (3 - 2 * part)


@dataclass(frozen=True)
class Tread:
    """A gait on two feet; lengths are shares of the body's height."""

    stride: float
    """Ground covered in two steps."""
    stance: float
    """Share of the cycle that a foot is on the ground: over a half in a walk, under it in a run."""
    lift: float
    """Of a swinging foot."""
    lean: float
    """Degrees."""
    swing: float
    """Degrees that an upper arm swings to either side."""
    elbow: float
    """Degrees that an elbow is bent."""
    bob: float
    """How far the hips rise and fall to either side."""
    sink: float
    """How much lower they are than in standing."""


WALK = Tread(stride=0.62, stance=0.6, lift=0.045, lean=2, swing=25, elbow=17, bob=0.008, sink=0.008)
RUN = Tread(stride=1.10, stance=0.34, lift=0.13, lean=11, swing=46, elbow=84, bob=0.024, sink=0.030)


def tread(gait: Tread, build: Build, phase: float) -> Limbs:
    """Two steps. A foot on the ground goes back as fast as the body goes on (`bones.step`).

    The hips are highest over the standing leg in a walk and in the air in a run; an arm swings with the other side's
    leg (Williams, "The Animator's Survival Kit", 2001).
    """
    middle = gait.stance / 2 + (0.0 if gait.stance > 0.5 else 0.25)
    rise = gait.bob * math.cos(2 * TURN * (phase - middle))
    feet = [step(gait.stride, gait.stance, gait.lift, phase + lead) for lead in (0.0, 0.5)]
    arms = [_swung(gait, phase + lead) for lead in (0.5, 0.0)]
    return Limbs(
        hips=(0.0, rise - gait.sink, 0.0),
        lean=gait.lean + 1.2 * wave(2 * phase),
        twist=-0.34 * gait.swing * math.cos(TURN * phase),
        feet=(feet[0], feet[1]),
        arms=(arms[0], arms[1]),
        nod=-0.5 * gait.lean + 1.5 * wave(2 * phase, 0.1),
    )


def _swung(gait: Tread, phase: float) -> Arm:
    forward = math.cos(TURN * phase)
    drawn = 14.0 if gait.elbow > 60 else 0.0
    return Arm(gait.swing * forward - drawn, gait.elbow * (1 + 0.3 * forward), 7.0)


def standing(build: Build, phase: float) -> Limbs:
    """At ease: breathing, the weight going from foot to foot."""
    breath, sway = wave(phase * 2), wave(phase)
    return Limbs(
        hips=(0.006 * sway, -0.0008 + 0.0006 * breath, 0.004 * sway),
        lean=0.6 * breath,
        feet=(Foot(0.012), Foot(-0.012)),
        arms=(Arm(1 + 2 * breath), Arm(5 - 2 * breath, 15.0)),
        nod=1.5 * wave(phase, 0.1),
        tilt=2.0 * sway,
    )


def talking(build: Build, phase: float) -> Limbs:
    """A hand goes along with what is said."""
    beat, slow = wave(phase * 3), wave(phase)
    return Limbs(
        hips=(0.005 * slow, -0.0008, 0.0),
        lean=1.5 + beat,
        feet=(Foot(0.02), Foot(-0.02)),
        arms=(Arm(20 + 10 * slow, 58 + 16 * beat, 24.0), Arm(6 - 6 * slow, 34 - 22 * slow, 14.0)),
        nod=4 * wave(phase * 2, 0.2) + 2 * beat,
        tilt=3 * slow,
    )


def waving(build: Build, phase: float) -> Limbs:
    return Limbs(
        hips=(0.004 * wave(phase), -0.0008, 0.0),
        feet=(Foot(0.012), Foot(-0.012)),
        arms=(Arm(hand=(-0.02 + 0.055 * wave(phase * 2), 0.235 - 0.02 * abs(wave(phase * 2)), 0.12)), Arm(4.0, 15.0)),
        nod=2 * wave(phase * 2),
        tilt=4.0,
    )


def eating(build: Build, phase: float) -> Limbs:
    """The near hand goes to the mouth, and rests before the chest while the jaws work."""
    bite = eased(phase, 0.08, 0.30) - eased(phase, 0.44, 0.66)
    before, over = build.mouth
    hand = (0.17 + (before - 0.13) * bite, -0.13 + (over + 0.10) * bite, -0.03 - 0.03 * bite)
    return Limbs(
        hips=(0.0, -0.0008, 0.0),
        lean=2 + 3 * bite,
        feet=(Foot(0.015), Foot(-0.015)),
        arms=(Arm(hand=hand), Arm(hand=(0.18, -0.17, -0.02))),
        nod=5 * bite + 2 * wave(phase * 5) * (1 - bite),
    )


def working(build: Build, phase: float) -> Limbs:
    """Both hands are busy at the height of a table."""
    turn = TURN * phase * 2
    return Limbs(
        hips=(0.0, -0.002, 0.0),
        lean=7 + wave(phase),
        feet=(Foot(0.02), Foot(-0.02)),
        arms=(
            Arm(hand=(0.20 + 0.04 * math.cos(turn), -0.16 + 0.022 * math.sin(turn), -0.02)),
            Arm(hand=(0.21, -0.18 + 0.008 * math.sin(turn), -0.03)),
        ),
        nod=4 + 1.5 * wave(phase * 2),
    )


def dancing(build: Build, phase: float) -> Limbs:
    """Steps from side to side, hips and arms against each other."""
    sway, beat = wave(phase), abs(wave(phase))
    return Limbs(
        hips=(0.035 * sway, -0.022 + 0.016 * beat, 0.03 * sway),
        lean=-2 + 4 * wave(phase * 2),
        twist=20 * sway,
        feet=(
            Foot(0.05, 0.07 * max(0.0, -sway), 0.03, -30 * max(0.0, -sway)),
            Foot(-0.05, 0.07 * max(0.0, sway), 0.03, -30 * max(0.0, sway)),
        ),
        arms=(
            Arm(hand=(0.05 - 0.05 * sway, 0.05 + 0.19 * sway, 0.20)),
            Arm(hand=(0.06 + 0.05 * sway, 0.04 - 0.19 * sway, 0.13)),
        ),
        nod=3 * wave(phase * 2),
        tilt=-8 * sway,
    )


def jumping(build: Build, phase: float) -> Limbs:
    """Crouch, leap, land and give."""
    crouch = eased(phase, 0.0, 0.2) - eased(phase, 0.2, 0.32) + eased(phase, 0.66, 0.76) - eased(phase, 0.76, 1.0)
    part = min(1.0, max(0.0, (phase - 0.28) / 0.4))
    air = 4 * part * (1 - part)
    up = 0.22 * air
    swing = -36 * crouch + 140 * air + 6
    return Limbs(
        hips=(-0.03 * crouch, up - 0.13 * crouch, 0.0),
        lean=20 * crouch - 3 * air,
        feet=(Foot(0.05 * air, up + 0.05 * air, 0.0, -26 * air), Foot(-0.05 * air, up, 0.0, -30 * air)),
        arms=(Arm(swing, 18 + 30 * crouch, 16.0), Arm(swing - 12, 22 + 30 * crouch, 16.0)),
        nod=-8 * air + 6 * crouch,
    )


def sitting(build: Build, phase: float) -> Limbs:
    """On a seat as high as its knees, hands on its lap."""
    breath, half = wave(phase * 2), build.leg / 2
    return Limbs(
        hips=(-half * 0.5, build.ankle + half + 0.01 - build.hip + 0.001 * breath, 0.0),
        lean=-2 + 0.8 * breath,
        feet=(Foot(half * 0.44), Foot(half * 0.36)),
        arms=(Arm(hand=(0.13, -0.222 + 0.002 * breath, -0.03)), Arm(hand=(0.15, -0.222, -0.03))),
        nod=2 + 2 * wave(phase, 0.2),
        tilt=2.5 * wave(phase),
    )


def driving(build: Build, phase: float) -> Limbs:
    """Seated, both hands on a wheel."""
    half, turn = build.leg / 2, 0.02 * wave(phase)
    return Limbs(
        hips=(-half * 0.5, build.ankle + half * 0.8 - build.hip + 0.002 * wave(phase * 4), 0.0),
        lean=-6,
        feet=(Foot(half * 0.62, 0.0, 0.0, 12), Foot(half * 0.56, 0.0, 0.0, 12)),
        arms=(Arm(hand=(0.22, -0.04 + turn, -0.01)), Arm(hand=(0.22, -0.04 - turn, -0.01))),
        nod=2 * wave(phase),
    )


def riding(build: Build, phase: float) -> Limbs:
    """Astride, reins in hand; the legs hang on both sides of what carries it."""
    bounce = abs(wave(phase))
    return Limbs(
        hips=(-0.02, -0.07 + 0.012 * bounce, 0.0),
        lean=7 + 3 * wave(phase * 2),
        feet=(Foot(0.04, 0.06, 0.05, 14), Foot(0.02, 0.06, 0.05, 14)),
        arms=(Arm(hand=(0.19, -0.15 + 0.012 * bounce, -0.05)), Arm(hand=(0.20, -0.14 + 0.012 * bounce, -0.05))),
        nod=-4 + 3 * wave(phase * 2, 0.15),
    )


def sailing(build: Build, phase: float) -> Limbs:
    """Legs apart, swaying with the deck."""
    sway = wave(phase)
    return Limbs(
        hips=(0.015 * sway, -0.03, 0.0),
        lean=3 * sway,
        feet=(Foot(0.07, 0.0, 0.01), Foot(-0.07, 0.0, 0.01)),
        arms=(Arm(14 - 6 * sway, 30.0, 22.0), Arm(-10 - 6 * sway, 26.0, 20.0)),
        tilt=-3 * sway,
    )


def sleeping(build: Build, phase: float) -> Limbs:
    """On the back, a hand on the belly, breathing."""
    return Limbs(
        topple=88,
        raised=0.068,
        feet=(Foot(0.02, 0.0, 0.0, -24), Foot(-0.01, 0.0, 0.0, -30)),
        arms=(Arm(14 + 1.5 * wave(phase), 34.0, 4.0), Arm(-4.0, 8.0, 8.0)),
        nod=8,
    )


def falling(build: Build, phase: float) -> Limbs:
    """Loses its feet, drops on its back, lies there and gets up again."""
    down = eased(phase, 0.05, 0.26) - eased(phase, 0.66, 0.94)
    fright = 4 * down * (1 - down) if phase < 0.5 else 0.0
    rising = 4 * down * (1 - down) if phase > 0.5 else 0.0
    flail = 40 * wave(phase * 5) * fright
    return Limbs(
        hips=(-0.05 * rising, -0.16 * rising - 0.03 * fright, 0.0),
        lean=38 * rising + 10 * fright,
        feet=(Foot(0.10 * fright + 0.05 * rising), Foot(0.02 * fright)),
        arms=(Arm(4 + 70 * fright + flail + 30 * rising, 20.0, 20.0), Arm(4 + 60 * fright - flail, 24.0, 20.0)),
        nod=10 * fright,
        topple=86 * down,
        raised=0.066 * down,
    )


def crawling(build: Build, phase: float) -> Limbs:
    """On hands and knees, a hand with the other side's knee."""
    half = build.leg / 2
    slides = [0.5 * CRAWL_STRIDE * 0.66 * _saw(phase + lead) for lead in (0.0, 0.5)]
    highs = [0.03 * max(0.0, wave(phase + lead, -0.58)) for lead in (0.0, 0.5)]
    feet = [Foot(slides[k] - half * 1.02, 0.05 + highs[k], 0.0, -78) for k in (0, 1)]
    reach = build.spine * 0.94
    arms = [Arm(hand=(reach + slides[1 - k], 0.03 + highs[1 - k], 0.10), floor=True) for k in (0, 1)]
    return Limbs(
        hips=(0.0, half * 0.96 + 0.018 - build.hip, 0.0),
        lean=78 + wave(phase * 2),
        feet=(feet[0], feet[1]),
        arms=(arms[0], arms[1]),
        nod=-40 + 3 * wave(phase * 2),
    )


CRAWL_STRIDE = 0.30


def _saw(phase: float) -> float:
    """1 to -1 steadily over 0.66 of the loop, and back."""
    part = phase % 1.0
    return 1 - 2 * part / 0.66 if part < 0.66 else -math.cos(math.pi * (part - 0.66) / 0.34)


def climbing(build: Build, phase: float) -> Limbs:
    """Hand over hand up what stands before it."""
    reach = wave(phase)
    return Limbs(
        hips=(-0.02, 0.03 + 0.012 * wave(phase * 2), 0.02 * reach),
        lean=3,
        twist=10 * reach,
        feet=(Foot(0.06, 0.11 + 0.08 * reach, 0.01), Foot(0.06, 0.11 - 0.08 * reach, 0.01)),
        arms=(Arm(hand=(0.13, 0.10 - 0.11 * reach, 0.02)), Arm(hand=(0.14, 0.10 + 0.11 * reach, 0.02))),
        nod=-10,
    )


def swimming(build: Build, phase: float) -> Limbs:
    """The crawl stroke, flat in the water."""
    kicks = [0.05 * wave(phase * 3 + lead) for lead in (0.0, 0.5)]
    angle = 360 * phase
    return Limbs(
        topple=-82,
        raised=0.32,
        twist=22 * wave(phase),
        feet=(Foot(kicks[0], 0.06, 0.0, -66), Foot(kicks[1], 0.06, 0.0, -66)),
        arms=(Arm(180 - angle, 20 + 20 * wave(phase), 14.0), Arm(-angle, 20 - 20 * wave(phase), 14.0)),
        nod=-52 + 5 * wave(phase),
    )


def flying(build: Build, phase: float) -> Limbs:
    """Stretched out, a fist before it."""
    drift = wave(phase)
    return Limbs(
        topple=-74 - 2 * drift,
        raised=0.14,
        feet=(Foot(-0.02, 0.06, 0.0, -60), Foot(0.03, 0.10, 0.0, -60)),
        arms=(Arm(168 + 2 * drift, 8.0, 6.0), Arm(-10 + 2 * drift, 10.0, 8.0)),
        nod=-52,
    )


@dataclass(frozen=True)
class Motion:
    """How an action is played."""

    pose: Pose
    seconds: float
    """Of one loop, where it covers no ground."""
    stride: float = 0.0
    """Ground covered in a loop, as a share of the body's height."""
    frames: int = 24

    @property
    def slow(self) -> bool:
        """Whether so little moves in it that a frame may be blended with the next."""
        return not self.stride and self.seconds / self.frames > 0.2


def _tread(gait: Tread, frames: int) -> Motion:
    return Motion(lambda build, phase: tread(gait, build, phase), 1.0, gait.stride, frames)


MOTIONS: Mapping[Action, Motion] = {
    Action.STAND: Motion(standing, 4.2, frames=16),
    Action.WALK: _tread(WALK, 22),
    Action.RUN: _tread(RUN, 18),
    Action.CRAWL: Motion(crawling, 1.4, CRAWL_STRIDE),
    Action.CLIMB: Motion(climbing, 1.5, frames=20),
    Action.JUMP: Motion(jumping, 1.2, frames=20),
    Action.FLY: Motion(flying, 3.0, frames=14),
    Action.SWIM: Motion(swimming, 1.5, frames=20),
    Action.SAIL: Motion(sailing, 3.2, frames=16),
    Action.DRIVE: Motion(driving, 3.0, frames=14),
    Action.RIDE: Motion(riding, 1.0, frames=20),
    Action.DANCE: Motion(dancing, 1.3, frames=22),
    Action.TURN: Motion(standing, 2.4, frames=32),
    Action.FALL: Motion(falling, 2.6, frames=32),
    Action.SIT: Motion(sitting, 4.2, frames=14),
    Action.SLEEP: Motion(sleeping, 4.4, frames=10),
    Action.EAT: Motion(eating, 2.2, frames=24),
    Action.TALK: Motion(talking, 1.9, frames=24),
    Action.WAVE: Motion(waving, 1.6, frames=20),
    Action.WORK: Motion(working, 1.8, frames=22),
}
"""One for every action."""


def joints(action: Action, build: Build, phase: float) -> Figure:
    """Where the joints are at `phase` of a loop."""
    return figure(build, MOTIONS[action].pose(build, phase % 1.0))

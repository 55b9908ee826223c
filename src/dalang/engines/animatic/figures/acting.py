"""Acting: how a whole picture is moved to show what its performer does, where its frames do not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dalang.scene.performer import Action

BEAT = 0.5
"""Seconds, of dancing."""
LEAP = 1.25
"""Seconds from one jump to the next."""
JUMPED = (0.0, 0.12, 0.22, 0.32, 0.40, 0.64, 0.74, 0.84, 0.92, 1.0), (0, 0.06, 0.13, -0.06, 0, 0, -0.04, 0.13, 0.05, 0)
"""When in a leap one is bent, and by what part of one's height; below zero stretched."""
TURNED = 2.4
"""Seconds of a turn."""
FALLEN = 1.3
"""Seconds after the beginning at which one who falls lies."""


@dataclass(frozen=True)
class Motion:
    """Of a picture about the middle of its foot; all as parts of its height."""

    dx: float = 0.0
    """Forward."""
    dy: float = 0.0
    """Up."""
    wide: float = 1.0
    """Width over the picture's own; below zero it looks the other way."""
    tall: float = 1.0
    angle: float = 0.0
    """Degrees that it leans forward, about its foot."""
    pivot: float = 0.0
    """How high over the foot it turns."""


STILL = Motion()

Act = Callable[[float], Motion]
"""Seconds to where the picture is."""


def acting(action: Action, time: float, *, speaking: bool = False, upright: bool = False) -> Motion:
    """What `action` looks like at `time`; `upright`: it stands on two legs."""
    motion = ACTS[action](time) if action in ACTS else STILL
    if action in LYING and upright:
        motion = LYING[action](time)
    return _with_nod(motion, time) if speaking else motion


def _with_nod(motion: Motion, time: float) -> Motion:
    """A head that goes with the words moves the whole picture a little."""
    nod = 0.6 * math.sin(time * 9.4) + 0.4 * math.sin(time * 5.7 + 0.8)
    wide, tall = motion.wide * (1 - 0.006 * nod), motion.tall * (1 + 0.016 * nod)
    return replace(motion, wide=wide, tall=tall, angle=motion.angle + 1.7 * nod)


def _jump(time: float) -> Motion:
    """Down to gather strength, up through the air, and down again on bent legs."""
    part = (time / LEAP) % 1.0
    bent = float(np.interp(part, *JUMPED))
    air = min(1.0, max(0.0, (part - 0.32) / 0.42))
    rise = 4 * air * (1 - air)
    return replace(_squashed(bent), dy=0.42 * rise)


def _squashed(share: float) -> Motion:
    """Lower by `share`, and so much wider that it stays as much."""
    return Motion(wide=1 + 0.7 * share, tall=1 - share)


def _dance(time: float) -> Motion:
    """Bounces on the beat, sways over two, and turns about after every eight."""
    beat = time / BEAT
    bounce = abs(math.sin(math.pi * beat))
    sway = math.sin(math.pi * beat / 2)
    squash = 0.07 * (1 - bounce) ** 2
    return Motion(
        0.05 * sway, 0.055 * bounce, _turning(beat, 8.0, 0.8) * (1 + 0.5 * squash), 1 - squash, 7.0 * sway,
    )  # fmt: skip


def _turning(at: float, every: float, takes: float) -> float:
    """1 and -1 by turns: it turns over the last `takes` before each multiple of `every`."""
    number, part = divmod(at, every)
    side = -1 if number % 2 else 1
    done = (part - every + takes) / takes
    return side * math.cos(math.pi * _eased(done)) if done > 0 else float(side)


def _eased(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


def _turn(time: float) -> Motion:
    turned = _turning(time + 0.5 * TURNED, TURNED, 0.75)
    return Motion(wide=_seen(turned), tall=1 - 0.02 * (1 - abs(turned)))


def _seen(turned: float) -> float:
    """Something of a body is seen from its front too."""
    return math.copysign(max(abs(turned), 0.34), turned)


def _sit(time: float) -> Motion:
    breath = math.sin(time * 1.7)
    return Motion(dx=0.004 * math.sin(time * 0.9), wide=1.09, tall=0.86 + 0.008 * breath)


def _sleep(time: float) -> Motion:
    """Low on the ground, with a slow breath."""
    breath = math.sin(time * 1.25)
    return Motion(wide=1.10 - 0.006 * breath, tall=0.70 + 0.022 * breath)


def _lie(time: float) -> Motion:
    """On the back, as two-legged ones sleep."""
    breath = math.sin(time * 1.25)
    return Motion(dy=0.13, wide=1.0 + 0.014 * breath, tall=1.0, angle=-90.0)


def _eat(time: float) -> Motion:
    """Its head goes down to what it eats, and chews, and looks up after a while."""
    up = _eased((math.sin(time * 0.9 + 0.6) - 0.72) / 0.2)
    chew = math.sin(time * 11.0) * (1 - up)
    down = (1 - up) * (0.75 + 0.25 * math.sin(time * 1.7))
    return Motion(dx=0.02 * down, tall=1 - 0.03 * down + 0.008 * chew, angle=7.0 * down + 0.7 * chew)


def _talk(time: float) -> Motion:
    """Between the lines: weight from one foot to the other."""
    return Motion(dx=0.008 * math.sin(time * 0.8), angle=0.9 * math.sin(time * 0.8 + 0.5))


def _fall(time: float) -> Motion:
    """Stumbles, tips over in an arc, and lies; a short bounce at the end."""
    if time < 0.35:
        return Motion(angle=-4.0 * math.sin(math.pi * time / 0.35))
    part = min(1.0, (time - 0.35) / (FALLEN - 0.35))
    bounce = max(0.0, math.sin((time - FALLEN) * 9.0)) * math.exp(-(time - FALLEN) * 5.0) if time > FALLEN else 0.0
    hop = 0.10 * math.sin(math.pi * part)
    return Motion(dx=0.2 * part, dy=hop + 0.15 * part, angle=88.0 * part**1.6 - 7.0 * bounce)


def _wave(time: float) -> Motion:
    """Rocks to and fro, as one does whose arm goes over his head."""
    return Motion(
        dx=0.012 * math.sin(time * 5.2), dy=0.010 * abs(math.sin(time * 5.2)), angle=5.0 * math.sin(time * 5.2)
    )


def _climb(time: float) -> Motion:
    """By pulls, from side to side, leaning back."""
    pull = (time / 0.9) % 1.0
    side = 1 if int(time / 0.9) % 2 else -1
    reach = math.sin(math.pi * pull)
    return Motion(dy=0.02 * reach, tall=1 + 0.05 * reach, wide=1 - 0.03 * reach, angle=-6.0 + 4.0 * side * reach)


def _crawl(time: float) -> Motion:
    """Flat, drawn together and stretched out again."""
    stretch = math.sin(time * 3.1)
    return Motion(wide=1.10 + 0.05 * stretch, tall=0.80 - 0.02 * stretch)


def _creep(time: float) -> Motion:
    """On hands and knees, as two-legged ones crawl."""
    sway = math.sin(time * 3.1)
    return Motion(dy=0.16 + 0.008 * sway, angle=68.0 + 3.0 * sway, tall=0.94)


def _swim(time: float) -> Motion:
    """A wave goes through it from head to tail."""
    stroke = math.sin(time * 5.4)
    return Motion(
        dy=0.02 * math.sin(time * 2.7), wide=1 + 0.025 * stroke, angle=2.6 * math.sin(time * 5.4 - 1), pivot=0.5
    )


def _fly(time: float) -> Motion:
    return Motion(dy=0.03 * math.sin(time * 1.9), angle=2.0 * math.sin(time * 1.4), pivot=0.5)


def _drive(time: float) -> Motion:
    """Its springs give on the road."""
    rough = 0.6 * math.sin(time * 13.0) + 0.4 * math.sin(time * 21.0 + 1)
    return Motion(tall=1 + 0.006 * rough, angle=0.25 * math.sin(time * 9.0))


def waddle(steps: float, strength: float) -> Motion:
    """A walk of a picture without legs that move: from foot to foot, with each of `steps`."""
    swing, lift = math.sin(math.pi * steps), abs(math.sin(math.pi * steps))
    return Motion(dy=0.035 * strength * lift, tall=1 - 0.03 * strength * (1 - lift), angle=3.0 * strength * swing)


def _work(time: float) -> Motion:
    """Small strokes, with a rest now and then."""
    busy = 1.0 if math.sin(time * 0.7) > -0.8 else 0.3
    stroke = math.sin(time * 7.5) * busy
    return Motion(dx=0.008 * stroke, dy=0.006 * abs(stroke), angle=3.5 + 1.9 * stroke)


ACTS: dict[Action, Act] = {
    Action.JUMP: _jump,
    Action.DANCE: _dance,
    Action.TURN: _turn,
    Action.SIT: _sit,
    Action.SLEEP: _sleep,
    Action.EAT: _eat,
    Action.TALK: _talk,
    Action.FALL: _fall,
    Action.WAVE: _wave,
    Action.CLIMB: _climb,
    Action.CRAWL: _crawl,
    Action.WORK: _work,
    Action.SWIM: _swim,
    Action.FLY: _fly,
    Action.DRIVE: _drive,
}
LYING: dict[Action, Act] = {Action.SLEEP: _lie, Action.CRAWL: _creep}
"""How those do it who stand on two legs."""

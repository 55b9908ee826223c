"""How pictures go that show no steps: they hop, inch along, scuttle or writhe, and hold on to the ground as they do.

Lengths are in the picture's own width or height; a picture looks to the left, and frames are premultiplied RGBA.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np

from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action, Performer
from dalang.scene.subject import PACE

COUNT = 20
"""Frames of a loop."""
GROUNDED = 0.4
"""Part of a hop that is spent on the ground."""
HIGH = 0.34
"""How high a hop goes, in heights."""
GOING = {Action.WALK: 1.0, Action.RUN: 0.6, Action.CRAWL: 1.6, Action.JUMP: 1.0}
"""What is done by going, and how long a loop then takes beside a walk's."""


@dataclass(frozen=True)
class Shift:
    """Where a picture is at one moment of a loop, against where its steady way has it."""

    aside: float = 0.0
    """Widths to the right."""
    up: float = 0.0
    """Heights."""
    wide: float = 1.0
    tall: float = 1.0
    lean: float = 0.0
    """Degrees clockwise."""
    writhe: float = 0.0
    """Widths to either side of a wave that runs down it."""
    phase: float = 0.0
    """Of that wave, in loops."""


@dataclass(frozen=True)
class Manner:
    shift: Callable[[float], Shift]
    stride: float
    """Widths that a loop carries it."""
    loop: float
    """Seconds, for one a metre high."""


def _hop(stride: float) -> Callable[[float], Shift]:
    """On the ground it goes back as its way goes on, and so stays; it makes up for that in the air."""

    def shift(when: float) -> Shift:
        held = stride * GROUNDED / 2
        if when < GROUNDED:
            part = when / GROUNDED
            squash = 0.13 * math.sin(math.pi * part)
            return Shift(held * (2 * part - 1), wide=1 + 0.6 * squash, tall=1 - squash)
        part = (when - GROUNDED) / (1 - GROUNDED)
        stretch = 0.05 * math.sin(math.pi * part)
        return Shift(
            held * math.cos(math.pi * part), HIGH * 4 * part * (1 - part), 1 - 0.5 * stretch, 1 + stretch,
            -9 * math.sin(math.tau * part),
        )  # fmt: skip

    return shift


def _inch(reach: float, rise: float) -> Callable[[float], Shift]:
    """The tail holds on while it stretches, the head while it draws together: neither ever slides."""

    def shift(when: float) -> Shift:
        angle = math.tau * (when - 0.25)
        long = reach * math.sin(angle)
        gone = reach * (1 + math.sin(angle)) / 2 if when < 0.5 else reach * (3 - math.sin(angle)) / 2
        return Shift(2 * reach * when - gone, rise * (1 - math.sin(angle)) / 2, 1 + long, 1 - 0.8 * long)

    return shift


def _scuttle(when: float) -> Shift:
    beat = math.sin(2 * math.tau * when)
    return Shift(0.008 * math.sin(math.tau * when), 0.02 * abs(beat), 1 + 0.012 * beat, 1 - 0.02 * beat, 2.4 * beat)


def _writhe(when: float) -> Shift:
    return Shift(writhe=0.03, phase=when, lean=1.5 * math.sin(math.tau * when))


MANNERS = {
    "hop": Manner(_hop(1.3), 1.3, 0.95),
    "inch": Manner(_inch(0.10, 0.03), 0.20, 2.6),
    "glide": Manner(_inch(0.035, 0.0), 0.07, 2.4),
    "galumph": Manner(_inch(0.09, 0.05), 0.18, 0.9),
    "scuttle": Manner(_scuttle, 0.5, 0.8),
    "writhe": Manner(_writhe, 0.4, 1.4),
}
"""By the name in a subject's row."""


def creeps(performer: Performer, sprite: Sprite) -> bool:
    """Whether `performer` goes somewhere, and its picture shows no steps."""
    return performer.action in GOING and sprite.subject.manner != ""


def creeping(performer: Performer, sprite: Sprite) -> Sprite:
    """`sprite` in its manner of going; its subject carries the height, stride and pace of that."""
    subject, (rows, columns) = sprite.subject, sprite.frames.shape[1:3]
    manner = MANNERS[subject.manner]
    shifts = [manner.shift(k / COUNT) for k in range(COUNT)]
    side = 1 if subject.faces == "left" else -1
    room = _room(shifts, rows, columns)
    count = len(sprite.frames)
    frames = np.stack([_moved(sprite.frames[k * count // COUNT], shift, side, room) for k, shift in enumerate(shifts)])
    metres = subject.height / rows
    stride = manner.stride * columns * metres
    loop = manner.loop * subject.height**0.35 * GOING[performer.action]
    shown = msgspec.structs.replace(
        subject,
        height=frames.shape[1] * metres,
        stride=stride,
        loop=loop,
        speed=stride / loop / PACE.get(performer.action, 1.0),
    )
    return Sprite(shown, frames, acts=True)


def _room(shifts: list[Shift], rows: int, columns: int) -> tuple[int, int]:
    """Pixels free over the picture and at either side."""
    up = max(one.up + one.tall - 1 for one in shifts) + 0.06
    aside = max(abs(one.aside) + (one.wide - 1) / 2 + one.writhe for one in shifts) + 0.06
    return math.ceil(up * rows), math.ceil(aside * columns)


def _moved(frame: Picture, shift: Shift, side: int, room: tuple[int, int]) -> Picture:
    rows, columns = frame.shape[:2]
    over, beside = room
    turn = math.radians(side * shift.lean)
    across = shift.wide * math.cos(turn), -shift.tall * math.sin(turn)
    down = shift.wide * math.sin(turn), shift.tall * math.cos(turn)
    foot = columns / 2 + beside + side * shift.aside * columns, rows + over - shift.up * rows
    move = np.array([
        [across[0], across[1], foot[0] - across[0] * columns / 2 - across[1] * rows],
        [down[0], down[1], foot[1] - down[0] * columns / 2 - down[1] * rows],
    ])  # fmt: skip
    size = columns + 2 * beside, rows + over
    out = np.asarray(cv2.warpAffine(frame, move, size, flags=cv2.INTER_LINEAR), np.uint8)
    return _waved(out, shift.writhe * columns, shift.phase) if shift.writhe else out


def _waved(frame: Picture, reach: float, phase: float) -> Picture:
    rows, columns = frame.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x += np.float32(reach) * np.sin(np.float32(math.tau) * (y / rows * 1.2 + np.float32(phase)))
    return np.asarray(cv2.remap(frame, x, y, cv2.INTER_LINEAR), np.uint8)

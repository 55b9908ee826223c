"""Birds whose pictures perch, in the air: the body leans forward, and modelled wings beat.

Lengths are in heights of the picture, x to the right and y up from its lower left corner; they look to the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np

from dalang.engines.animatic.bodies.volume import CHAINED, Board, Colour, Point, Volume, model
from dalang.engines.animatic.canvas.composite import Picture, lay
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action, Performer

COUNT = 14
"""Frames of a beat."""
BEAT = 0.72
"""Seconds of a beat, for a bird one metre high."""
CADENCE = 0.5
"""Small birds beat faster: seconds go by this power of their height."""
FEATHERS = 5
"""Rods of which a wing is modelled."""
FAR = 0.72
"""What is left of a colour on the wing of the far side."""
ROOM = 0.62
"""Heights free over and under the picture, for wings."""
BOB = 0.03
"""Heights that the body rises on the down-beat."""


@dataclass(frozen=True)
class Wing:
    shoulder: Point
    span: float
    chord: float
    """Length of its root along the body."""
    colours: tuple[Colour, Colour]
    """At the root and at the tip."""
    lean: float = 32.0
    """Degrees that the body is turned from how it perches to how it flies."""
    frontal: bool = False
    """The picture is from before: the wings spread to both sides."""


WINGS = {
    "owl": Wing((0.50, 0.58), 0.62, 0.20, ((112, 76, 70), (86, 58, 56)), lean=0.0, frontal=True),
    "parrot": Wing((0.42, 0.55), 0.62, 0.30, ((226, 30, 96), (60, 132, 226)), lean=34.0),
    "crow": Wing((0.40, 0.56), 0.66, 0.34, ((104, 88, 160), (62, 48, 96)), lean=8.0),
    "songbird": Wing((0.46, 0.50), 0.60, 0.32, ((228, 36, 110), (168, 26, 92)), lean=30.0),
    "goose": Wing((0.42, 0.46), 0.70, 0.34, ((168, 98, 84), (120, 66, 60)), lean=14.0),
    "duck": Wing((0.52, 0.50), 0.66, 0.36, ((214, 206, 220), (140, 104, 96)), lean=6.0),
    "flamingo": Wing((0.52, 0.60), 0.62, 0.28, ((255, 120, 170), (90, 60, 84)), lean=24.0),
    "rooster": Wing((0.48, 0.46), 0.46, 0.30, ((196, 112, 76), (116, 66, 58)), lean=10.0),
    "swan": Wing((0.52, 0.46), 0.74, 0.36, ((250, 246, 252), (214, 206, 226)), lean=6.0),
}
"""By subject."""


def flies(performer: Performer) -> bool:
    """Whether `performer` is in the air and its picture perches."""
    return performer.action is Action.FLY and performer.subject in WINGS


def flying(performer: Performer, sprite: Sprite) -> Sprite:
    """`sprite` on the wing; its subject carries the height of that, and loops by the clock."""
    subject, wing, rows = sprite.subject, WINGS[performer.subject], sprite.frames.shape[1]
    count = len(sprite.frames)
    side = 1 if subject.faces == "left" else -1
    beats = [_beat(sprite.frames[k * count // COUNT][:, ::side], wing, k / COUNT)[:, ::side] for k in range(COUNT)]
    frames = _cut(np.stack(beats))
    shown = msgspec.structs.replace(
        subject, height=subject.height * frames.shape[1] / rows, stride=0.0, loop=BEAT * subject.height**CADENCE,
        medium="air",
    )  # fmt: skip
    return Sprite(shown, frames, acts=True)


def _cut(frames: Picture) -> Picture:
    """To the box that all frames fill together, and a pixel round it."""
    seen = frames[..., 3].max(axis=0) > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return np.ascontiguousarray(frames[:, rows[0] - 1 : rows[-1] + 2, columns[0] - 1 : columns[-1] + 2])


def _beat(perched: Picture, wing: Wing, when: float) -> Picture:
    """A frame of the beat; it goes down faster than it comes up."""
    angle = math.tau * when
    raised = math.sin(angle + 0.35 * math.sin(angle))
    rows, columns = perched.shape[:2]
    free = round(ROOM * rows)
    canvas = np.zeros((rows + 2 * free, columns + 2 * free, 4), np.uint8)
    board = Board(-free / rows, 1 + free / rows, canvas.shape[0], canvas.shape[1], rows)
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), wing.lean, 1.0)
    turn[:, 2] += free, free - BOB * rows * math.cos(angle)
    leant = np.asarray(
        cv2.warpAffine(np.ascontiguousarray(perched), turn, canvas.shape[1::-1], flags=cv2.INTER_LINEAR), np.uint8
    )
    shoulder = _turned(wing, rows, columns, BOB * math.cos(angle))
    _spread(canvas, wing, shoulder, raised, -1, board)
    if wing.frontal:
        _spread(canvas, wing, shoulder, raised, 1, board)
        lay(canvas, leant, 0, 0)
        return canvas
    lay(canvas, leant, 0, 0)
    _spread(canvas, wing, shoulder, raised, 1, board)
    return canvas


def _turned(wing: Wing, rows: int, columns: int, up: float) -> Point:
    """The shoulder of the body that leans, as part of heights."""
    x, y = wing.shoulder[0] * columns / rows - columns / rows / 2, wing.shoulder[1] - 0.5
    sine, cosine = math.sin(math.radians(wing.lean)), math.cos(math.radians(wing.lean))
    return columns / rows / 2 + x * cosine - y * sine, 0.5 + x * sine + y * cosine + up


def _spread(canvas: Picture, wing: Wing, shoulder: Point, raised: float, side: int, board: Board) -> None:
    """Draw the far (-1) or the near (1) wing; of a bird from before, the left or the right one."""
    share = FAR if side < 0 and not wing.frontal else 1.0
    hues = _darker(wing.colours[0], share), _darker(wing.colours[1], share)
    volumes = [
        Volume(
            *_feather(wing, shoulder, raised, side, k / (FEATHERS - 1)), (0.085, 0.055), hues, (0.1, 0.1), 2 * CHAINED
        )
        for k in range(FEATHERS)
    ]
    ends = [end for volume in volumes for end in (volume.start, volume.end)]
    left, top = min(x for x, _ in ends) - 0.1, max(y for _, y in ends) + 0.1
    wide, high = max(x for x, _ in ends) + 0.1 - left, top - min(y for _, y in ends) + 0.1
    x, y = (round(part) for part in board.at((left, top)))
    tight = Board(
        board.left + x / board.scale,
        board.top - y / board.scale,
        round(high * board.scale),
        round(wide * board.scale),
        board.scale,
    )
    lay(canvas, model(volumes, tight, np.zeros((2, 2), np.float32)), x, y)


def _feather(wing: Wing, shoulder: Point, raised: float, side: int, part: float) -> tuple[Point, Point]:
    """One rod of a wing, `part` of the way from its leading to its trailing edge."""
    long = wing.span * (1 - 0.22 * part)
    if wing.frontal:
        root = shoulder[0] + side * 0.26, shoulder[1] - 0.5 * wing.chord * part
        way = math.radians(8 + 42 * raised - 26 * part)
        return root, (root[0] + side * long * math.cos(way), root[1] + long * math.sin(way))
    root = shoulder[0] + wing.chord * part, shoulder[1] + (0.05 if side < 0 else 0.0)
    way = math.radians(58 * raised + 6)
    back = 0.10 + 0.30 * part + 0.14 * (1 - abs(raised))
    return root, (root[0] + back - 0.12 * (side < 0), root[1] + long * math.sin(way))


def _darker(hue: Colour, share: float) -> Colour:
    return hue[0] * share, hue[1] * share, hue[2] * share

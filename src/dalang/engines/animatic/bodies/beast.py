"""Four-legged animals of which the packages show only the head: a modelled body that walks, joined to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import cv2
import msgspec
import numpy as np

from dalang.engines.animatic.bodies.anatomy import BUILDS, Body, Build, body
from dalang.engines.animatic.bodies.cloth import DYES
from dalang.engines.animatic.bodies.face import FACES, Face, Looks
from dalang.engines.animatic.bodies.gait import AMBLE, GALLOP, HOP, LEAP, STALK, WALK, Gait, Pose, stepping
from dalang.engines.animatic.bodies.pelt import PELTS, Pelt
from dalang.engines.animatic.bodies.posture import LYING, POSTURES, STANDING
from dalang.engines.animatic.bodies.volume import Board, Volume, model
from dalang.engines.animatic.canvas.abreast import abreast
from dalang.engines.animatic.canvas.composite import Picture, lay
from dalang.engines.animatic.canvas.noise import Field
from dalang.engines.animatic.figures import sprite
from dalang.engines.animatic.figures.dye import dyed
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action, Performer
from dalang.scene.subject import PACE
from dalang.scene.subjects import SUBJECTS

TALL = 330
"""Pixels from the ground to the top of the head of one who stands."""
GAITS = {Action.WALK: WALK, Action.RUN: GALLOP, Action.JUMP: LEAP, Action.CRAWL: STALK}
OWN: dict[str, dict[Action, Gait]] = {
    "bear": {Action.WALK: AMBLE},
    "koala": {Action.WALK: AMBLE},
    "sloth": dict.fromkeys((Action.WALK, Action.RUN, Action.CRAWL), replace(AMBLE, cadence=4.5)),
    "frog": dict.fromkeys((Action.WALK, Action.RUN, Action.CRAWL), HOP),
}
"""Gaits of builds that go in a way of their own."""
HOOFED = frozenset({"equine", "moose", "boar"})
"""Builds that cannot sit: they lie down."""
SHADOW = 0.32
"""How much darker the breast is under the head."""
RESTING = 20
"""Frames of a loop on the spot."""
RATE = 24
"""Frames a second of a gait, where 16 to 20 a loop allow it."""
LEGS = 0.7
"""Height of the hips for which strides are given."""
CADENCE = 0.45
"""Large animals step more slowly: seconds of a loop go by this power of their height."""


PLAYED = frozenset({*GAITS, *POSTURES, Action.STAND})
"""What bodies show themselves."""


@dataclass(frozen=True)
class Motion:
    """What an animal does over a loop."""

    pose: Callable[[float], Pose]
    count: int
    """Frames."""
    stride: float
    """Heights of the withers that a loop carries it; 0: it stays on the spot."""
    loop: float
    """Seconds."""


def motion(action: Action, name: str, withers: float) -> Motion:
    """How an animal of the build called `name`, `withers` metres high at the shoulders, moves in `action`."""
    gait = (GAITS | OWN.get(name, {})).get(action)
    if gait is None:
        pose, loop = LYING if name in HOOFED and action is Action.SIT else POSTURES.get(action, STANDING)
        return Motion(pose, RESTING, 0.0, loop)
    legs = BUILDS[name].hip / LEGS
    scaled = replace(gait, stride=gait.stride * legs, step=gait.step * legs)
    loop = gait.cadence * withers**CADENCE
    return Motion(partial(stepping, scaled), round(np.clip(loop * RATE, 16, 20)), scaled.stride, loop)


@lru_cache(3)
def beast(performer: Performer) -> Sprite:
    """`performer` in its action, on the ground in the lowest row; it is kept for the next shot.

    KeyError: no such subject, or it has no body here.
    The sprite's subject carries the height of these frames, and the stride and pace of this gait.
    """
    subject = SUBJECTS[performer.subject]
    build, action = BUILDS[subject.build], performer.action
    withers = subject.height / standing_height(build)
    moves = motion(action, subject.build, withers)
    poses = [moves.pose(k / moves.count) for k in range(moves.count)]
    head, pelt = _coloured(performer)
    frames = drawn(build, pelt, head, FACES[performer.subject], poses)
    shown = msgspec.structs.replace(
        subject, height=frames.shape[1] / scale_of(build) * withers, stride=moves.stride * withers, loop=moves.loop,
        speed=moves.stride * withers / moves.loop / (PACE.get(action, 1.0) or 1.0),
    )  # fmt: skip
    return Sprite(shown, frames, acts=action in PLAYED)


def _coloured(performer: Performer) -> tuple[Picture, Pelt]:
    """The head's picture and the coat, in the colour that is asked for."""
    head, pelt = sprite.load(performer.subject).frames[:1], PELTS[performer.subject]
    if performer.colour:
        return dyed(head, performer.colour)[0], pelt.dyed(DYES[performer.colour])
    own = FACES[performer.subject].dye
    return (dyed(head, own) if own else head)[0], pelt


def standing_height(build: Build) -> float:
    """In heights of the withers."""
    return build.shoulder + build.head[1] + build.face / 2


def scale_of(build: Build) -> float:
    """Pixels to the height of the withers."""
    return TALL / standing_height(build)


def drawn(build: Build, pelt: Pelt, head: Picture, face: Face, poses: list[Pose]) -> Picture:
    """A frame a pose, of shape (n, rows, columns, 4), cut to the box that they fill together."""
    bodies = [body(build, pelt, pose) for pose in poses]
    board = _board(bodies, build, scale_of(build))
    looks = Looks(head, face, round(build.face * board.scale))
    parts = [partial(_frame, one, pose, looks, board) for one, pose in zip(bodies, poses, strict=True)]
    return _cut(np.stack(abreast(parts)))


def _frame(one: Body, pose: Pose, looks: Looks, board: Board) -> Picture:
    head, (left, top) = looks.bowed(pose, board.at(one.head))
    canvas = model(one.volumes, board, _fallen(head, left, top, board))
    lay(canvas, head, left, top)
    return canvas


def _fallen(head: Picture, left: int, top: int, board: Board) -> Field:
    """The shadow of the head on the breast, in a quarter of the board's size."""
    cover = np.zeros((board.rows // 4, board.columns // 4), np.float32)
    small = cv2.resize(head[..., 3], None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    tall, wide = small.shape
    x, y = left // 4 + wide // 20, top // 4 + tall // 8
    place = cover[max(y, 0) : y + tall, max(x, 0) : x + wide]
    place += small[max(-y, 0) :, max(-x, 0) :][: place.shape[0], : place.shape[1]] * np.float32(SHADOW / 255)
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), tall / 18), np.float32)


def _board(bodies: list[Body], build: Build, scale: float) -> Board:
    """Just large enough for all the poses, the ground along its lower edge."""
    ends = [corner for one in bodies for volume in one.volumes for corner in _corners(volume)]
    half = build.face * 0.75
    ends += [(one.head[0] + dx, one.head[1] + dy) for one in bodies for dx in (-half, half) for dy in (-half, half)]
    left, right = min(x for x, _ in ends) - 0.04, max(x for x, _ in ends) + 0.04
    top = max(y for _, y in ends) + 0.04
    return Board(left, top, round(top * scale), round((right - left) * scale), scale)


def _corners(volume: Volume) -> list[tuple[float, float]]:
    thick = max(volume.radii)
    return [(x + dx, y + dy) for x, y in (volume.start, volume.end) for dx in (-thick, thick) for dy in (-thick, thick)]


def _cut(frames: Picture) -> Picture:
    seen = frames[..., 3].max(axis=0) > 8
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return np.ascontiguousarray(frames[:, rows[0] :, columns[0] : columns[-1] + 1])

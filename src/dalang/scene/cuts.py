"""How one scene is cut into several shots: how many, how long, from how near, and which way its performers go."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import TypeVar

import msgspec

from dalang.scene.listing import even
from dalang.scene.performer import Direction, Performer
from dalang.scene.plan import Angle, Camera, Shot, View

Each = TypeVar("Each")

TAKE = 2.5
"""Seconds a take lasts at the least, where more than two would do."""
MOST = 5


class Setup(msgspec.Struct, frozen=True):
    """From where a take is filmed."""

    view: View
    camera: Camera
    angle: Angle = Angle.EYE


COVERAGE = (
    Setup(View.WIDE, Camera.DOLLY_IN),
    Setup(View.CLOSE, Camera.STATIC),
    Setup(View.MEDIUM, Camera.TRACKING, Angle.LOW),
    Setup(View.WIDE, Camera.CRANE_UP),
    Setup(View.CLOSE, Camera.DOLLY_IN),
)
"""An establishing shot, then nearer and further by turns. No pans: they would turn a subject about."""

ANGLES = (Angle.EYE, Angle.LOW, Angle.HIGH)
"""Those between which shots of one view can be told apart."""
PANNED = {Camera.PAN_LEFT: Direction.LEFT, Camera.PAN_RIGHT: Direction.RIGHT}
"""Which way a subject goes that a pan follows."""
ACROSS = (Direction.LEFT, Direction.RIGHT)


class Named(msgspec.Struct, frozen=True):
    """What of a shot the prompt itself says, and no cut may change."""

    view: View | None = None
    camera: Camera | None = None
    angle: Angle | None = None


def takes(duration: float) -> list[float]:
    """Lengths of the takes of a clip: two, and another for each further TAKE seconds."""
    return even(min(MOST, max(2, int(duration / TAKE))), duration)


def cut(shot: Shot, named: Named, *, unwanted: frozenset[Camera]) -> tuple[Shot, ...]:
    """`shot` as several takes; what the prompt names holds in each of them."""
    lengths = takes(shot.duration)
    parts = [msgspec.structs.replace(shot, duration=seconds) for seconds in lengths]
    covered = [cover(part, number, named, unwanted=unwanted) for number, part in enumerate(parts)]
    return varied(covered, [named] * len(covered))


def cover(shot: Shot, number: int, named: Named, *, unwanted: frozenset[Camera]) -> Shot:
    """`shot` as the take of that number, from 0, is filmed; with the view, the camera and the angle that are named."""
    setup = COVERAGE[number % len(COVERAGE)]
    camera = named.camera or (shot.camera if setup.camera in unwanted else setup.camera)
    angle = setup.angle if shot.angle is Angle.EYE and not (named.view or named.angle) else shot.angle
    return msgspec.structs.replace(shot, view=named.view or setup.view, camera=camera, angle=angle)


def varied(shots: Sequence[Shot], named: Sequence[Named]) -> tuple[Shot, ...]:
    """Shots of which no two neighbours look alike: a cut between two like ones could not be seen.

    A view or an angle that the prompt names stays.
    """
    out = [shots[0]]
    for shot, fixed in zip(shots[1:], named[1:], strict=True):
        out.append(_apart(shot, out[-1], fixed) if _look(shot) == _look(out[-1]) else shot)
    return tuple(out)


def _look(shot: Shot) -> tuple[object, ...]:
    return shot.place, shot.time, shot.weather, shot.view, shot.angle


def _apart(shot: Shot, before: Shot, named: Named) -> Shot:
    if named.view is None:
        views = [setup.view for setup in COVERAGE]
        return msgspec.structs.replace(shot, view=_after(before.view, views))
    if named.angle or shot.angle not in ANGLES:
        return shot
    return msgspec.structs.replace(shot, angle=_after(before.angle, ANGLES))


def _after(one: Each, order: Sequence[Each]) -> Each:
    """What comes after `one`, round and round."""
    return next(islice(cycle(order), order.index(one) + 1, None))


def headed(shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """Shots in which a subject goes the same way from cut to cut, unless the prompt turns it (the 180° rule)."""
    ways: dict[str, Direction] = {}
    for shot in reversed(shots):
        ways |= {one.subject: way for one in shot.cast if (way := _way(one, shot)) in ACROSS}
    out = []
    for shot in shots:
        ways |= {one.subject: way for one in shot.cast if (way := _way(one, shot)) in ACROSS}
        cast = tuple(_sent(one, ways) for one in shot.cast)
        out.append(msgspec.structs.replace(shot, cast=cast))
    return tuple(out)


def _way(performer: Performer, shot: Shot) -> Direction | None:
    """Where the prompt, or a pan that follows it, has it go."""
    followed = PANNED[shot.camera] if shot.camera in PANNED and performer is shot.lead else None
    return performer.direction or followed


def _sent(performer: Performer, ways: dict[str, Direction]) -> Performer:
    if performer.direction or performer.subject not in ways:
        return performer
    return msgspec.structs.replace(performer, direction=ways[performer.subject])

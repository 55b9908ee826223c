"""How one scene is cut into several takes: how many, how long, from how near."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import msgspec

from dalang.scene.listing import even
from dalang.scene.plan import Camera, Shot, View

TAKE = 2.5
"""Seconds a take lasts at the least, where more than two would do."""
MOST = 5

TAKES = (
    (View.WIDE, Camera.DOLLY_IN),
    (View.CLOSE, Camera.STATIC),
    (View.MEDIUM, Camera.DOLLY_OUT),
    (View.WIDE, Camera.STATIC),
    (View.CLOSE, Camera.DOLLY_IN),
)
"""An establishing shot, then nearer and further by turns. No pans: they would turn a subject about."""

VIEWS = tuple(view for view, _ in TAKES)


def takes(duration: float) -> list[float]:
    """Lengths of the takes of a clip: two, and another for each further TAKE seconds."""
    return even(min(MOST, max(2, int(duration / TAKE))), duration)


def cut(shot: Shot, *, named: Camera | None, unwanted: frozenset[Camera]) -> tuple[Shot, ...]:
    """`shot` as several takes; with the camera that the prompt names, if it does, in each of them."""
    lengths = takes(shot.duration)
    return tuple(
        msgspec.structs.replace(
            shot, duration=seconds, view=view, camera=named or (shot.camera if camera in unwanted else camera)
        )
        for seconds, (view, camera) in zip(lengths, TAKES, strict=False)
    )


def varied(shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """Shots of which no two neighbours look alike: a cut between two like ones could not be seen."""
    out = [shots[0]]
    for shot in shots[1:]:
        out.append(_apart(shot, out[-1]) if _look(shot) == _look(out[-1]) else shot)
    return tuple(out)


def _look(shot: Shot) -> tuple[object, ...]:
    return shot.place, shot.time, shot.weather, shot.view


def _apart(shot: Shot, before: Shot) -> Shot:
    views = cycle(VIEWS)
    while next(views) is not before.view:
        pass
    return msgspec.structs.replace(shot, view=next(views))

"""Blocking: where the figures of a shot stand and which way they go, in metres about the one it is framed about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dalang.engines.animatic.figures.area import Area
from dalang.engines.animatic.figures.bonds import PAIRS, ROLLING, carried, carrier, in_arms
from dalang.engines.animatic.figures.figure import SEATS, Figure, Part
from dalang.engines.animatic.figures.rehearsal import Placed, Rehearsal
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.figures.way import Mark, Way, passing, staying
from dalang.scene.directing import GOING, comes
from dalang.scene.performer import Action, Relation
from dalang.scene.plan import Shot

CROSSED = 0.36
"""Of the frame's width, that one may cross who goes by while the subject stands."""
BEFORE = 0.24
"""The same, from the subject to the middle of his way."""
BEHIND = 0.16
"""Of the subject's distance, that those stand behind it who have nothing to do with it."""
PARKED = 0.34
"""The same of vehicles."""
PIECE = 0.56
"""Of the frame's height, that a piece of the set takes at the most."""
LOW = 0.38
"""The same under one who flies."""
WALLED = 0.2
"""Of the subject's distance, within which a wall keeps pieces before it; elsewhere they may stand anywhere."""
SHARP = 1.5
"""How many times its picture's size a piece may be drawn."""
OFF = 0.22
"""Of the frame's width, that a piece stands from its middle."""
BACKDROP = 1.5
"""Of the subject's distance, at which the nearest piece stands."""
BESIDE = 0.16
"""Of the height of the one beside it, to a thing that stands about."""


def block(rng: np.random.Generator, shot: Shot, cast: Sequence[Figure], focus: int, area: Area) -> tuple[Stand, ...]:
    """A stand for each of `cast`, in its order, in metres about the first of those that play `focus`."""
    rehearsal = Rehearsal(rng, shot, tuple(cast), focus, area)
    placed = _paired(rehearsal) or {focus: rehearsal.troupe(focus, rehearsal.course(focus), rehearsal.heading)}
    others = sorted({figure.number for figure in cast} - set(placed), key=lambda one: (_carried(rehearsal, one), one))
    for number in others:
        placed[number] = _beside(rehearsal, placed, number)
    return tuple(stand for number in sorted(placed) for stand in placed[number])


def _paired(rehearsal: Rehearsal) -> Placed:
    """The focus and the one it has to do with, where both move for it; nobody if it has to do with none."""
    for figure in rehearsal.cast:
        bond = figure.performer.bond
        if bond is None or bond.relation not in PAIRS or rehearsal.focus not in (figure.number, bond.partner):
            continue
        if bond.partner == figure.number or not rehearsal.has(bond.partner):
            continue
        if bond.relation in (Relation.CHASE, Relation.FOLLOW) and rehearsal.first(bond.partner).part is Part.PIECE:
            continue
        lifted = bond.relation is Relation.HUG and in_arms(figure, rehearsal.first(bond.partner))
        if not lifted and comes(rehearsal.shot.cast, figure.number):
            return PAIRS[bond.relation](rehearsal, figure.number, bond.partner)
    return {}


def _carried(rehearsal: Rehearsal, number: int) -> bool:
    return carrier(rehearsal, number) is not None


def _beside(rehearsal: Rehearsal, placed: Placed, number: int) -> list[Stand]:
    holder = carrier(rehearsal, number)
    if holder in placed:
        return carried(rehearsal, placed[holder], number)
    return PARTS[rehearsal.first(number).part](rehearsal, placed, number)


def _player(rehearsal: Rehearsal, placed: Placed, number: int) -> list[Stand]:
    """Beside the focus, facing it, or going with it; one who moves while the focus stays goes by behind it."""
    focus, goes = placed[rehearsal.focus][0], rehearsal.first(number).performer.action in GOING
    if goes and not focus.pace:
        return _by(rehearsal, number, BEHIND)
    if focus.pace and not goes:
        x = focus.heading * 0.08 * rehearsal.area.width
        return rehearsal.troupe(number, rehearsal.staying(x, rehearsal.deep(BEHIND)), -focus.heading)
    side = rehearsal.freer(placed, -focus.heading if goes else focus.heading)
    gap = rehearsal.talk(focus.figure, rehearsal.first(number))
    mark = Mark(0.0, 0.0, rehearsal.deep(0.07 + 0.05 * float(rehearsal.rng.random())), rehearsal.level(number))
    way = _along(focus.way, mark) if goes else staying(rehearsal.shot.duration, mark)
    return rehearsal.next_to(placed, rehearsal.troupe(number, way, focus.heading if goes else -side), side, gap)


def _along(way: Way, mark: Mark) -> Way:
    middle = way.at(way.duration / 2)
    return way.moved(mark.x - middle.x, mark.z - middle.z, mark.height - middle.height)


def _by(rehearsal: Rehearsal, number: int, behind: float) -> list[Stand]:
    """Past the focus, which looks there, a little behind it."""
    area, first = rehearsal.area, rehearsal.first(number)
    aside = rehearsal.heading * BEFORE * area.width
    heading = rehearsal.asked(number) or int(rehearsal.rng.choice([-1, 1]))
    pace = min(rehearsal.pace(first), CROSSED * area.width / rehearsal.shot.duration)
    middle = Mark(0.0, aside, rehearsal.deep(behind), rehearsal.level(number))
    return rehearsal.troupe(number, passing(rehearsal.shot.duration, middle, x=heading * pace), heading)


def _vehicle(rehearsal: Rehearsal, placed: Placed, number: int) -> list[Stand]:
    focus, first = placed[rehearsal.focus][0], rehearsal.first(number)
    if first.performer.action in GOING:
        return _player(rehearsal, placed, number) if focus.pace else _by(rehearsal, number, PARKED)
    side = rehearsal.freer(placed, focus.heading)
    x = side * 0.5 * (first.width + focus.figure.width)
    still = rehearsal.staying(x, rehearsal.deep(PARKED), rehearsal.level(number))
    return rehearsal.troupe(number, still, -side)


def _piece(rehearsal: Rehearsal, placed: Placed, number: int) -> list[Stand]:
    """So far behind that all of it is seen; ahead of the focus, where the picture has room."""
    area, first = rehearsal.area, rehearsal.first(number)
    most = LOW if rehearsal.free(rehearsal.focus) else PIECE
    sharp = SHARP * first.sprite.frames.shape[1] / area.rows
    near = max(BACKDROP, first.height / (min(most, sharp) * area.height))
    z = (near - 1) * area.distance
    z = min(area.deep, z) if area.deep < WALLED * area.distance else z
    turns = sum(rehearsal.first(other).part is Part.PIECE for other in placed if other != rehearsal.focus)
    side = placed[rehearsal.focus][0].heading * (-1 if turns % 2 else 1)
    x = side * (OFF + 0.12 * (turns // 2)) * area.width * (1 + z / area.distance)
    return rehearsal.troupe(number, rehearsal.staying(x, z), side)


def _thing(rehearsal: Rehearsal, placed: Placed, number: int) -> list[Stand]:
    """On the ground beside the focus, or by its way; what flies hangs beside its head."""
    focus, first = placed[rehearsal.focus][0], rehearsal.first(number)
    name, side = first.sprite.subject.name, rehearsal.freer(placed, focus.heading)
    if name in SEATS and focus.figure.performer.action in (Action.SIT, Action.SLEEP):
        placed[rehearsal.focus] = [_seated(one, first) for one in placed[rehearsal.focus]]
        return rehearsal.troupe(number, rehearsal.staying(0.0, rehearsal.deep(0.02)), focus.heading)
    if name in ROLLING and focus.pace:
        ahead = focus.heading * (focus.figure.width + first.width) / 2
        return rehearsal.troupe(number, focus.way.moved(ahead, -0.02, 0.0), focus.heading)
    if focus.pace:
        x, z = 0.1 * focus.heading * rehearsal.area.width, rehearsal.deep(BEHIND)
        return rehearsal.troupe(number, rehearsal.staying(x, z, rehearsal.level(number)), -side)
    still = rehearsal.staying(0.0, rehearsal.deep(0.03), rehearsal.level(number))
    gap = BESIDE * min(focus.figure.height, 6 * first.height)
    return rehearsal.next_to(placed, rehearsal.troupe(number, still, -side), side, gap)


def _seated(stand: Stand, seat: Figure) -> Stand:
    """On `seat`; people who sit are drawn on one of their own, before it."""
    figure = stand.figure
    if figure.sprite.subject.kind == "people" and figure.performer.action is Action.SIT:
        return stand
    return replace(stand.moved(height=SEATS[seat.sprite.subject.name] * seat.height), carried=True)


PARTS = {Part.PLAYER: _player, Part.THING: _thing, Part.VEHICLE: _vehicle, Part.PIECE: _piece}

"""What two figures do with one another: who goes where, who carries whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dalang.engines.animatic.figures.figure import Figure, Part
from dalang.engines.animatic.figures.rehearsal import Placed, Rehearsal
from dalang.engines.animatic.figures.stand import Hold, Stand
from dalang.engines.animatic.figures.way import Mark, Way, arriving, passing, staying
from dalang.scene.directing import MET
from dalang.scene.performer import Action, Relation

CHASED = (0.75, 0.3)
"""Of the widths of both, between chaser and chased: at the shot's beginning, and at its end."""
FOLLOWED = (0.45, 0.4)
TIGHT, AWRY = 0.5, 0.7
"""In an upright frame: of those gaps, and how much further away the one ahead is, of the distance."""
MEETING = 0.62
"""Of the frame's width, between two who will meet."""
CLOSE = -0.45
"""Of the narrower one's width, between two who hug: they cover one another a little."""
HANDED = 0.9
"""Seconds in which a thing goes from hand to hand."""
HAND = 0.44
"""Of one's height, how high its hands hold something; beasts hold it in their mouths."""
MOUTH = 0.62
"""The same of one who eats."""
OUT = 0.42
"""Of one's width, how far before its middle it holds something."""
STRING = 0.56
"""Of one's height, how high the lower end of what is held by a string is."""
NEARER = 0.02
"""Metres that what is held is nearer to the camera."""
SEATED = 0.40
"""Of the height of one who is drawn astride, where it sits."""
HIPS = 0.46
"""Of its height, where one who stands in its picture would sit."""
SADDLE = 0.60
"""Of its height, how high one is ridden."""
SADDLES = {
    "elephant": 0.80, "camel": 0.66, "dragon": 0.55, "bicycle": 0.62, "motorcycle": 0.50, "scooter": 0.42,
    "boat": 0.34, "canoe": 0.30, "speedboat": 0.34, "tractor": 0.42, "sled": 0.40, "kick-scooter": 0.14,
    "giraffe": 0.46, "whale": 0.80, "dolphin": 0.72, "turtle": 0.80, "ufo": 0.80, "pig": 0.75, "sheep": 0.75,
}  # fmt: skip

ASTERN = {"elephant": 0.13, "dinosaur": 0.1, "turtle": 0.1, "sailboat": 0.2, "canoe": 0.1}
"""Of its width, how far behind its middle one is ridden, where that is not about it."""
LIFTED = 0.5
"""Of one's height, up to which one is hugged in one's arms."""
HANDY = 0.6
"""Of one's height, up to which a thing is carried in the hand."""
ROLLING = frozenset({"football", "basketball"})

Pair = Callable[[Rehearsal, int, int], Placed]


def carrier(rehearsal: Rehearsal, number: int) -> int | None:
    """Who carries `number`: who holds it, or its mount; one who eats or works has the thing in its hands."""
    mine = rehearsal.first(number).performer.bond
    if mine is not None and mine.relation is Relation.RIDE and rehearsal.has(mine.partner):
        return mine.partner
    for figure in rehearsal.cast:
        bond = figure.performer.bond
        if bond is None or bond.partner != number or number == figure.number:
            continue
        if bond.relation is Relation.HOLD or (
            bond.relation is Relation.HUG and in_arms(figure, rehearsal.first(number))
        ):
            return figure.number
    return rehearsal.focus if _in_hand(rehearsal, number) else None


def in_arms(holder: Figure, other: Figure) -> bool:
    """Whether one who is hugged is small enough to be lifted up."""
    return bool(holder.sprite.hands) and other.height < LIFTED * holder.height


def _in_hand(rehearsal: Rehearsal, number: int) -> bool:
    focus, thing = rehearsal.first(rehearsal.focus), rehearsal.first(number)
    if number == rehearsal.focus or thing.part is not Part.THING or thing.height > HANDY * focus.height:
        return False
    if focus.sprite.subject.kind != "people" or len(rehearsal.group(number)) > len(rehearsal.group(rehearsal.focus)):
        return focus.performer.action is Action.EAT
    if thing.sprite.subject.name in ROLLING:
        return False
    light = thing.sprite.subject.kind == "food" or thing.sprite.subject.medium == "air"
    return light or focus.performer.action in (Action.EAT, Action.WORK, Action.WALK, Action.RUN, Action.DANCE)


def carried(rehearsal: Rehearsal, carriers: list[Stand], number: int) -> list[Stand]:
    """Each with one that carries it, as far as there are any."""
    riding = rehearsal.first(number).performer.action is Action.RIDE
    place = _astride if riding else _held
    return [place(one, carriers[k % len(carriers)]) for k, one in enumerate(rehearsal.group(number))]


def _astride(figure: Figure, mount: Stand) -> Stand:
    """On its back, with it; behind it where only a picture's upper half should be seen."""
    subject = mount.figure.sprite.subject
    share = SADDLES.get(subject.name, SADDLE)
    astride = figure.sprite.acts
    hips = (SEATED if astride else HIPS) * figure.height
    aside = -mount.heading * ASTERN.get(subject.name, 0.0) * mount.figure.width
    way = mount.way.moved(aside, NEARER * (-1 if astride else 1), share * mount.figure.height - hips)
    under = Hold(mount.figure.number, mount.figure.one)
    return Stand(figure, way, mount.heading, mount.aloft, carried=True, mount=under)


def _held(figure: Figure, by: Stand) -> Stand:
    """In one's hands before one, or in a beast's mouth; what flies is held by its string."""
    out, up = _grip(figure, by)
    way = by.way.moved(out, -NEARER, up)
    return Stand(figure, way, by.heading, by.aloft, carried=True, holds=(Hold(by.figure.number, by.figure.one),))


def _grip(figure: Figure, by: Stand) -> tuple[float, float]:
    """Metres before the middle of the one who holds `figure`, and of its lowest point over his foot."""
    holder = by.figure
    out = OUT * holder.width + 0.3 * figure.width
    if figure.sprite.subject.medium == "air":
        return by.heading * out, STRING * holder.height
    eats = holder.performer.action is Action.EAT
    if eats and holder.sprite.subject.kind != "people":
        return by.heading * (0.9 * out + 0.2 * figure.width), 0.0
    at = MOUTH if eats else HAND
    return by.heading * out, at * holder.height - figure.height / 2


def _chase(rehearsal: Rehearsal, chaser: int, chased: int, gaps: tuple[float, float] = CHASED) -> Placed:
    """The same way at one pace, the gap closing a little."""
    one, other = rehearsal.first(chaser), rehearsal.first(chased)
    duration, heading = rehearsal.shot.duration, rehearsal.heading
    pace = max(rehearsal.pace(one), 0.7 * rehearsal.pace(other))
    upright = rehearsal.area.upright
    wide, narrow = ((TIGHT if upright else 1.0) * gap * (one.width + other.width) for gap in gaps)
    level = rehearsal.level(chased if chased != rehearsal.focus else chaser)
    far = Mark(0.0, 0.0, rehearsal.deep(AWRY if upright else 0.06), 0.0)
    ahead = rehearsal.troupe(chased, passing(duration, far, x=heading * pace), heading)
    faster = pace + (wide - narrow) / duration
    after = rehearsal.troupe(chaser, passing(duration, Mark(0.0), x=heading * faster), heading)
    after = rehearsal.next_to({chased: ahead}, after, -heading, (wide + narrow) / 2)
    placed = {chaser: after, chased: ahead}
    other_one = chased if chased != rehearsal.focus else chaser
    placed[other_one] = [one.moved(height=level) for one in placed[other_one]]
    return placed


def _follow(rehearsal: Rehearsal, follower: int, leader: int) -> Placed:
    return _chase(rehearsal, follower, leader, FOLLOWED)


def _meet(rehearsal: Rehearsal, one: int, other: int) -> Placed:
    """From two sides, to talk."""
    first, second = rehearsal.first(one), rehearsal.first(other)
    return _approach(rehearsal, one, other, rehearsal.talk(first, second), both=True)


def _hug(rehearsal: Rehearsal, one: int, other: int) -> Placed:
    narrow = min(rehearsal.first(one).width, rehearsal.first(other).width)
    return _approach(rehearsal, one, other, CLOSE * narrow, both=True)


def _approach(rehearsal: Rehearsal, one: int, other: int, gap: float, *, both: bool) -> Placed:
    """`one` goes up to `other`, who comes as well if `both`; they stop `gap` metres from one another."""
    placed: Placed = {}
    apart = gap + _half(rehearsal, one) + _half(rehearsal, other)
    for number, side, goes in ((one, -rehearsal.heading, True), (other, rehearsal.heading, both)):
        figure = rehearsal.first(number)
        when = MET * rehearsal.shot.duration
        room = max(0.0, (MEETING * rehearsal.area.width - apart) / (2 if both else 1))
        way = min(rehearsal.pace(figure) * when, room) if goes else 0.0
        end = Mark(0.0, side * apart / 2, rehearsal.deep(0.05 * (number != one)), _level(rehearsal, number))
        start = Mark(0.0, end.x + side * way, end.z, end.height)
        path = arriving(rehearsal.shot.duration, start, end, when) if way else staying(rehearsal.shot.duration, end)
        placed[number] = _outward(rehearsal.troupe(number, path, -side), side)
    return placed


def _level(rehearsal: Rehearsal, number: int) -> float:
    return rehearsal.level(number) if number != rehearsal.focus else 0.0


def _half(rehearsal: Rehearsal, number: int) -> float:
    return rehearsal.first(number).width / 2


def _outward(stands: list[Stand], side: int) -> list[Stand]:
    """A troupe moved so that none of it stands between the first and the other side."""
    inner = min(side * one.way.marks[-1].x for one in stands)
    first = side * stands[0].way.marks[-1].x
    return [one.moved(side * (first - inner)) for one in stands]


def _give(rehearsal: Rehearsal, giver: int, taker: int) -> Placed:
    """The giver goes up to the taker; what is between them in the cast and can be held passes over."""
    first, second = rehearsal.first(giver), rehearsal.first(taker)
    placed = _approach(rehearsal, giver, taker, 0.8 * rehearsal.talk(first, second), both=False)
    numbers = {figure.number for figure in rehearsal.cast} - {giver, taker}
    for number in sorted(numbers):
        if _handy(rehearsal.first(number), first):
            placed[number] = [_handed(rehearsal, rehearsal.first(number), placed[giver][0], placed[taker][0])]
            break
    there = MET * rehearsal.shot.duration
    for one in (giver, taker):
        placed[one][0] = replace(placed[one][0], busy=(there, there + HANDED + 0.5))
    return placed


def _handy(figure: Figure, giver: Figure) -> bool:
    """Whether it can be held out: a thing, or what lives and is small beside the giver, as a fish, a kitten."""
    return figure.part is Part.THING or (figure.part is Part.PLAYER and figure.height < HANDY * giver.height)


def _handed(rehearsal: Rehearsal, thing: Figure, giver: Stand, taker: Stand) -> Stand:
    """In the giver's hand until they stand together, then in the taker's."""
    mine, theirs = _held(thing, giver).way, _held(thing, taker).way
    there = MET * rehearsal.shot.duration
    begin, end = there + 0.15, there + 0.15 + HANDED
    before = [mark for mark in mine.marks if mark.time < begin]
    taken = theirs.at(end)
    middle = Mark((begin + end) / 2, *_over(mine.at(begin), taken, thing.height))
    after = replace(taken, time=end), replace(taken, time=end + rehearsal.shot.duration)
    way = Way((*before, replace(mine.at(begin), time=begin), middle, *after))
    holds = (Hold(giver.figure.number, giver.figure.one), Hold(taker.figure.number, taker.figure.one, begin))
    return Stand(thing, way, giver.heading, giver.aloft, carried=True, holds=holds)


def _over(one: Mark, other: Mark, rise: float) -> tuple[float, float, float]:
    return (one.x + other.x) / 2, min(one.z, other.z), (one.height + other.height) / 2 + 0.3 * rise


PAIRS: dict[Relation, Pair] = {
    Relation.CHASE: _chase,
    Relation.FOLLOW: _follow,
    Relation.MEET: _meet,
    Relation.HUG: _hug,
    Relation.GIVE: _give,
}
"""Where both are placed for what they do; the first is the one who does it."""

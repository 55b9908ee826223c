"""What performers do to show what the prompt says of them together, and how long they have been at it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dalang.scene.performer import Action, Performer, Relation
from dalang.scene.plan import Shot
from dalang.scene.subjects import SUBJECTS

DIRECTED = {
    Relation.CHASE: (Action.RUN, Action.RUN),
    Relation.FOLLOW: (Action.WALK, Action.WALK),
    Relation.MEET: (Action.WALK, Action.WALK),
    Relation.HUG: (Action.WALK, Action.WALK),
    Relation.GIVE: (Action.WALK, Action.STAND),
}
"""What both do to show what they have to do with one another, where neither flies or swims."""
BUSY = frozenset(
    {*(Action.DANCE, Action.SIT, Action.SLEEP, Action.EAT, Action.WORK), *(Action.JUMP, Action.TURN, Action.FALL)}
)
"""What is done on the spot, and with others beside."""
MET = 0.55
"""Part of the shot after which those who go up to one another are there, and stand."""
APPROACHING = frozenset({Relation.MEET, Relation.HUG, Relation.GIVE})
CLIMBED = frozenset({"buildings", "plants", "things", "vehicles"})
"""Kinds of what stands to be climbed; a mountain is far behind, and who climbed in its air would float."""
DRIVEN = {"ground": Action.DRIVE, "air": Action.FLY, "water": Action.SAIL}
CARRIED = {"ground": Action.WALK, "air": Action.FLY, "water": Action.SWIM}
"""What one does who carries a rider."""
GOING = frozenset({Action.WALK, Action.RUN, Action.CRAWL, Action.FLY, Action.SWIM, Action.SAIL, Action.DRIVE})


def partner_of(cast: tuple[Performer, ...], number: int) -> int | None:
    """With whom `number` has a bond."""
    bond = cast[number].bond
    return bond.partner if bond and bond.partner != number and bond.partner < len(cast) else None


def directed(cast: tuple[Performer, ...]) -> tuple[Performer, ...]:
    """The cast, each doing what its bond, or another's with it, asks."""
    doing = {number: _unasked(cast, number) for number in range(len(cast))}
    for number, one in enumerate(cast):
        partner = partner_of(cast, number)
        if one.bond is None or partner is None:
            continue
        if not comes(cast, number):
            doing[partner] = one.action if cast[partner].action not in BUSY else cast[partner].action
            continue
        if one.bond.relation is Relation.RIDE:
            doing[number], doing[partner] = Action.RIDE, _carrying(cast[partner], one)
        elif one.bond.relation in DIRECTED:
            mine, theirs = DIRECTED[one.bond.relation]
            doing[number] = _moved(one, mine)
            doing[partner] = cast[partner].action if cast[partner].action in BUSY else _moved(cast[partner], theirs)
    return tuple(msgspec.structs.replace(one, action=doing[number]) for number, one in enumerate(cast))


def _unasked(cast: tuple[Performer, ...], number: int) -> Action:
    """Its action; one of whom the prompt says nothing stays by those who stay, one without anything to climb walks."""
    lead, one = cast[0].action, cast[number]
    if one.action is Action.CLIMB and not any(SUBJECTS[other.subject].kind in CLIMBED for other in cast):
        return Action.WALK
    stays = number and one.verb is None and lead not in GOING and SUBJECTS[one.subject].medium == "ground"
    return Action.STAND if stays and one.action in GOING else one.action


def comes(cast: tuple[Performer, ...], number: int) -> bool:
    """Whether `number` goes where its bond takes it: who dances with the other, or sits, stays at that."""
    bond = cast[number].bond
    if bond is None or bond.relation not in (Relation.MEET, Relation.HUG):
        return True
    return cast[number].action not in BUSY


def _moved(performer: Performer, action: Action) -> Action:
    """`action`, in the air or the water for those at home there."""
    medium = SUBJECTS[performer.subject].medium
    if performer.action in (Action.FLY, Action.SWIM, Action.SAIL, Action.DRIVE) or action is Action.STAND:
        return performer.action
    return action if medium == "ground" else CARRIED[medium]


def _carrying(mount: Performer, rider: Performer) -> Action:
    """What a mount does, from what the prompt says of either."""
    if mount.action in GOING:
        return mount.action
    subject = SUBJECTS[mount.subject]
    if subject.kind == "vehicles":
        return subject.action if subject.action in GOING else DRIVEN[subject.medium]
    return rider.action if rider.action in GOING else CARRIED[subject.medium]


def approaching(cast: tuple[Performer, ...]) -> frozenset[int]:
    """Places in the cast of those who go up to another, and stop there."""
    found = set[int]()
    for number, one in enumerate(cast):
        partner = partner_of(cast, number)
        if one.bond is not None and partner is not None and one.bond.relation in APPROACHING and comes(cast, number):
            found |= {number, partner}
    return frozenset(found)


def going_on(shots: tuple[Shot, ...]) -> Iterator[float]:
    """For each shot the seconds for which its subject has been doing what it does: a cut does not stop it."""
    since, before = 0.0, None
    for shot in shots:
        since = since if (shot.subject, shot.action) == before else 0.0
        yield since
        since, before = since + shot.duration, (shot.subject, shot.action)

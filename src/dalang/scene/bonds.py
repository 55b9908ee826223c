"""What performers have to do with one another, and how the others answer it."""

from __future__ import annotations

import msgspec

from dalang.scene.account import Account, acts_of
from dalang.scene.clauses import Deed, lead_of
from dalang.scene.looks import Looks
from dalang.scene.performer import Action, Bond, Performer, Relation
from dalang.scene.phrases import ANIMATE, noun_from
from dalang.scene.subjects import SUBJECTS, of_kinds
from dalang.scene.traits import RELATIONS, WORDS
from dalang.scene.verbs import action_of

HANDY = of_kinds("things", "food", "plants") | {"kite"}
"""What hands hold."""
CARRYING = frozenset(("hold", "carry", "lift", "grab", "grip", "catch", "raise", "pick", "swing", "wrap"))
"""What takes somebody into one's arms."""
MOUNTS = of_kinds("vehicles", "animals", "birds", "sea", "fantasy")
"""What carries somebody."""
MOVED = of_kinds("vehicles") | ANIMATE
"""Who may be the lead where the one named first has no picture."""
REACTIONS = {
    Relation.CHASE: "flee",
    Relation.FOLLOW: "move",
    Relation.MEET: "approach",
    Relation.HUG: "stand",
    Relation.GIVE: "stand",
    Relation.RIDE: "move",
}
"""What the other does meanwhile."""
GOING = (Action.FLY, Action.SWIM, Action.DRIVE, Action.SAIL)


def bond_of(account: Account, at: int, shown: list[int]) -> Bond | None:
    for deed in acts_of(account, at):
        partner = account.who.get(deed.partner, deed.partner) if deed.partner is not None else None
        relation = _relation(account, deed, at)
        if partner in shown and partner != at and relation:
            fitting = _fitting(relation, account.names[partner], deed.verb)
            if fitting:
                return Bond(relation=fitting, partner=shown.index(partner))
    return next((bond for other in shown if other != at and (bond := _with(account, at, other, shown))), None)


def _relation(account: Account, deed: Deed, at: int) -> Relation | None:
    """What a deed makes of its doer and its partner; who leaps onto a table does nothing to it."""
    relation = RELATIONS.get(deed.verb)
    if relation is None or deed.partner is None or deed.partner not in account.names:
        return relation
    name = account.names[deed.partner]
    if deed.verb == "fly":
        is_flier = action_of("fly", SUBJECTS[account.names[at]]) is not None
        return None if is_flier or account.signs[deed.partner].is_placed else _flown(name)
    led = account.signs[lead_of(account.signs, deed.partner)].text if deed.partner > 0 else ""
    together = led in WORDS[account.tongue]["with"]
    is_placed = account.signs[deed.partner].is_placed and not together
    is_aim = is_placed and (name in HANDY if relation is Relation.MEET else name in ANIMATE)
    return None if is_aim and relation in (Relation.MEET, Relation.HOLD) else relation


def _flown(name: str) -> Relation:
    return Relation.RIDE if name in MOUNTS - HANDY else Relation.HOLD


def _fitting(relation: Relation, partner: str, verb: str) -> Relation | None:
    """What a verb's relation is to a partner of this kind: a ball is not met but held."""
    if partner in HANDY:
        return (
            relation if relation in (Relation.CHASE, Relation.FOLLOW, Relation.WATCH, Relation.RIDE) else Relation.HOLD
        )
    if relation is Relation.HOLD:
        return Relation.HUG if partner in ANIMATE and verb in CARRYING else Relation.WATCH
    if relation is Relation.RIDE:
        return Relation.RIDE if partner in MOUNTS else None
    return relation


def _with(account: Account, at: int, other: int, shown: list[int]) -> Bond | None:
    """What one holds or sits on without a verb that says so: "a boy with a kite", "a knight on a horse"."""
    signs = account.signs
    lead = lead_of(signs, other) if other >= 0 else -1
    if lead < 0 or account.names[at] not in ANIMATE or _owner(account, other, lead) != at:
        return None
    if account.names[other] in HANDY and signs[lead].text in WORDS[account.tongue]["hold"]:
        return Bond(relation=Relation.HOLD, partner=shown.index(other))
    if account.names[other] in ANIMATE and signs[lead].text in WORDS[account.tongue]["arms"]:
        return Bond(relation=Relation.HUG, partner=shown.index(other))
    rides = signs[lead].text in WORDS[account.tongue]["upon"] and account.names[other] in MOUNTS
    return Bond(relation=Relation.RIDE, partner=shown.index(other)) if rides else None


def _owner(account: Account, other: int, lead: int) -> int | None:
    """Who holds what: in Chinese whoever stands after 的, else who is named last before."""
    signs = account.signs
    if account.tongue == "zh" and other + 1 < len(signs) and signs[other + 1].text == "的":
        ahead = noun_from(signs, other + 1, 1, account.tongue)
        if ahead is not None and ahead in account.who:
            return account.who[ahead]
    earlier = (k for k in range(lead - 1, -1, -1) if k in account.who and signs[k].meaning in ANIMATE)
    nearest = next(earlier, None)
    return None if nearest is None else account.who[nearest]


def companion_verb(account: Account, at: int, shown: list[int], looks: list[Looks]) -> str | None:
    """What who is with somebody does: the same."""
    lead = lead_of(account.signs, at) if at >= 0 else -1
    if lead < 0 or account.names[at] not in ANIMATE or account.signs[lead].text not in WORDS[account.tongue]["beside"]:
        return None
    owner = _owner(account, at, lead)
    return looks[shown.index(owner)].verb if owner in shown else None


def reacting(performers: tuple[Performer, ...]) -> tuple[Performer, ...]:
    """The performers, of whom those that have something done to them answer it where the text says nothing else."""
    out = list(performers)
    for doer in performers:
        if doer.bond is None:
            continue
        other = out[doer.bond.partner]
        verb = REACTIONS.get(doer.bond.relation)
        if other.verb is None and other.bond is None and verb and other.subject in MOVED:
            own = SUBJECTS[other.subject].action
            action = own if own in GOING else action_of(verb, SUBJECTS[other.subject]) or own
            out[doer.bond.partner] = msgspec.structs.replace(
                other, action=action, direction=other.direction or doer.direction
            )
    return tuple(out)

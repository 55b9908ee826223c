"""The performers of a text: who they are, how they look, and what they do to one another."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import TypeVar

import msgspec

from dalang.scene.clauses import Deed, deeds, lead_of
from dalang.scene.heard import Tongue
from dalang.scene.lexicon import VERBS
from dalang.scene.mentions import identities, is_general, may_be
from dalang.scene.performer import Action, Age, Bond, Colour, Direction, Garment, Performer, Relation, Size
from dalang.scene.phrases import ANIMATE, Described, described, noun_from, worn
from dalang.scene.pronouns import before
from dalang.scene.signs import MANY, Kind, Sign
from dalang.scene.subjects import DOING, SUBJECTS, of_kinds
from dalang.scene.traits import AGES, RELATIONS, WORDS
from dalang.scene.verbs import action_of

Meaning = TypeVar("Meaning")

MOST = 5
"""Performers in a shot; who is named after them is left out."""
PLURAL = 3
"""How many a plural without a number shows."""
CROWD = 12
"""The most that one performer counts."""
PEOPLE = of_kinds("people")
MOVED = of_kinds("vehicles") | ANIMATE
"""Who may be the lead where the one named first has no picture."""
HANDY = of_kinds("things", "food", "plants")
"""What hands hold."""
TONES = frozenset((Colour.BLACK, Colour.WHITE, Colour.BROWN))
"""Of people these are skins, no colours to paint them in."""
MOUNTS = of_kinds("vehicles", "animals", "birds", "sea", "fantasy")
"""What carries somebody."""
DEALINGS = frozenset((Relation.CHASE, Relation.FOLLOW, Relation.MEET, Relation.HUG, Relation.RIDE))
"""What is done to somebody, who is missed where there is no picture."""
FAINT = frozenset(
    ("say", "ask", "answer", "reply", "tell", "exclaim", "come", "go", "stop", "look", "talk", "hold", "have")
)
"""Verbs that say little of what is to be seen where another one is told too."""
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
MOVING = frozenset(
    {
        *(Action.WALK, Action.RUN, Action.CRAWL, Action.CLIMB, Action.JUMP, Action.FLY, Action.SWIM),
        *(Action.SAIL, Action.DRIVE, Action.RIDE, Action.FALL, Action.TURN),
    }
)
"""What is done in a direction."""


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """What a text says of somebody, whatever picture shows it."""

    count: int | None = None
    colour: Colour | None = None
    size: Size | None = None
    age: Age | None = None
    wears: tuple[Garment, ...] = ()
    direction: Direction | None = None
    verb: str | None = None


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a text shows."""

    performers: tuple[Performer, ...] = ()
    """The one it is about first."""
    unknown: str | None = None
    """The noun that it is about and that has no picture."""
    strangers: tuple[str, ...] = ()
    """Further nouns without one."""
    excluded: tuple[str, ...] = ()
    """Subjects that it names and the negative prompt too."""
    surplus: tuple[str, ...] = ()
    """Subjects beyond MOST."""
    undone: tuple[tuple[str, Action, str], ...] = ()
    """(subject, what it is shown to do, the verb that it cannot be shown doing)."""


class _Heard(msgspec.Struct, frozen=True):
    """All that is read of a text before its performers are chosen."""

    signs: Sequence[Sign]
    tongue: Tongue
    said: Described
    worn: dict[int, int]
    deeds: tuple[Deed, ...]
    who: dict[int, int]
    """Position of each one named, or of a pronoun → where it is named first; below 0: of `pronouns.before`."""
    names: dict[int, str]
    """Where each subject is named first → its name."""
    directions: dict[int, Direction]
    """Position of the verb's sign → where to."""
    known: tuple[Performer, ...]


def cast(
    signs: Sequence[Sign],
    tongue: Tongue,
    unwanted: frozenset[str] = frozenset(),
    settings: Container[str] = frozenset(),
    known: tuple[Performer, ...] = (),
) -> Cast:
    """Whom the signs of a text show; without those in `unwanted`, and without the `settings` that somebody is in.

    `known` are those shown before it: its pronouns and "the girl" mean them, who keep colour and clothes.
    """
    heard = _heard(signs, tongue, known)
    named = _named(heard, settings)
    chosen, unknown = _chosen(heard, [at for at in named if heard.names[at] not in unwanted])
    performers, undone = _performers(heard, chosen[:MOST])
    return Cast(
        performers=performers,
        unknown=unknown,
        strangers=_strangers(heard, unknown),
        excluded=tuple(dict.fromkeys(heard.names[at] for at in named if heard.names[at] in unwanted)),
        surplus=tuple(heard.names[at] for at in chosen[MOST:]),
        undone=undone,
    )


def _heard(signs: Sequence[Sign], tongue: Tongue, known: tuple[Performer, ...]) -> _Heard:
    said, clothes = described(signs, tongue), worn(signs, tongue)
    acts, means = deeds(signs, tongue, [performer.subject for performer in known])
    who = identities(signs, said, clothes, tongue)
    active = {at for deed in acts for at in (deed.actor, deed.partner)}
    names = {at: _name(signs[at], tongue, known) for at in who.values() if signs[at].meaning}
    shown = {
        before(place): at for place, performer in enumerate(known) for at in names if _is_same(performer, names[at])
    }
    acts = tuple(_of_named(deed, shown) for deed in acts)
    means = {at: shown.get(other, other) for at, other in means.items() if other in who or other in active}
    who |= {at: who.get(other, other) for at, other in means.items()}
    names |= {at: known[-1 - at].subject for at in who.values() if at < 0}
    return _Heard(signs, tongue, said, clothes, acts, who, names, _directions(signs, acts, tongue), known)


def _of_named(deed: Deed, shown: dict[int, int]) -> Deed:
    """`deed` of those whom the text names too, not only means by a pronoun."""
    partner = deed.partner if deed.partner is None else shown.get(deed.partner, deed.partner)
    return Deed(shown.get(deed.actor, deed.actor), deed.at, deed.verb, partner)


def _name(sign: Sign, tongue: Tongue, known: tuple[Performer, ...]) -> str:
    """The subject that a word calls; somebody shown before it where it is but a general word for him."""
    if not is_general(sign, tongue) or any(_is_same(performer, sign.meaning) for performer in known):
        return sign.meaning
    is_child = sign.text in AGES[tongue]
    meant = (who.subject for who in known if may_be(who.subject, sign.meaning, is_child=is_child))
    return next(meant, sign.meaning)


def _is_same(performer: Performer, name: str) -> bool:
    return performer.subject == name or name in SUBJECTS[performer.subject].who


def _named(heard: _Heard, settings: Container[str]) -> list[int]:
    """Where each subject is named first, without garments that are worn and settings that are around."""
    firsts = dict.fromkeys(heard.who[at] for at in sorted(heard.who) if at not in heard.worn)
    return [at for at in firsts if at in heard.names and not _surrounds(heard, at, settings)]


def _surrounds(heard: _Heard, at: int, settings: Container[str]) -> bool:
    """Whether it is where somebody is: "in a castle"."""
    return _is_placed(heard, at) and heard.signs[at].text in settings and not heard.said.get(at)


def _is_placed(heard: _Heard, at: int) -> bool:
    return all(heard.signs[k].is_placed for k, first in heard.who.items() if first == at)


def _chosen(heard: _Heard, named: list[int]) -> tuple[list[int], str | None]:
    """Those to show, the lead first, and the noun without picture that the text is about."""
    placed = [at for at in named if _is_placed(heard, at)]
    free = [at for at in named if at not in placed]
    first = next((at for at in sorted(heard.who) if not heard.signs[at].is_placed and at not in heard.worn), None)
    if first is None or heard.signs[first].kind is not Kind.UNKNOWN:
        return free + placed, None
    suffers = {heard.who.get(deed.partner or 0) for deed in heard.deeds if heard.who.get(deed.actor) == first}
    leads = [at for at in free if heard.names[at] in MOVED and at not in suffers]
    ranked = list(dict.fromkeys((leads[0], *free, *placed))) if leads else []
    return ranked, heard.signs[first].text


def _strangers(heard: _Heard, unknown: str | None) -> tuple[str, ...]:
    """Further nouns without picture that do something or that somebody deals with."""
    signs = heard.signs
    told = [deed.actor for deed in heard.deeds]
    told += [
        deed.partner
        for deed in heard.deeds
        if deed.partner is not None and RELATIONS.get(deed.verb) in DEALINGS and not signs[deed.partner].is_definite
    ]
    firsts = [heard.who[at] for at in told if heard.who.get(at, -1) >= 0]
    texts = [signs[at].text for at in firsts if signs[at].kind is Kind.UNKNOWN]
    return tuple(dict.fromkeys(text for text in texts if text != unknown))


def _performers(heard: _Heard, shown: list[int]) -> tuple[tuple[Performer, ...], tuple[tuple[str, Action, str], ...]]:
    """The performers, and what they cannot be shown to do."""
    shown, cyclists = _mounted(heard, shown)
    looks = [_looks(heard, at) for at in shown]
    performers: list[Performer] = []
    undone: list[tuple[str, Action, str]] = []
    for at, look in zip(shown, looks, strict=True):
        name = heard.names[at]
        subject = SUBJECTS[picture(name, "cycle" if at in cyclists else look.verb)]
        bond = _bond(heard, at, shown)
        rides = bond is not None and bond.relation is Relation.RIDE
        action = action_of(look.verb or _companion(heard, at, shown, looks), subject, is_carried=rides)
        if action is None and look.verb and bond is None:
            undone.append((name, subject.action, look.verb))
        performers.append(_performer(subject.name, action, look, bond))
    return _reacting(tuple(performers)), tuple(undone)


def _mounted(heard: _Heard, shown: list[int]) -> tuple[list[int], frozenset[int]]:
    """Those shown without the bicycles that are in the pictures of their riders, and these riders."""
    bicycles = WORDS[heard.tongue]["bicycle"]
    cyclists: set[int] = set()
    for at in shown:
        rides = [deed.at for deed in _acts(heard, at) if deed.verb in ("ride", "pedal")]
        riders = DOING["cycle"] if "cycle" in DOING else {}
        if heard.names[at] in riders and any(_names(heard.signs, ride, bicycles) for ride in rides):
            cyclists.add(at)
    cycles = {at for at in shown if cyclists and at >= 0 and heard.signs[at].text in bicycles}
    return [at for at in shown if at not in cycles], frozenset(cyclists)


def _names(signs: Sequence[Sign], at: int, words: frozenset[str]) -> bool:
    """Whether one of the words stands after a position in its sentence."""
    end = next((k for k in range(at, len(signs)) if signs[k].kind is Kind.STOP), len(signs))
    return any(sign.text in words for sign in signs[at:end])


def _performer(subject: str, action: Action | None, look: Looks, bond: Bond | None) -> Performer:
    rides = bond is not None and bond.relation is Relation.RIDE and look.verb is None
    skin = subject in PEOPLE and look.colour in TONES
    return Performer(
        subject=subject,
        action=Action.RIDE if rides else action or SUBJECTS[subject].action,
        verb=look.verb,
        count=min(CROWD, look.count or 1),
        colour=None if skin else look.colour,
        size=look.size,
        age=look.age,
        wears=look.wears,
        direction=look.direction,
        bond=bond,
    )


def picture(name: str, verb: str | None) -> str:
    """The subject in the picture that shows it at what it does: a man who cycles is `cyclist`."""
    return DOING[verb].get(name, name) if verb in DOING else name


def _looks(heard: _Heard, at: int) -> Looks:
    """All that is said of one person, wherever it is named, and what was said before the text."""
    mine = [k for k, first in heard.who.items() if first == at]
    said = [trait for k in mine for trait in heard.said.get(k, ())]
    acts = _acts(heard, at)
    look = Looks(
        count=_count([meaning for kind, meaning in said if kind is Kind.COUNT]),
        colour=_first(said, Kind.COLOUR, Colour),
        size=_first(said, Kind.SIZE, Size),
        age=_first(said, Kind.AGE, Age),
        wears=_clothes(heard, at),
        direction=next((heard.directions[deed.at] for deed in acts if deed.at in heard.directions), None),
        verb=acts[0].verb if acts else None,
    )
    seen = next((performer for performer in heard.known if _is_same(performer, heard.names[at])), None)
    return _kept(look, seen) if seen else look


def _kept(look: Looks, seen: Performer) -> Looks:
    """`look` with what was said of the same one before; of another one in another colour nothing holds."""
    if look.colour is not None and seen.colour not in (None, look.colour):
        return look
    return msgspec.structs.replace(
        look,
        count=look.count or seen.count,
        colour=look.colour or seen.colour,
        size=look.size or seen.size,
        age=look.age or seen.age,
        wears=look.wears or seen.wears,
    )


def _count(numbers: list[str]) -> int | None:
    """The number before the noun, else what its plural tells."""
    told = next((int(number) for number in numbers if number != MANY), None)
    return told if told or not numbers else PLURAL


def _first(said: list[tuple[Kind, str]], kind: Kind, read: Callable[[str], Meaning]) -> Meaning | None:
    return next((read(meaning) for trait, meaning in said if trait is kind), None)


def _acts(heard: _Heard, at: int) -> list[Deed]:
    """What one does: first what is told after its name, then what is told before; what says little comes last."""
    mine = [deed for deed in heard.deeds if heard.who.get(deed.actor, deed.actor) == at]
    told = [deed for deed in mine if deed.at > at] + [deed for deed in reversed(mine) if deed.at < at]
    return sorted(told, key=lambda deed: deed.verb in FAINT)


def _clothes(heard: _Heard, at: int) -> tuple[Garment, ...]:
    signs = heard.signs
    found: dict[str, Garment] = {}
    for k, wearer in heard.worn.items():
        if heard.who.get(wearer, wearer) == at:
            name = (
                signs[k].meaning if signs[k].kind is Kind.GARMENT else _first(list(signs[k].traits), Kind.GARMENT, str)
            )
            colour = _first(heard.said.get(k, []), Kind.COLOUR, Colour)
            found.setdefault(name or "", Garment(name=name or "", colour=colour))
    return tuple(found.values())


def _bond(heard: _Heard, at: int, shown: list[int]) -> Bond | None:
    for deed in _acts(heard, at):
        partner = heard.who.get(deed.partner, deed.partner) if deed.partner is not None else None
        relation = RELATIONS.get(deed.verb)
        if partner in shown and partner != at and relation:
            fitting = _fitting(relation, heard.names[partner])
            if fitting:
                return Bond(relation=fitting, partner=shown.index(partner))
    return next((bond for other in shown if other != at and (bond := _with(heard, at, other, shown))), None)


def _fitting(relation: Relation, partner: str) -> Relation | None:
    """What a verb's relation is to a partner of this kind: a ball is not met but held."""
    if partner in HANDY:
        return (
            relation if relation in (Relation.CHASE, Relation.FOLLOW, Relation.WATCH, Relation.RIDE) else Relation.HOLD
        )
    if relation is Relation.HOLD:
        return Relation.HUG if partner in ANIMATE else Relation.WATCH
    if relation is Relation.RIDE:
        return Relation.RIDE if partner in MOUNTS else None
    return relation


def _with(heard: _Heard, at: int, other: int, shown: list[int]) -> Bond | None:
    """What one holds or sits on without a verb that says so: "a boy with a kite", "a knight on a horse"."""
    signs = heard.signs
    lead = lead_of(signs, other) if other >= 0 else -1
    if lead < 0 or heard.names[at] not in ANIMATE or _owner(heard, other, lead) != at:
        return None
    if heard.names[other] in HANDY and signs[lead].text in WORDS[heard.tongue]["hold"]:
        return Bond(relation=Relation.HOLD, partner=shown.index(other))
    rides = signs[lead].text in WORDS[heard.tongue]["upon"] and heard.names[other] in MOUNTS
    return Bond(relation=Relation.RIDE, partner=shown.index(other)) if rides else None


def _owner(heard: _Heard, other: int, lead: int) -> int | None:
    """Who holds what: in Chinese whoever stands after 的, else who is named last before."""
    signs = heard.signs
    if heard.tongue == "zh" and other + 1 < len(signs) and signs[other + 1].text == "的":
        ahead = noun_from(signs, other + 1, 1, heard.tongue)
        if ahead is not None and ahead in heard.who:
            return heard.who[ahead]
    earlier = (k for k in range(lead - 1, -1, -1) if k in heard.who and signs[k].meaning in ANIMATE)
    nearest = next(earlier, None)
    return None if nearest is None else heard.who[nearest]


def _companion(heard: _Heard, at: int, shown: list[int], looks: list[Looks]) -> str | None:
    """What who is with somebody does: the same."""
    lead = lead_of(heard.signs, at) if at >= 0 else -1
    if lead < 0 or heard.names[at] not in ANIMATE or heard.signs[lead].text not in WORDS[heard.tongue]["beside"]:
        return None
    owner = _owner(heard, at, lead)
    return looks[shown.index(owner)].verb if owner in shown else None


def _reacting(performers: tuple[Performer, ...]) -> tuple[Performer, ...]:
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


def _directions(signs: Sequence[Sign], acts: tuple[Deed, ...], tongue: Tongue) -> dict[int, Direction]:
    """Verb's position → where its doer goes by it."""
    moving = [deed.at for deed in acts if _moves(deed.verb)]
    found: dict[int, Direction] = {}
    for at, sign in enumerate(signs):
        where = (
            sign.meaning
            if sign.kind is Kind.DIRECTION
            else next((m for k, m in sign.traits if k is Kind.DIRECTION), "")
        )
        verb = _verb_of(signs, at, moving, tongue) if where else None
        if verb is not None:
            found.setdefault(verb, Direction(where))
    return found


def _moves(verb: str) -> bool:
    return any(action in MOVING for action in VERBS[verb]) if verb in VERBS else True


def _verb_of(signs: Sequence[Sign], at: int, moving: list[int], tongue: Tongue) -> int | None:
    """The verb that a direction belongs to: the one at it or before it, in Chinese rather the next."""
    if at in moving:
        return at
    ahead = next((k for k in moving if k > at), None)
    if ahead is not None and not _ends(signs, at, ahead) and (tongue == "zh" or ahead == at + 1):
        return ahead
    before = next((k for k in reversed(moving) if k < at), None)
    if before is not None and not any(sign.kind in (Kind.STOP, Kind.LENS) for sign in signs[before:at]):
        return before
    return None


def _ends(signs: Sequence[Sign], start: int, end: int) -> bool:
    return any(sign.kind in (Kind.STOP, Kind.PAUSE, Kind.LENS) for sign in signs[start:end])

"""The performers of a text: who they are, how they look, and what they do to one another."""

from __future__ import annotations

from collections.abc import Container, Sequence

import msgspec

from dalang.scene.account import Account, account_of, acts_of, is_placed
from dalang.scene.bonds import MOVED, bond_of, companion_verb, reacting
from dalang.scene.heard import Tongue
from dalang.scene.looks import Looks, looks_of
from dalang.scene.performer import Action, Bond, Colour, Performer, Relation
from dalang.scene.signs import Kind, Sign
from dalang.scene.strangers import with_stand_ins
from dalang.scene.subjects import DOING, SUBJECTS, of_kinds
from dalang.scene.traits import RELATIONS, WORDS
from dalang.scene.verbs import action_of

MOST = 5
"""Performers in a shot; who is named after them is left out."""
CROWD = 12
"""The most that one performer counts."""
PEOPLE = of_kinds("people")
TONES = frozenset((Colour.BLACK, Colour.WHITE, Colour.BROWN))
"""Of people these are skins, no colours to paint them in."""
RIDERS = frozenset(DOING["cycle"]) if "cycle" in DOING else frozenset()
"""Who is drawn on a bicycle."""
DEALINGS = frozenset((Relation.CHASE, Relation.FOLLOW, Relation.MEET, Relation.HUG, Relation.RIDE))
"""What is done to somebody, who is missed where there is no picture."""


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a text shows."""

    performers: tuple[Performer, ...] = ()
    """The one it is about first."""
    unknown: str | None = None
    """The noun that it is about and that has no picture."""
    strangers: tuple[str, ...] = ()
    """Further nouns without one."""
    stand_ins: tuple[str, ...] = ()
    """Persons' nouns without one, for whom a plain person is shown."""
    excluded: tuple[str, ...] = ()
    """Subjects that it names and the negative prompt too."""
    surplus: tuple[str, ...] = ()
    """Subjects beyond MOST."""
    undone: tuple[tuple[str, Action, str], ...] = ()
    """(subject, what it is shown to do, the verb that it cannot be shown doing)."""


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
    account = account_of(with_stand_ins(signs, tongue), tongue, known)
    named = _named(account, settings)
    chosen, unknown = _chosen(account, [at for at in named if account.names[at] not in unwanted])
    performers, undone = _performers(account, chosen[:MOST])
    return Cast(
        performers=performers,
        unknown=unknown,
        strangers=_strangers(account, unknown),
        stand_ins=tuple(
            dict.fromkeys(account.signs[at].text for at in chosen[:MOST] if at >= 0 and account.signs[at].is_stand_in)
        ),
        excluded=tuple(dict.fromkeys(account.names[at] for at in named if account.names[at] in unwanted)),
        surplus=tuple(account.names[at] for at in chosen[MOST:]),
        undone=undone,
    )


def _named(account: Account, settings: Container[str]) -> list[int]:
    """Where each subject is named first, without garments that are worn and settings that are around."""
    firsts = dict.fromkeys(account.who[at] for at in sorted(account.who) if at not in account.worn)
    return [at for at in firsts if at in account.names and not _surrounds(account, at, settings)]


def _surrounds(account: Account, at: int, settings: Container[str]) -> bool:
    """Whether it is where somebody is: "in a castle"."""
    return is_placed(account, at) and account.signs[at].text in settings and not account.said.get(at)


def _chosen(account: Account, named: list[int]) -> tuple[list[int], str | None]:
    """Those to show, the lead first, and the noun without picture that the text is about."""
    placed = [at for at in named if is_placed(account, at)]
    free = [at for at in named if at not in placed]
    first = next((at for at in sorted(account.who) if not account.signs[at].is_placed and at not in account.worn), None)
    if first is None or account.signs[first].kind is not Kind.UNKNOWN:
        return free + placed, None
    suffers = {account.who.get(deed.partner or 0) for deed in account.deeds if account.who.get(deed.actor) == first}
    doers = {account.who.get(deed.actor) for deed in account.deeds}
    leads = [at for at in named if account.names[at] in MOVED and at not in suffers and (at in free or at in doers)]
    ranked = list(dict.fromkeys((leads[0], *free, *placed))) if leads else []
    return ranked, account.signs[first].text


def _strangers(account: Account, unknown: str | None) -> tuple[str, ...]:
    """Further nouns without picture that do something or that somebody deals with."""
    signs = account.signs
    told = [deed.actor for deed in account.deeds]
    told += [
        deed.partner
        for deed in account.deeds
        if deed.partner is not None and RELATIONS.get(deed.verb) in DEALINGS and not signs[deed.partner].is_definite
    ]
    firsts = [account.who[at] for at in told if account.who.get(at, -1) >= 0]
    texts = [signs[at].text for at in firsts if signs[at].kind is Kind.UNKNOWN]
    return tuple(dict.fromkeys(text for text in texts if text != unknown))


def _performers(
    account: Account, shown: list[int]
) -> tuple[tuple[Performer, ...], tuple[tuple[str, Action, str], ...]]:
    """The performers, and what they cannot be shown to do."""
    shown, cyclists = _mounted(account, shown)
    looks = [looks_of(account, at) for at in shown]
    performers: list[Performer] = []
    undone: list[tuple[str, Action, str]] = []
    for at, look in zip(shown, looks, strict=True):
        name = account.names[at]
        subject = SUBJECTS[picture(name, "cycle" if at in cyclists else look.verb)]
        bond = bond_of(account, at, shown)
        rides = bond is not None and bond.relation is Relation.RIDE
        action = action_of(look.verb or companion_verb(account, at, shown, looks), subject, is_carried=rides)
        if action is None and look.verb and bond is None:
            undone.append((name, subject.action, look.verb))
        performers.append(_performer(subject.name, action, look, bond))
    return reacting(tuple(performers)), tuple(undone)


def _mounted(account: Account, shown: list[int]) -> tuple[list[int], frozenset[int]]:
    """Those shown without the bicycles that are in the pictures of their riders, and these riders."""
    bicycles = WORDS[account.tongue]["bicycle"]
    cyclists: set[int] = set()
    for at in shown:
        rides = [deed.at for deed in acts_of(account, at) if deed.verb in ("ride", "pedal")]
        if account.names[at] in RIDERS and any(_names(account.signs, ride, bicycles) for ride in rides):
            cyclists.add(at)
    cycles = {at for at in shown if cyclists and at >= 0 and account.signs[at].text in bicycles}
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

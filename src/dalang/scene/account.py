"""All that is read of a text about those whom it names, before its performers are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dalang.scene.clauses import Deed, deeds
from dalang.scene.headings import directions_of
from dalang.scene.heard import Tongue
from dalang.scene.mentions import identities, is_general, may_be
from dalang.scene.performer import Direction, Performer
from dalang.scene.phrases import Described, described, worn
from dalang.scene.pronouns import before
from dalang.scene.signs import Sign
from dalang.scene.strangers import PLAINS
from dalang.scene.subjects import SUBJECTS
from dalang.scene.traits import AGES, RELATIONS

FAINT = frozenset(
    ("say", "ask", "answer", "reply", "tell", "exclaim", "come", "go", "stop", "look", "talk", "hold", "have")
)
"""Verbs that say little of what is to be seen where another one is told too."""


POSTURES = frozenset(("stand", "squat", "kneel", "crouch", "lean"))
"""How somebody is placed while he does what is told besides."""


class Account(msgspec.Struct, frozen=True):
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


def account_of(signs: Sequence[Sign], tongue: Tongue, known: tuple[Performer, ...]) -> Account:
    said, clothes = described(signs, tongue), worn(signs, tongue)
    acts, means = deeds(signs, tongue, [performer.subject for performer in known])
    who = identities(signs, said, clothes, tongue)
    active = {at for deed in acts for at in (deed.actor, deed.partner)}
    names = {at: _name(signs[at], tongue, known) for at in who.values() if signs[at].meaning}
    shown = {
        before(place): at for place, performer in enumerate(known) for at in names if is_same(performer, names[at])
    }
    acts = tuple(_of_named(deed, shown) for deed in acts)
    means = {at: shown.get(other, other) for at, other in means.items() if other in who or other in active}
    who |= {at: who.get(other, other) for at, other in means.items()}
    names |= {at: known[-1 - at].subject for at in who.values() if at < 0}
    return Account(signs, tongue, said, clothes, acts, who, names, directions_of(signs, acts, tongue), known)


def _of_named(deed: Deed, shown: dict[int, int]) -> Deed:
    """`deed` of those whom the text names too, not only means by a pronoun."""
    partner = deed.partner if deed.partner is None else shown.get(deed.partner, deed.partner)
    return Deed(shown.get(deed.actor, deed.actor), deed.at, deed.verb, partner)


def _name(sign: Sign, tongue: Tongue, known: tuple[Performer, ...]) -> str:
    """The subject that a word calls; somebody shown before it where it is but a general word for him."""
    if sign.is_stand_in and sign.is_definite:
        return next((who.subject for who in known if who.subject in PLAINS), sign.meaning)
    if not is_general(sign, tongue) or any(is_same(performer, sign.meaning) for performer in known):
        return sign.meaning
    is_child = sign.text in AGES[tongue]
    meant = (who.subject for who in known if may_be(who.subject, sign.meaning, is_child=is_child))
    return next(meant, sign.meaning)


def is_same(performer: Performer, name: str) -> bool:
    return performer.subject == name or name in SUBJECTS[performer.subject].who


def is_placed(account: Account, at: int) -> bool:
    return all(account.signs[k].is_placed for k, first in account.who.items() if first == at)


def acts_of(account: Account, at: int) -> list[Deed]:
    """What one does: first what is told after its name, then what is told before; what says little comes last."""
    mine = [deed for deed in account.deeds if account.who.get(deed.actor, deed.actor) == at]
    told = [deed for deed in mine if deed.at > at] + [deed for deed in reversed(mine) if deed.at < at]
    return sorted(told, key=lambda deed: _slightness(deed, mine, account.tongue))


def _slightness(deed: Deed, deeds: list[Deed], tongue: Tongue) -> int:
    """0 for a deed that is to be seen, 1 for a posture in which another one is done, 2 for a verb that says little."""
    if deed.verb in FAINT:
        return 2
    if deed.verb not in POSTURES or (deed.partner is not None and deed.verb in RELATIONS):
        return 0
    acts = [other for other in deeds if other.verb not in FAINT | POSTURES]
    return int(tongue == "en" or any(other.partner is not None for other in acts))

"""How somebody whom a text names looks, and what he does, wherever it says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from dalang.scene.account import Account, acts_of, is_same
from dalang.scene.nouns import PLURALS
from dalang.scene.performer import Age, Colour, Direction, Garment, Performer, Size
from dalang.scene.signs import MANY, Kind

Meaning = TypeVar("Meaning")

PLURAL = 3
"""How many a plural without a number shows."""


CHILDREN = frozenset({"baby", "boy", "girl"})


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """What a text says of somebody, whatever picture shows it."""

    count: int | None = None
    colour: Colour | None = None
    size: Size | None = None
    age: Age | None = None
    wears: tuple[Garment, ...] = ()
    direction: Direction | None = None
    verb: str | None = None


def looks_of(account: Account, at: int) -> Looks:
    """All that is said of one person, wherever it is named, and what was said before the text."""
    mine = [k for k, first in account.who.items() if first == at]
    said = [trait for k in mine for trait in account.said.get(k, ())]
    acts = acts_of(account, at)
    age = _age(said, account.names[at])
    look = Looks(
        count=_count([meaning for kind, meaning in said if kind is Kind.COUNT]),
        colour=_first(said, Kind.COLOUR, Colour),
        size=_size(_first(said, Kind.SIZE, Size), age, account.names[at]),
        age=age,
        wears=_clothes(account, at),
        direction=next((account.directions[deed.at] for deed in acts if deed.at in account.directions), None),
        verb=acts[0].verb if acts else None,
    )
    seen = next((performer for performer in account.known if is_same(performer, account.names[at])), None)
    return _kept(look, seen, is_one=_is_one(account, mine)) if seen and not _is_new(account, mine, look, seen) else look


def _is_one(account: Account, mine: list[int]) -> bool:
    """Whether an English singular says that it is one of them only: "the boy" after six children."""
    words = [account.signs[k] for k in mine if k >= 0 and account.signs[k].kind is Kind.SUBJECT]
    is_plain = [(Kind.COUNT, MANY) not in sign.traits and sign.text not in PLURALS for sign in words]
    return account.tongue == "en" and bool(words) and all(is_plain)


def _is_new(account: Account, mine: list[int], look: Looks, seen: Performer) -> bool:
    """Whether somebody is told of as not seen before, in other clothes than who was: "a man in a black coat"."""
    words = [k for k in mine if k >= 0 and account.signs[k].kind is Kind.SUBJECT]
    if account.tongue == "en":
        is_told = bool(words) and not any(account.signs[k].is_definite for k in words)
    else:
        is_told = any((Kind.COUNT, "1") in account.said.get(k, ()) for k in words)
    return is_told and bool(look.wears) and look.wears != seen.wears


def _age(said: list[tuple[Kind, str]], name: str) -> Age | None:
    """What is said of it; "gadis kecil" is a child too."""
    small = name in CHILDREN and _first(said, Kind.SIZE, Size) in (Size.SMALL, Size.TINY)
    return _first(said, Kind.AGE, Age) or (Age.CHILD if small else None)


def _size(told: Size | None, age: Age | None, name: str) -> Size | None:
    """A little girl is no small one of her age: the word tells the age."""
    is_child = name in CHILDREN or age in (Age.BABY, Age.CHILD)
    return None if told is Size.SMALL and is_child else told


def _kept(look: Looks, seen: Performer, *, is_one: bool) -> Looks:
    """`look` with what was said of the same one before; of another one in another colour nothing holds."""
    if look.colour is not None and seen.colour not in (None, look.colour):
        return look
    return msgspec.structs.replace(
        look,
        count=look.count or (1 if is_one else seen.count),
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


def _clothes(account: Account, at: int) -> tuple[Garment, ...]:
    signs = account.signs
    found: dict[str, Garment] = {}
    for k, wearer in account.worn.items():
        if account.who.get(wearer, wearer) == at:
            name = (
                signs[k].meaning if signs[k].kind is Kind.GARMENT else _first(list(signs[k].traits), Kind.GARMENT, str)
            )
            colour = _first(account.said.get(k, []), Kind.COLOUR, Colour)
            found.setdefault(name or "", Garment(name=name or "", colour=colour))
    return tuple(found.values())

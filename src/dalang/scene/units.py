"""What a Chinese or Indonesian text is cut into, and what stays of it when its negations are taken out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Role(Enum):
    """What a unit does in its sentence."""

    SUBJECT = auto()
    """A word of a row in `SUBJECTS`."""
    UNKNOWN = auto()
    """No word of any list, or a trap: a noun that only holds a known word."""
    NOUN = auto()
    """Scenery, places, times, weather."""
    HEAD = auto()
    """Makes the subject beside it another thing: a toy, a statue."""
    PART = auto()
    """What of a subject shows its owner: face, hands, back."""
    ADJECTIVE = auto()
    VERB = auto()
    DETERMINER = auto()
    """Numbers with measure words; opens a noun's phrase."""
    PLACER = auto()
    """Its noun is where or how, not whom the clip shows."""
    LOCATIVE = auto()
    """The same, after the noun."""
    OBJECT = auto()
    """Its noun is worn or held."""
    COMPARING = auto()
    """Its noun is not there at all."""
    OF = auto()
    NEGATION = auto()
    CRAFT = auto()
    """Style, sound, light: what is said of them is not shown."""
    BREAK = auto()
    STOP = auto()


@dataclass(frozen=True)
class Unit:
    text: str
    """As in the glossary where it is known."""
    role: Role
    is_listed: bool = True
    """Whether the glossary has it."""
    is_plural: bool = False
    """Said twice over: "kucing-kucing"."""
    is_passive: bool = False
    """A verb that is done to its subject: "dikejar"."""


COMMA, PERIOD = Unit(",", Role.STOP), Unit(".", Role.STOP)
PHRASE = frozenset((Role.SUBJECT, Role.UNKNOWN, Role.NOUN, Role.HEAD, Role.PART, Role.ADJECTIVE))
"""What a noun's phrase is made of."""
CONTENT = PHRASE - {Role.ADJECTIVE} | {Role.VERB}
WHERE = frozenset((Role.PLACER, Role.OBJECT))
"""What stands before a noun that is no lead."""


def affirmed(units: list[Unit]) -> list[Unit]:
    """The units without what is negated: up to the end of the first thing after the negation."""
    return list(_affirmed(units))


def _affirmed(units: list[Unit]) -> Iterator[Unit]:
    dropping = reached = False
    for unit in units:
        if unit.role is Role.NEGATION:
            dropping, reached = True, False
            yield COMMA
            continue
        if unit.role is Role.STOP or (reached and unit.role not in PHRASE):
            dropping = False
        reached = reached or unit.role in CONTENT
        if not dropping:
            yield unit

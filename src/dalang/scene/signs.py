"""What the words of a text are to whom it shows, in every language alike: the subjects and what stands about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from dalang.scene.heard import Tongue
from dalang.scene.traits import AGES, COLOURS, COUNTS, DIRECTIONS, SIZES


class Kind(Enum):
    """What a sign says."""

    SUBJECT = auto()
    """Somebody or something with a picture; its meaning a name in `SUBJECTS`."""
    UNKNOWN = auto()
    """Somebody or something without one."""
    GARMENT = auto()
    NOUN = auto()
    """Anything else with a look of its own: hair, walls, light."""
    COLOUR = auto()
    SIZE = auto()
    AGE = auto()
    COUNT = auto()
    DIRECTION = auto()
    ADJECTIVE = auto()
    VERB = auto()
    PRONOUN = auto()
    LENS = auto()
    """The camera: what is done next is its doing."""
    LINK = auto()
    """Prepositions, conjunctions and other small words."""
    WORD = auto()
    """Any other word."""
    PAUSE = auto()
    STOP = auto()


Trait = tuple[Kind, str]
PASSIVE: Trait = (Kind.VERB, "passive")
"""Of a verb that is done to whom the sentence is about: "dikejar"."""
WORN: Trait = (Kind.GARMENT, "worn")
"""Of a garment whose word itself says that it is worn: "berjaket"."""


@dataclass(frozen=True)
class Sign:
    kind: Kind
    text: str
    meaning: str = ""
    traits: tuple[Trait, ...] = ()
    """What its word says besides: that a "kitten" is young, that somebody who "走来" comes towards us."""
    is_placed: bool = False
    """A subject that is where or with what, not whom."""
    is_definite: bool = False
    """A subject that the text speaks of as known: "the girl"."""
    is_within: bool = False
    """A verb that only describes the noun after it: "a sleeping cat"."""
    is_stand_in: bool = False
    """A plain person, for a noun without a picture that is a person's."""


DEFINITE = frozenset(("the", "this", "that", "these", "those", "his", "her", "their", "its", "both"))
SUBJECTIVE = frozenset(("he", "she", "it", "they"))
OBJECTIVE = frozenset(("him", "them"))
POSSESSIVES = frozenset(("his", "her", "its", "their"))
MANY = "many"
"""How many a plural tells."""
_ADJECTIVAL = (("COLOUR", COLOURS), ("SIZE", SIZES), ("AGE", AGES), ("COUNT", COUNTS))


def looked_up(phrase: str, tongue: Tongue) -> Trait | None:
    """What a phrase says of its noun."""
    if phrase in DIRECTIONS[tongue]:
        return Kind.DIRECTION, DIRECTIONS[tongue][phrase]
    for name, table in _ADJECTIVAL:
        if phrase in table[tongue]:
            return Kind[name], str(table[tongue][phrase])
    return None

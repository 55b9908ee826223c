"""Who somebody is to look at: head, build and the clothes one wears when the prompt names none."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from dalang.engines.animatic.bodies.bones import Build
from dalang.engines.animatic.bodies.heads import HIDES
from dalang.scene.performer import Action, Age, Colour, Garment, Performer
from dalang.scene.subjects import SUBJECTS

BUILDS = {
    "man": Build(1.78),
    "woman": Build(1.68, shoulders=0.098, hips=0.050, girth=0.92, waist=0.84),
    "boy": Build(1.25, head=0.245, hip=0.425, shoulders=0.100, hips=0.044, girth=0.98),
    "girl": Build(1.22, head=0.245, hip=0.425, shoulders=0.094, hips=0.044, girth=0.94, waist=0.92),
    "old-man": Build(1.70, hip=0.465, girth=1.02, stoop=7.0),
    "old-woman": Build(1.58, head=0.195, hip=0.460, shoulders=0.098, hips=0.052, girth=1.0, stoop=7.0),
    "baby": Build(0.75, head=0.33, hip=0.32, shoulders=0.105, hips=0.050, girth=1.22),
    "animal": Build(1.60, head=0.215, hip=0.445, shoulders=0.104, hips=0.050, girth=1.04),
}
"""By the name in a subject's row."""

TONES = {"man": (1, 2, 4, 5), "curly-man": (3, 5), "curly-woman": (3, 5), "red-man": (1,), "red-woman": (1,),
         "bald-man": (1, 3, 5), "white-man": (1, 4), "sage": (1, 4), "santa": (1, 3, 5)}  # fmt: skip
"""Skins that a family of heads is packed in, where those are not all five."""


@dataclass(frozen=True)
class Looks:
    head: str
    """Name of its picture."""
    build: Build
    wears: tuple[Garment, ...]
    tail: tuple[float, float] | None = None
    """Length and thickness, shares of the height."""


ANIMALS = {
    "fox": ("fox", 1.4), "bear": ("bear", 1.9), "panda": ("panda", 1.7), "lion": ("lion", 1.8), "wolf": ("wolf", 1.7),
    "tiger": ("tiger", 1.8), "cat": ("cat", 1.1), "black-cat": ("cat", 1.1), "kitten": ("cat", 0.8),
    "dog": ("dog", 1.2), "puppy": ("dog", 0.9), "guide-dog": ("dog", 1.2), "rabbit": ("rabbit", 1.0),
    "monkey": ("monkey", 1.2), "mouse": ("mouse", 0.6), "rat": ("mouse", 0.7), "hamster": ("hamster", 0.6),
    "polar-bear": ("polar-bear", 2.0), "koala": ("koala", 1.0), "cow": ("cow", 1.8), "ox": ("cow", 1.8),
    "pig": ("pig", 1.3), "frog": ("frog", 0.8), "raccoon": ("raccoon", 1.0),
}  # fmt: skip
"""Animals that can be dressed: head, and height in metres once they stand upright."""

TAILS = {
    "fox": (0.26, 0.052), "wolf": (0.24, 0.042), "cat": (0.24, 0.020), "dog": (0.18, 0.026), "lion": (0.26, 0.018),
    "tiger": (0.26, 0.022), "monkey": (0.28, 0.016), "mouse": (0.26, 0.010), "raccoon": (0.24, 0.042),
    "cow": (0.22, 0.012), "rabbit": (0.05, 0.034), "pig": (0.05, 0.014),
}  # fmt: skip
"""By head."""


BATHERS = frozenset({"man", "woman", "boy", "girl", "person", "grandfather", "grandmother"})
"""Who changes to swim."""


def dresses(performer: Performer) -> bool:
    """Whether it is an animal that is to be shown in clothes."""
    return bool(performer.wears) and performer.subject in ANIMALS


def looks(performer: Performer, number: int = 0) -> Looks:
    """How `performer` looks, the same in every shot; `number` tells those alike apart."""
    subject = SUBJECTS[performer.subject]
    draw = zlib.crc32(f"{performer.subject} {number}".encode()) >> 8
    if performer.subject in ANIMALS:
        head, height = ANIMALS[performer.subject]
        return Looks(head, replace(BUILDS["animal"], height=height), (), TAILS.get(head))
    families = subject.heads or ("person",)
    family = aged(families[draw // 7 % len(families)], performer.age)
    build = BUILDS[aged_build(subject.build or "man", family)]
    wears = tuple(_tinted(garment(name), performer.colour) for name in subject.outfit)
    if performer.action is Action.SWIM and performer.subject in BATHERS:
        wears = (Garment(name="swimsuit" if family.rstrip("-12345") in FEMALE else "swim-trunks"),)
    return Looks(toned(family, PLACES[performer.subject] + number), build, wears)


SKINS = frozenset({"onesie", "gloves", "boots"})
"""What stands for the body of one who has no skin: a robot is as yellow as the prompt says in these."""


def _tinted(worn: Garment, colour: Colour | None) -> Garment:
    return Garment(name=worn.name, colour=colour) if colour and worn.name in SKINS else worn


def garment(name: str) -> Garment:
    """A garment as a row writes it: `coat`, or `red coat`."""
    colour, _, rest = name.partition(" ")
    return Garment(name=rest, colour=Colour(colour)) if rest else Garment(name=name)


def toned(family: str, place: int) -> str:
    """The head of that family in the skin that is due at a place among the people, unless its name says which."""
    if family in HIDES or family[-1].isdigit():
        return family
    due = SPREAD[place % len(SPREAD)]
    return f"{family}-{min(TONES.get(family, SPREAD), key=lambda tone: (abs(tone - due), tone))}"


SPREAD = (2, 4, 1, 3, 2, 5, 3, 4)
"""Skins in turn, so that all are seen alike often and none is a trade's."""
PLACES = {name: place for place, name in enumerate(name for name, row in SUBJECTS.items() if row.body == "person")}


FEMALE = frozenset({"woman", "girl", "old-woman", "curly-woman", "red-woman"})
AGED = {Age.BABY: ("baby", "baby"), Age.CHILD: ("boy", "girl"), Age.OLD: ("old-man", "old-woman")}


def aged(family: str, age: Age | None) -> str:
    """The head of that family at that age."""
    if family in HIDES or age not in AGED:
        return family
    return AGED[age][family.rstrip("-12345") in FEMALE]


def aged_build(build: str, family: str) -> str:
    return family if family in ("boy", "girl", "old-man", "old-woman", "baby") else build

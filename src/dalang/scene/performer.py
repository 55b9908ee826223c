"""Whom a shot shows: what of the prompt can be seen of one performer, or of several alike."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Action(StrEnum):
    """What a performer is shown doing."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    CRAWL = "crawl"
    CLIMB = "climb"
    JUMP = "jump"
    FLY = "fly"
    SWIM = "swim"
    SAIL = "sail"
    DRIVE = "drive"
    RIDE = "ride"
    DANCE = "dance"
    TURN = "turn"
    FALL = "fall"
    SIT = "sit"
    SLEEP = "sleep"
    EAT = "eat"
    TALK = "talk"
    WAVE = "wave"
    WORK = "work"
    """Busy with the hands: cooks, writes, mends, plays an instrument."""


class Colour(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"
    BROWN = "brown"
    BEIGE = "beige"
    BLACK = "black"
    GREY = "grey"
    WHITE = "white"
    SILVER = "silver"
    GOLD = "gold"
    COPPER = "copper"
    TURQUOISE = "turquoise"


class Size(StrEnum):
    TINY = "tiny"
    SMALL = "small"
    BIG = "big"
    GIANT = "giant"


class Age(StrEnum):
    BABY = "baby"
    CHILD = "child"
    YOUNG = "young"
    OLD = "old"


class Direction(StrEnum):
    """Where a performer goes, as the camera sees it."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    TOWARDS = "towards"
    AWAY = "away"


class Relation(StrEnum):
    """What one performer has to do with another."""

    CHASE = "chase"
    FOLLOW = "follow"
    MEET = "meet"
    HUG = "hug"
    GIVE = "give"
    """To the partner."""
    HOLD = "hold"
    """The partner is a thing in its hands."""
    RIDE = "ride"
    """The partner carries it."""
    WATCH = "watch"


class Garment(msgspec.Struct, frozen=True, kw_only=True):
    """One piece that a performer wears."""

    name: str
    """In `scene.wardrobe.GARMENTS`."""
    colour: Colour | None = None
    """None: the garment's own."""


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """How a performer acts on another of its shot."""

    relation: Relation
    partner: int
    """Its place in the shot's cast."""


class Performer(msgspec.Struct, frozen=True, kw_only=True):
    """A subject in a shot."""

    subject: str
    """A name in `scene.subjects.SUBJECTS`."""
    action: Action
    verb: str | None = None
    """The base form of the English verb for what the prompt has it do, also where no action shows that."""
    count: int = 1
    colour: Colour | None = None
    """None: that of its picture."""
    size: Size | None = None
    age: Age | None = None
    wears: tuple[Garment, ...] = ()
    direction: Direction | None = None
    bond: Bond | None = None

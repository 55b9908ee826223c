"""How long a step takes: the pace at which the picture shows a performer, and the ground that its legs cover.

The numbers are those of the bodies in `engines.animatic` (`bodies`); a test holds them together.
"""

from __future__ import annotations

import math

from dalang.scene.performer import Action, Age, Performer, Size
from dalang.scene.subject import Subject
from dalang.scene.subjects import SUBJECTS

PEOPLE = {Action.WALK: 0.62, Action.RUN: 1.10}
"""Ground covered in two steps, as a share of a person's height."""
HEIGHTS = {
    "man": 1.78,
    "woman": 1.68,
    "boy": 1.25,
    "girl": 1.22,
    "old-man": 1.70,
    "old-woman": 1.58,
    "baby": 0.75,
    "animal": 1.6,
}
"""Metres, by a person's build."""
AGED = {
    Age.BABY: ("baby", "baby"),
    Age.CHILD: ("boy", "girl"),
    Age.OLD: ("old-man", "old-woman"),
}
"""Builds of men and of women of an age."""
BEASTS = {Action.WALK: 1.15, Action.RUN: 0.62, Action.JUMP: 0.95}
"""Seconds of a loop of a four-legged body a metre high at its withers."""
OWN = {
    "bear": {Action.WALK: 1.25},
    "koala": {Action.WALK: 1.25},
    "sloth": {Action.WALK: 4.5, Action.RUN: 4.5},
    "frog": {Action.WALK: 1.2, Action.RUN: 1.2},
}
"""The same of builds that go in a way of their own."""
CADENCE = 0.45
"""Power of its withers' height by which a larger one steps more slowly."""
STANDING = {
    **{"canine": 1.49, "feline": 1.44, "bear": 1.33, "raccoon": 1.32, "ape": 1.43, "rodent": 1.23, "equine": 1.66},
    **{
        "moose": 1.56,
        "boar": 0.99,
        "cat": 1.45,
        "dog": 1.44,
        "hamster": 1.12,
        "koala": 1.25,
        "sloth": 1.25,
        "frog": 0.91,
    },
}
"""Heights of standing bodies, in heights of their withers."""
USUAL = 1.4
"""Of a body that is newer than this table: its steps are heard a little early or late."""
SIZES = {None: 1.0, Size.TINY: 0.45, Size.SMALL: 0.7, Size.BIG: 1.4, Size.GIANT: 2.2}


def cycle(performer: Performer) -> float:
    """Seconds in which `performer` makes two steps, or an animal one with each leg; 0: it goes nowhere on its feet."""
    subject = SUBJECTS[performer.subject]
    size = SIZES[performer.size]
    return max(1.0, size) * _cycle(subject, performer)


def _cycle(subject: Subject, performer: Performer) -> float:
    action = performer.action
    if subject.body == "beast":
        return _beast(subject, action)
    pace = subject.pace(action)
    if not pace:
        return 0.0
    if subject.body == "person":
        return PEOPLE[action] * _height(subject, performer.age) / pace if action in PEOPLE else 0.0
    return subject.stride / pace


def _beast(subject: Subject, action: Action) -> float:
    cadences = BEASTS | OWN.get(subject.build, {})
    if action not in cadences:
        return 0.0
    return cadences[action] * math.pow(subject.height / STANDING.get(subject.build, USUAL), CADENCE)


def _height(subject: Subject, age: Age | None) -> float:
    build = subject.build or "man"
    return HEIGHTS[AGED[age][build in ("woman", "girl", "old-woman")] if age in AGED else build]

"""One take's plan, from the English words of its text and what it must do without."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TypeVar

import msgspec

from dalang.scene.language import is_english
from dalang.scene.lexicon import CAMERAS, PLACES, TIMES, UNBUILT, VIEWS, WEAK_PLACES, WEATHERS
from dalang.scene.nouns import Found, find
from dalang.scene.plan import Action, Camera, Place, Shot, Time, View, Weather
from dalang.scene.subjects import DOING, SUBJECTS, Subject
from dalang.scene.tokens import singular, spans, tokens, without_traps
from dalang.scene.unwanted import THINGS, Unwanted
from dalang.scene.verbs import action_of, verb_of

Meaning = TypeVar("Meaning")

LONGEST = 6
"""Words in the longest phrase of the lexicon."""

ONLY_ENGLISH = "Only English prompts are understood so far; the set is shown without a subject."


PLACES_BY_USE = (Place.MEADOW, Place.STREET, Place.SEA, Place.DESERT, Place.SNOW)
"""Which set stands in for one that is unwanted."""
CAMERAS_BY_USE = (Camera.DOLLY_IN, Camera.PAN_RIGHT, Camera.PAN_LEFT, Camera.DOLLY_OUT, Camera.STATIC)
PRONOUNS = frozenset(["he", "her", "him", "his", "it", "its", "she", "their", "them", "they"])


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """A shot, and which of its parts the text itself names."""

    shot: Shot
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Warnings that there is no subject."""
    refers: bool = False
    """Whether it speaks of somebody by a pronoun."""
    place: Place | None = None
    time: Time | None = None
    weather: Weather | None = None
    camera: Camera | None = None
    view: View | None = None


def take(text: str, duration: float, unwanted: Unwanted) -> Take:
    """The plan of one shot. Words that mean nothing here are passed over."""
    if not is_english(text):
        return _take([], Found(), duration, unwanted, (ONLY_ENGLISH,))
    words = without_traps(tokens(text))
    return _take(words, find(words, unwanted.subjects), duration, unwanted, ())


def _take(words: list[str], found: Found, duration: float, unwanted: Unwanted, warnings: tuple[str, ...]) -> Take:
    verb = verb_of(words, found.at) if found.subject else None
    subject = _doing(SUBJECTS[found.subject], verb) if found.subject else None
    action = action_of(verb, subject) if subject else Action.STAND
    if subject:
        warnings += _undone(found, verb, action, subject) + _unshown(found)
    shot = _shot(words, subject, action, duration, unwanted)
    return Take(
        shot=shot,
        warnings=_excluded(dict.fromkeys((*found.excluded, *_refused(words, unwanted))))
        + warnings
        + _unbuilt(words, subject),
        missing=_missing(found),
        refers=not PRONOUNS.isdisjoint(words),
        place=_allowed(_places(words), unwanted.places),
        time=_allowed(_all(words, TIMES), unwanted.times),
        weather=_allowed(_all(words, WEATHERS), unwanted.weathers),
        camera=_allowed(_all(words, CAMERAS), unwanted.cameras),
        view=_first(words, VIEWS),
    )


def _shot(
    words: list[str], subject: Subject | None, action: Action | None, duration: float, unwanted: Unwanted
) -> Shot:
    home = subject.home if subject else _first(words, UNBUILT) or Place.MEADOW
    own = subject.action if subject else Action.STAND
    return Shot(
        place=_choose(_places(words), home, PLACES_BY_USE, unwanted.places),
        time=_choose(_all(words, TIMES), Time.DAY, Time, unwanted.times),
        weather=_choose(_all(words, WEATHERS), Weather.CLEAR, Weather, unwanted.weathers),
        camera=_choose(_all(words, CAMERAS), Camera.DOLLY_IN, CAMERAS_BY_USE, unwanted.cameras),
        subject=subject.name if subject else None,
        action=action or own,
        duration=duration,
        without=unwanted.things,
    )


def _choose(named: list[Meaning], default: Meaning, order: Iterable[Meaning], unwanted: frozenset[Meaning]) -> Meaning:
    """What is named first and may be, else the default, else the first that may be; the default where nothing may."""
    return _allowed((*named, default, *order), unwanted) or default


def _allowed(named: Iterable[Meaning], unwanted: frozenset[Meaning]) -> Meaning | None:
    return next((each for each in named if each not in unwanted), None)


def _places(words: list[str]) -> list[Place]:
    """The places named, weak ones last."""
    named = _phrases(words, PLACES)
    return [PLACES[phrase] for phrase in sorted(named, key=WEAK_PLACES.__contains__)]


def _refused(words: list[str], unwanted: Unwanted) -> tuple[str, ...]:
    """Phrases of the text whose meaning is unwanted."""
    things = [phrase for phrase in _phrases(words, THINGS) if THINGS[phrase] <= unwanted.things]
    return (
        *_meaning(words, PLACES, unwanted.places),
        *_meaning(words, TIMES, unwanted.times),
        *_meaning(words, WEATHERS, unwanted.weathers),
        *_meaning(words, CAMERAS, unwanted.cameras),
        *things,
    )


def _meaning(words: list[str], table: dict[str, Meaning], unwanted: frozenset[Meaning]) -> list[str]:
    return [phrase for phrase in _phrases(words, table) if table[phrase] in unwanted]


def _doing(subject: Subject, verb: str | None) -> Subject:
    """The subject in the picture that shows it at what it does: a man who runs is `running-man`."""
    name = DOING[verb].get(subject.name) if verb in DOING else None
    return SUBJECTS[name] if name else subject


def _missing(found: Found) -> tuple[str, ...]:
    if found.unknown is None:
        return ()
    return (f"No picture for '{found.unknown}'; the set is shown without a subject.",)


def _undone(found: Found, verb: str | None, action: Action | None, subject: Subject) -> tuple[str, ...]:
    if action is not None:
        return ()
    return (f"The {found.subject} is shown to {subject.action}, not to {verb}.",)


def _unshown(found: Found) -> tuple[str, ...]:
    return tuple(f"Only one subject is shown: the {found.subject}, not the {other}." for other in found.others)


def _excluded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"The negative prompt excludes '{name}', which the prompt names; it is left out." for name in names)


def _unbuilt(words: list[str], subject: Subject | None) -> tuple[str, ...]:
    if _all(words, PLACES) or not (missing := _phrases(words, UNBUILT)):
        return ()
    shown = subject.home if subject else UNBUILT[missing[0]]
    return (f"No set for '{missing[0]}' yet; the {shown} is shown.",)


def _first(words: list[str], table: dict[str, Meaning]) -> Meaning | None:
    return next(iter(_all(words, table)), None)


def _all(words: list[str], table: dict[str, Meaning]) -> list[Meaning]:
    return [table[phrase] for phrase in _phrases(words, table)]


def _phrases(words: list[str], table: Container[str]) -> list[str]:
    """The table's phrases in the order of the words; where one lies inside another, only the longer."""
    found: list[str] = []
    end = 0
    for at, phrase in spans(words, LONGEST):
        known = phrase if phrase in table else _last_singular(phrase)
        if at >= end and known in table:
            found.append(known)
            end = at + phrase.count(" ") + 1
    return found


def _last_singular(phrase: str) -> str:
    head, space, last = phrase.rpartition(" ")
    return head + space + singular(last)

"""One take's plan, from the words of its text and what it must do without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from dalang.scene.craft import Named
from dalang.scene.nouns import Found
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Angle, Camera, Place, Shot, Time, View, Weather
from dalang.scene.reading import Reading, read
from dalang.scene.subjects import DOING, SUBJECTS, Subject
from dalang.scene.unwanted import Unwanted
from dalang.scene.verbs import action_of

Meaning = TypeVar("Meaning")

PLACES_BY_USE = (Place.MEADOW, Place.STREET, Place.SEA, Place.DESERT, Place.SNOW)
"""Which set stands in for one that is unwanted."""
CAMERAS_BY_USE = (Camera.DOLLY_IN, Camera.PAN_RIGHT, Camera.PAN_LEFT, Camera.DOLLY_OUT, Camera.STATIC)


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
    reading = read(text, unwanted.subjects)
    found = reading.found
    subject = _doing(SUBJECTS[found.subject], reading.verb) if found.subject else None
    action = action_of(reading.verb, subject) if subject else Action.STAND
    undone = _undone(found, reading.verb, action, subject) + _unshown(found) if subject else ()
    return Take(
        shot=_shot(reading, subject, action, duration, unwanted),
        warnings=(
            *_excluded(dict.fromkeys((*found.excluded, *_refused(reading, unwanted)))),
            *reading.warnings,
            *undone,
            *_unbuilt(reading, subject),
        ),
        missing=_missing(found),
        refers=reading.refers,
        place=_allowed(_meanings(reading.places), unwanted.places),
        time=_allowed(_meanings(reading.craft.times), unwanted.times),
        weather=_allowed(_meanings(reading.craft.weathers), unwanted.weathers),
        camera=_allowed(_meanings(reading.craft.cameras), unwanted.cameras),
        view=_first(reading.craft.views),
    )


def _shot(
    reading: Reading, subject: Subject | None, action: Action | None, duration: float, unwanted: Unwanted
) -> Shot:
    home = subject.home if subject else next(iter(_meanings(reading.unbuilt)), Place.MEADOW)
    own = subject.action if subject else Action.STAND
    return Shot(
        place=_choose(_meanings(reading.places), home, PLACES_BY_USE, unwanted.places),
        time=_choose(_meanings(reading.craft.times), Time.DAY, Time, unwanted.times),
        weather=_choose(_meanings(reading.craft.weathers), Weather.CLEAR, Weather, unwanted.weathers),
        camera=_choose(_meanings(reading.craft.cameras), Camera.DOLLY_IN, CAMERAS_BY_USE, unwanted.cameras),
        cast=(Performer(subject=subject.name, action=action or own, verb=reading.verb),) if subject else (),
        duration=duration,
        view=_first(reading.craft.views) or View.MEDIUM,
        angle=_first(reading.craft.angles) or Angle.EYE,
        season=_first(reading.craft.seasons),
        mood=_first(reading.craft.moods),
        light=_first(reading.craft.lights),
        style=_first(reading.craft.styles),
        effects=frozenset(_meanings(reading.craft.effects)) - unwanted.effects,
        without=unwanted.things,
    )


def _choose(named: list[Meaning], default: Meaning, order: Iterable[Meaning], unwanted: frozenset[Meaning]) -> Meaning:
    """What is named first and may be, else the default, else the first that may be; the default where nothing may."""
    return _allowed((*named, default, *order), unwanted) or default


def _allowed(named: Iterable[Meaning], unwanted: frozenset[Meaning]) -> Meaning | None:
    return next((each for each in named if each not in unwanted), None)


def _first(named: Named[Meaning]) -> Meaning | None:
    return named[0][1] if named else None


def _meanings(named: Named[Meaning]) -> list[Meaning]:
    return [meaning for _, meaning in named]


def _refused(reading: Reading, unwanted: Unwanted) -> tuple[str, ...]:
    """Phrases of the text whose meaning is unwanted."""
    return (
        *(phrase for phrase, place in reading.places if place in unwanted.places),
        *(phrase for phrase, time in reading.craft.times if time in unwanted.times),
        *(phrase for phrase, weather in reading.craft.weathers if weather in unwanted.weathers),
        *(phrase for phrase, camera in reading.craft.cameras if camera in unwanted.cameras),
        *(phrase for phrase, effect in reading.craft.effects if effect in unwanted.effects),
        *(phrase for phrase, things in reading.things if things <= unwanted.things),
    )


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


def _unbuilt(reading: Reading, subject: Subject | None) -> tuple[str, ...]:
    if reading.places or not reading.unbuilt:
        return ()
    phrase, stand_in = reading.unbuilt[0]
    return (f"No set for '{phrase}' yet; the {subject.home if subject else stand_in} is shown.",)

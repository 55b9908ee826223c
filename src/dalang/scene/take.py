"""One take's plan, from the words of its text and what it must do without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from dalang.scene.casting import MOST, Cast
from dalang.scene.craft import Named
from dalang.scene.dialogue import Quote, lines
from dalang.scene.heard import Music, Tongue
from dalang.scene.performer import Performer
from dalang.scene.plan import Angle, Camera, Mood, Place, Shot, Time, View, Weather
from dalang.scene.reading import Reading, read
from dalang.scene.subjects import SUBJECTS
from dalang.scene.traits import WORDS
from dalang.scene.unwanted import Unwanted

Meaning = TypeVar("Meaning")

LIKENED = {tongue: words["stand_ins"] for tongue, words in WORDS.items()}
"""Places that the set of another is shown for, whomever the text names."""
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
    angle: Angle | None = None
    mood: Mood | None = None
    """What it says of the mood itself."""
    music: Music | None = None
    is_silent: bool = False
    """Whether it wants no music."""
    quotes: tuple[Quote, ...] = ()
    tongue: Tongue = "en"


def take(text: str, duration: float, unwanted: Unwanted, before: tuple[Performer, ...] = ()) -> Take:
    """The plan of one shot. Words that mean nothing here are passed over."""
    reading = read(text, unwanted.subjects, before)
    cast = reading.cast
    named = Take(
        shot=_shot(reading, duration, unwanted),
        warnings=(
            *_excluded(dict.fromkeys((*cast.excluded, *_refused(reading, unwanted)))),
            *reading.warnings,
            *_unshown(cast),
            *_unbuilt(reading),
        ),
        missing=_missing(cast),
        refers=reading.refers,
        place=_allowed(_meanings(reading.places), unwanted.places),
        time=_allowed(_meanings(reading.craft.times), unwanted.times),
        weather=_allowed(_meanings(reading.craft.weathers), unwanted.weathers),
        camera=_allowed(_meanings(reading.craft.cameras), unwanted.cameras),
        view=_first(reading.craft.views),
        angle=_first(reading.craft.angles),
        mood=reading.craft.mood,
        music=reading.heard.music,
        is_silent=reading.heard.is_silent or "music" in unwanted.heard,
        quotes=() if "dialogue" in unwanted.heard else reading.quotes,
        tongue=reading.tongue,
    )
    return sounding(named)


def sounding(own: Take) -> Take:
    """`own` with its music, or the music of its mood, and its lines as its cast says them."""
    played = own.music or (Music() if own.shot.mood else None)
    shot = msgspec.structs.replace(
        own.shot,
        music=None if own.is_silent else played,
        dialogue=lines(own.quotes, own.shot.cast, own.tongue),
    )
    return msgspec.structs.replace(own, shot=shot)


def _shot(reading: Reading, duration: float, unwanted: Unwanted) -> Shot:
    performers = reading.cast.performers
    home = _home(reading) or Place.MEADOW
    return Shot(
        place=_choose(_meanings(reading.places), home, PLACES_BY_USE, unwanted.places),
        time=_choose(_meanings(reading.craft.times), Time.DAY, Time, unwanted.times),
        weather=_choose(_meanings(reading.craft.weathers), Weather.CLEAR, Weather, unwanted.weathers),
        camera=_choose(_meanings(reading.craft.cameras), Camera.DOLLY_IN, CAMERAS_BY_USE, unwanted.cameras),
        cast=performers,
        duration=duration,
        view=_first(reading.craft.views) or View.MEDIUM,
        angle=_first(reading.craft.angles) or Angle.EYE,
        season=_first(reading.craft.seasons),
        mood=_first(reading.craft.moods),
        light=_first(reading.craft.lights),
        style=_first(reading.craft.styles),
        effects=frozenset(_meanings(reading.craft.effects)) - unwanted.effects,
        sounds=reading.heard.sounds,
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


def _missing(cast: Cast) -> tuple[str, ...]:
    if cast.unknown is None:
        return ()
    instead = "it is left out" if cast.performers else "the set is shown without a subject"
    return (f"No picture for '{cast.unknown}'; {instead}.",)


def _unshown(cast: Cast) -> tuple[str, ...]:
    """What of the performers is not shown as the text has it."""
    return (
        *(f"The {name} is shown to {action}, not to {verb}." for name, action, verb in cast.undone),
        *(f"No picture for '{noun}'; a person is shown." for noun in cast.stand_ins),
        *(f"No picture for '{noun}'; it is left out." for noun in cast.strangers),
        *(f"Only {MOST} subjects are shown, not the {name}." for name in cast.surplus),
    )


def _excluded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"The negative prompt excludes '{name}', which the prompt names; it is left out." for name in names)


def _home(reading: Reading) -> Place | None:
    """Where it is where the text names no place that has a set: in what stands in for it, or at the lead's home."""
    lead = next(iter(reading.cast.performers), None)
    stand_in = next(iter(_meanings(reading.unbuilt)), None)
    return stand_in or (SUBJECTS[lead.subject].home if lead else None)


def _unbuilt(reading: Reading) -> tuple[str, ...]:
    if reading.places:
        phrase, place = reading.places[0]
        return (f"No set for '{phrase}' yet; the {place} is shown.",) if phrase in LIKENED[reading.tongue] else ()
    if not reading.unbuilt:
        return ()
    return (f"No set for '{reading.unbuilt[0][0]}' yet; the {_home(reading)} is shown.",)

"""A prompt's plan, from its English words."""

from __future__ import annotations

from typing import TypeVar

from dalang.scene.language import is_english
from dalang.scene.lexicon import CAMERAS, PLACES, TIMES, UNBUILT, WEAK_PLACES, WEATHERS
from dalang.scene.nouns import Found, find
from dalang.scene.people import DOING
from dalang.scene.plan import Action, Camera, Place, Scene, Shot, Time, Weather
from dalang.scene.subjects import SUBJECTS, Subject
from dalang.scene.tokens import singular, spans, tokens, without_traps
from dalang.scene.verbs import action_of, verb_of

Meaning = TypeVar("Meaning")

LONGEST = 6
"""Words in the longest phrase of the lexicon."""

ONLY_ENGLISH = "Only English prompts are understood so far; the set is shown without a subject."


def parse(prompt: str, duration: float) -> Scene:
    """The plan of a clip of `duration` seconds: one shot. Words that mean nothing here are passed over."""
    if not is_english(prompt):
        return _scene(_shot([], None, Action.STAND, duration), (ONLY_ENGLISH,))
    words = without_traps(tokens(prompt))
    found = find(words)
    if found.subject is None:
        return _scene(_shot(words, None, Action.STAND, duration), _missing(found) + _unbuilt(words, None))
    verb = verb_of(words, found.at)
    subject = _doing(SUBJECTS[found.subject], verb)
    action = action_of(verb, subject)
    warnings = _undone(found, verb, action, subject) + _unshown(found) + _unbuilt(words, subject)
    return _scene(_shot(words, subject, action or subject.action, duration), warnings)


def _scene(shot: Shot, warnings: tuple[str, ...]) -> Scene:
    return Scene(shots=(shot,), warnings=warnings)


def _shot(words: list[str], subject: Subject | None, action: Action, duration: float) -> Shot:
    weather = _first(words, WEATHERS)
    return Shot(
        place=_place(words) or (subject.home if subject else _first(words, UNBUILT) or Place.MEADOW),
        time=_first(words, TIMES) or Time.DAY,
        weather=weather or Weather.CLEAR,
        camera=_first(words, CAMERAS) or Camera.DOLLY_IN,
        subject=subject.name if subject else None,
        action=action,
        duration=duration,
    )


def _place(words: list[str]) -> Place | None:
    """The first place named; a weak one only where no other is."""
    named = _phrases(words, PLACES)
    strong = [phrase for phrase in named if phrase not in WEAK_PLACES]
    return PLACES[(strong or named)[0]] if named else None


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


def _unbuilt(words: list[str], subject: Subject | None) -> tuple[str, ...]:
    if _all(words, PLACES) or not (missing := _phrases(words, UNBUILT)):
        return ()
    shown = subject.home if subject else UNBUILT[missing[0]]
    return (f"No set for '{missing[0]}' yet; the {shown} is shown.",)


def _first(words: list[str], table: dict[str, Meaning]) -> Meaning | None:
    return next(iter(_all(words, table)), None)


def _all(words: list[str], table: dict[str, Meaning]) -> list[Meaning]:
    return [table[phrase] for phrase in _phrases(words, table)]


def _phrases(words: list[str], table: dict[str, Meaning]) -> list[str]:
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

"""What drives, flies and calls: higher the faster, none where nothing can be heard."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.scene.heard import Line
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Shot, Time, Weather
from dalang.scene.subject import Subject
from dalang.scene.subjects import SUBJECTS
from dalang.sound.calls import CALLS
from dalang.sound.foley import foley
from dalang.sound.motors import MOTORS, OTHERS, PITCHES, SILENT, drive
from dalang.sound.tone import RATE, Track


def heard(subject: Subject, action: Action, place: Place = Place.STREET) -> Track | None:
    voice = drive(subject, action, place)
    return None if voice is None else voice(3 * RATE, np.random.default_rng(1))


def firing(track: Track) -> float:
    """Hz of the strongest tone under 220 Hz."""
    power = np.abs(np.fft.rfft(track[:, 0], 8 * RATE)) ** 2
    return float(np.fft.rfftfreq(8 * RATE, 1 / RATE)[8 * 20 + np.argmax(power[8 * 20 : 8 * 220])])


def shot(*cast: Performer, lines: tuple[Line, ...] = ()) -> Shot:
    return Shot(
        place=Place.MEADOW,
        time=Time.DAY,
        weather=Weather.CLEAR,
        camera=Camera.STATIC,
        duration=5.0,
        cast=cast,
        dialogue=lines,
    )


def test_names_are_those_of_subjects() -> None:
    assert set(MOTORS) | set(OTHERS) | set(PITCHES) | SILENT | set(CALLS) <= set(SUBJECTS)


def test_a_motor_turns_faster_the_faster_it_goes() -> None:
    slow, fast = (heard(SUBJECTS[name], Action.DRIVE) for name in ("tractor", "racing-car"))
    assert slow is not None
    assert fast is not None
    assert firing(fast) > 3 * firing(slow)


@pytest.mark.parametrize("name", ["car", "helicopter", "train", "boat", "eagle", "bee", "ufo", "skier", "rower"])
def test_what_goes_is_heard(name: str) -> None:
    track = heard(SUBJECTS[name], SUBJECTS[name].action)
    assert track is not None
    assert np.sqrt(np.mean(track**2)) > 0.05


def test_what_stands_and_what_flies_in_space_is_not_heard() -> None:
    assert heard(SUBJECTS["car"], Action.STAND) is None
    assert heard(SUBJECTS["ufo"], Action.FLY, Place.SPACE) is None


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_call_is_short_and_whole(name: str) -> None:
    call = CALLS[name](np.random.default_rng(4))
    assert 0.1 < len(call) / RATE < 5
    assert np.abs(call).max() > 0.1
    assert max(abs(call[0]), abs(call[-1])) < 0.05


def test_an_animal_calls_unless_it_sleeps_or_speaks() -> None:
    cat = Performer(subject="cat", action=Action.SIT)
    asleep = Performer(subject="cat", action=Action.SLEEP)
    assert foley(shot(cat), 5 * RATE, np.random.default_rng(0)).any()
    assert not foley(shot(asleep), 5 * RATE, np.random.default_rng(0)).any()
    assert not foley(shot(cat, lines=(Line(says="Hello.", speaker=0),)), 5 * RATE, np.random.default_rng(0)).any()

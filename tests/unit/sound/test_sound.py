"""Tracks: as long as their shots, level, without clicks, and telling places and weathers apart."""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np
import pytest

from dalang.engines import SAMPLE_RATE
from dalang.scene.parse import parse
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Scene, Shot, Thing, Time, Weather
from dalang.sound import soundtrack
from dalang.sound.loudness import loudness, true_peaks
from dalang.sound.tone import RATE, Track, chirp, drift, noise, put

SHOT = Shot(
    place=Place.MEADOW,
    time=Time.DAY,
    weather=Weather.CLEAR,
    camera=Camera.STATIC,
    duration=3.0,
)


def scene(**changes: object) -> Scene:
    return Scene(shots=(msgspec.structs.replace(SHOT, **changes),))


def decibels(value: float) -> float:
    return float(20 * np.log10(value))


def power(track: Track, low: float, high: float) -> float:
    """Part of the power that lies between two frequencies in Hz."""
    spectrum = np.abs(np.fft.rfft(track[:, 0])) ** 2
    frequency = np.fft.rfftfreq(len(track), 1 / RATE)
    return float(spectrum[(frequency >= low) & (frequency < high)].sum() / spectrum.sum())


HOURS_AND_WEATHERS = list(product((Time.DAY, Time.NIGHT), Weather))
SETTINGS = [(place, *HOURS_AND_WEATHERS[number % len(HOURS_AND_WEATHERS)]) for number, place in enumerate(Place)]


@pytest.mark.parametrize(("place", "time", "weather"), SETTINGS)
def test_every_place_is_as_loud_as_the_next_and_its_peaks_are_held(place: Place, time: Time, weather: Weather) -> None:
    track = soundtrack(scene(place=place, time=time, weather=weather), 1)
    assert (track.shape, track.dtype) == ((3 * SAMPLE_RATE, 2), np.float32)
    assert loudness(track) == pytest.approx(-16, abs=1)
    assert decibels(true_peaks(track, 0.0).max()) <= -1
    assert abs(track.mean()) < 1e-3


@pytest.mark.parametrize("durations", [(5.0,), (5 / 3, 5 / 3, 5 / 3), (0.2, 0.1, 1.7), (1.23456789, 0.76543211)])
def test_track_is_as_long_as_the_shots(durations: tuple[float, ...]) -> None:
    shots = (
        msgspec.structs.replace(SHOT, place=place, duration=seconds)
        for place, seconds in zip(Place, durations, strict=False)
    )
    track = soundtrack(Scene(shots=tuple(shots)), 3)
    assert len(track) == round(sum(durations) * SAMPLE_RATE)
    assert np.isfinite(track).all()


def test_same_seed_same_track_and_another_seed_another() -> None:
    assert np.array_equal(soundtrack(scene(), 5), soundtrack(scene(), 5))
    assert not np.array_equal(soundtrack(scene(), 5), soundtrack(scene(), 6))


def test_track_fades_in_and_out() -> None:
    track = np.abs(soundtrack(scene(), 2))
    assert track[:48].max() < 0.01
    assert track[-48:].max() < 0.01


def test_one_sound_runs_through_cuts_within_a_place() -> None:
    whole = soundtrack(scene(duration=4.0), 9)
    half = msgspec.structs.replace(SHOT, duration=2.0)
    house = msgspec.structs.replace(
        half, cast=(Performer(subject="house", action=Action.STAND),), camera=Camera.PAN_LEFT
    )
    assert np.array_equal(soundtrack(Scene(shots=(half, house)), 9), whole)


def test_a_change_of_place_is_heard_without_a_gap() -> None:
    street = msgspec.structs.replace(SHOT, place=Place.STREET)
    track = soundtrack(Scene(shots=(SHOT, street)), 4)
    loudness = [np.sqrt(np.mean(part**2)) for part in np.split(track, 60)]
    assert decibels(min(loudness[10:50]) / float(np.median(loudness))) > -12


def test_rain_hisses_crickets_chirp_and_birds_sing_at_their_pitch() -> None:
    day, snow = soundtrack(scene(), 1), soundtrack(scene(weather=Weather.SNOW), 1)
    night, rain = soundtrack(scene(time=Time.NIGHT), 1), soundtrack(scene(weather=Weather.RAIN), 1)
    assert power(rain, 2000, 10_000) > 5 * power(snow, 2000, 10_000)
    assert power(night, 4000, 5000) > 5 * power(snow, 4000, 5000)
    assert power(day, 2000, 6000) > 1.5 * power(snow, 2000, 6000)


def test_birds_insects_and_passing_cars_are_not_heard_where_they_are_unwanted() -> None:
    for fields, thing, low, high in (
        ({}, Thing.BIRDS, 2000, 6000),
        ({"time": Time.NIGHT}, Thing.INSECTS, 4000, 5000),
    ):
        shown, spared = (soundtrack(scene(**fields, without=frozenset(each)), 1) for each in ((), (thing,)))
        assert power(shown, low, high) > 1.5 * power(spared, low, high)
    street = [soundtrack(scene(place=Place.STREET, without=frozenset(each)), 1) for each in ((), (Thing.TRAFFIC,))]
    swells = [np.ptp([np.sqrt(np.mean(part**2)) for part in np.split(track, 12)[1:-1]]) for track in street]
    assert swells[0] > 2 * swells[1], "cars come and go"


def test_no_rain_is_heard_where_it_is_unwanted() -> None:
    wet, dry = (soundtrack(parse("a city street in the rain", 3.0, negative=text), 1) for text in ("", "rain"))
    assert power(wet, 2000, 10_000) > 3 * power(dry, 2000, 10_000)


def test_driving_adds_a_motor() -> None:
    still, driving = soundtrack(scene(), 1), soundtrack(scene(cast=(Performer(subject="car", action=Action.DRIVE),)), 1)
    assert power(driving, 55, 75) > 4 * power(still, 55, 75)


def test_engines_and_sound_agree_on_the_rate() -> None:
    assert RATE == SAMPLE_RATE


def test_noise_stays_in_its_band() -> None:
    track = noise(RATE, 1000, 2000, 0, np.random.default_rng(0))
    assert power(track, 500, 4000) > 0.9
    assert np.sqrt(np.mean(track**2)) == pytest.approx(1, rel=0.1)


def test_drift_stays_between_0_and_1_and_has_no_steps() -> None:
    line = drift(RATE * 10, 0.5, np.random.default_rng(0))
    assert 0 <= line.min() < 0.3
    assert 0.7 < line.max() <= 1
    assert np.abs(np.diff(line)).max() < 1e-3


def test_a_tone_is_put_where_it_belongs_and_cut_at_the_end() -> None:
    track = np.zeros((RATE, 2), np.float32)
    tone = chirp(0.5, lambda time: 440 + 0 * time)
    put(track, tone, 0.75, pan=0.0)
    assert not track[: RATE * 3 // 4].any()
    assert track[RATE * 3 // 4 :, 0].any()
    assert np.abs(track[:, 1]).max() < 1e-6

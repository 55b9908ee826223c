"""Named sounds: a voice for each row of the table, and each where its kind of sound has its energy and its shape."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.scene.noises import NOISES
from dalang.scene.plan import Effect
from dalang.sound.noises import EFFECTS, VOICES
from dalang.sound.tone import RATE, Track


def voiced(name: str, seconds: int = 5) -> Track:
    return VOICES[name](seconds * RATE, np.random.default_rng(2))


def centroid(track: Track) -> float:
    """Hz of the middle of the power."""
    power = np.abs(np.fft.rfft(track.sum(axis=1))) ** 2
    return float((np.fft.rfftfreq(len(track), 1 / RATE) * power).sum() / power.sum())


def part(track: Track, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(track.sum(axis=1))) ** 2
    frequency = np.fft.rfftfreq(len(track), 1 / RATE)
    return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())


def crest(track: Track) -> float:
    """Of the loudest 20 ms over the median: high for what comes in strokes."""
    level = np.sqrt((track[: len(track) // 960 * 960] ** 2).reshape(-1, 1920).mean(axis=1))
    return float(level.max() / (np.median(level) + 1e-6))


def test_every_name_of_the_table_has_a_voice() -> None:
    assert set(NOISES) <= set(VOICES)


@pytest.mark.parametrize("name", sorted(VOICES))
def test_every_voice_is_heard_as_long_as_it_is_told(name: str) -> None:
    track = voiced(name, 3)
    assert (track.shape, track.dtype) == ((3 * RATE, 2), np.float32)
    assert np.isfinite(track).all()
    assert np.abs(track).max() > 0.2
    assert abs(track.mean()) < 0.02


@pytest.mark.parametrize("name", ["heartbeat", "thunder", "explosion", "engine", "hum"])
def test_deep_sounds_are_deep(name: str) -> None:
    assert centroid(voiced(name)) < 600


@pytest.mark.parametrize("name", ["sizzling", "glass", "crickets", "rain", "birdsong", "click"])
def test_high_sounds_are_high(name: str) -> None:
    assert centroid(voiced(name)) > 1800


@pytest.mark.parametrize("name", ["knock", "clock", "click", "door", "footsteps", "heartbeat", "glass"])
def test_strokes_stand_out_of_silence(name: str) -> None:
    assert crest(voiced(name)) > 8


@pytest.mark.parametrize("name", ["rain", "wind", "water", "hum", "engine", "applause"])
def test_what_lasts_has_no_pauses(name: str) -> None:
    assert crest(voiced(name)) < 4


def test_a_bell_rings_at_its_partials() -> None:
    track = voiced("bell")
    inside = sum(part(track, 392 * ratio * 0.98, 392 * ratio * 1.02) for ratio in (0.5, 1, 1.2, 1.5, 2, 2.6, 3))
    assert inside > 0.9


def test_a_siren_wails_between_its_two_pitches() -> None:
    assert part(voiced("siren"), 600, 1500) > 0.6


@pytest.mark.parametrize(("name", "low", "high"), [("cow", 100, 900), ("cat", 350, 3200), ("wolf", 280, 1500)])
def test_animals_call_in_their_register(name: str, low: float, high: float) -> None:
    assert part(voiced(name), low, high) > 0.8


def test_fire_is_heard_where_it_is_shown() -> None:
    assert Effect.FIRE in EFFECTS

"""Speech: in its line's time, in its speaker's voice, over a bed that makes room; or none at all, and a warning."""

from __future__ import annotations

from importlib import import_module

import msgspec
import numpy as np
import pytest

from dalang.scene.heard import Line, Music, Tone, Tongue
from dalang.scene.performer import Action, Age, Performer
from dalang.scene.plan import Camera, Place, Scene, Shot, Time, Weather
from dalang.scene.speaking import Spoken, spoken
from dalang.sound import soundtrack, unheard
from dalang.sound.espeak import PROGRAM, Utterance, available
from dalang.sound.loudness import loudness, true_peaks
from dalang.sound.mix import DUCKED, RAMP, ducking
from dalang.sound.speech import SLACK, fitted, speech, times, voice_of
from dalang.sound.tone import RATE

needs_espeak = pytest.mark.skipif(not available(), reason=f"{PROGRAM} is not installed")

CAST = tuple(Performer(subject=name, action=Action.TALK) for name in ("man", "woman", "boy"))
QUIET = Shot(
    place=Place.LIVING_ROOM, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=5.0, cast=CAST
)
HELLO = Line(says="Good evening, have you seen my brother?", speaker=0)
TALK = msgspec.structs.replace(QUIET, dialogue=(HELLO,))


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_program")
def test_without_the_program_nobody_speaks_and_the_caller_is_told() -> None:
    assert not speech(TALK, RATE).any()
    assert list(times(TALK)) == []
    (sentence,) = unheard(Scene(shots=(TALK, TALK)))
    assert PROGRAM in sentence
    assert np.array_equal(soundtrack(Scene(shots=(TALK,)), 1), soundtrack(Scene(shots=(QUIET,)), 1))


@pytest.mark.usefixtures("no_program")
def test_who_says_nothing_is_not_warned_of() -> None:
    assert unheard(Scene(shots=(QUIET,))) == ()


@needs_espeak
def test_with_the_program_there_is_no_warning() -> None:
    assert unheard(Scene(shots=(TALK,))) == ()


@needs_espeak
def test_the_caller_is_told_of_lines_that_are_cut_off() -> None:
    endless = msgspec.structs.replace(HELLO, says=HELLO.says * 20)
    assert len(unheard(Scene(shots=(TALK, msgspec.structs.replace(TALK, dialogue=(endless,)))))) == 1


def test_no_more_is_tried_than_can_be_said_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def voice(utterance: Utterance) -> np.ndarray:
        tried.append(utterance.text)
        return np.ones(10 * RATE, np.float32)

    monkeypatch.setattr(import_module("dalang.sound.speech"), "said", voice)
    line = Spoken(0.0, 2.0, Line(says="你" * 800, speaker=0, language="zh"))
    assert len(fitted(line, voice_of(QUIET, line))) <= SLACK * 2 * RATE
    assert max(map(len, tried)) < 50


@needs_espeak
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Where were you last night?"), ("zh", "我在这里等你很久了"), ("id", "Selamat malam, teman-teman semua.")],
)
def test_a_line_is_heard_in_its_time_and_not_outside(language: Tongue, text: str) -> None:
    shot = msgspec.structs.replace(QUIET, dialogue=(Line(says=text, speaker=0, language=language),))
    (line,) = spoken(shot)
    level = np.abs(speech(shot, 5 * RATE)).max(axis=1)
    heard = np.flatnonzero(level > 0.1 * level.max()) / RATE
    assert line.start - 0.05 <= heard[0] <= line.start + 0.15
    assert heard[-1] <= line.start + SLACK * (line.end - line.start) + 0.1
    assert heard[-1] - heard[0] > 0.6 * (line.end - line.start)


@needs_espeak
@pytest.mark.parametrize("seconds", [1.2, 1.8, 2.6])
def test_a_line_is_pressed_or_stretched_to_its_time(seconds: float) -> None:
    made = fitted(Spoken(0.0, seconds, HELLO), voice_of(TALK, spoken(TALK)[0]))
    assert 0.75 * seconds < len(made) / RATE <= SLACK * seconds


@needs_espeak
def test_the_same_line_sounds_the_same_again() -> None:
    assert np.array_equal(speech(TALK, 4 * RATE), speech(TALK, 4 * RATE))


@needs_espeak
def test_speech_stands_out_of_its_music_at_the_loudness_of_every_track() -> None:
    music = msgspec.structs.replace(TALK, music=Music(instrument="piano"))
    track = soundtrack(Scene(shots=(music,)), 2)
    assert loudness(track) == pytest.approx(-16, abs=1)
    assert true_peaks(track, 0.0).max() <= 10 ** (-1 / 20)


def test_men_women_children_and_the_old_have_voices_of_their_own() -> None:
    lines = tuple(Line(says="Hello.", speaker=number) for number in range(4))
    shot = msgspec.structs.replace(QUIET, cast=(*CAST, msgspec.structs.replace(CAST[0], age=Age.OLD)), dialogue=lines)
    man, woman, boy, old = (voice_of(shot, line) for line in spoken(shot))
    assert len({man, woman, boy, old}) == 4
    assert boy.pitch > woman.pitch > man.pitch > old.pitch
    assert woman.variant.startswith("f")


@needs_espeak
def test_a_whisper_has_no_pitch() -> None:
    def toned(tone: Tone) -> float:
        line = fitted(Spoken(0.0, 2.0, msgspec.structs.replace(HELLO, tone=tone)), voice_of(TALK, spoken(TALK)[0]))
        part = line[RATE // 2 : RATE // 2 + 8192]
        likeness = np.fft.irfft(np.abs(np.fft.rfft(part, 16384)) ** 2)
        return float(likeness[RATE // 300 : RATE // 70].max() / likeness[0])

    assert toned(Tone.PLAIN) > 1.5 * toned(Tone.WHISPERING)


def test_the_bed_goes_down_under_speech_and_comes_up_again_without_steps() -> None:
    gain = ducking([(1.0, 2.0)], 4 * RATE)
    assert gain[0] == gain[-1] == 1
    assert gain[RATE + RATE // 2] == pytest.approx(DUCKED)
    assert gain[round((1 - RAMP) * RATE) - 1] == 1
    assert np.abs(np.diff(gain)).max() < 1e-3

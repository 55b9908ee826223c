"""Music: in key, in time with its shots, with a cadence at their end, by the instruments that are named."""

from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest

from dalang.scene.heard import Music, Tempo
from dalang.scene.instruments import GENRES, INSTRUMENTS
from dalang.scene.plan import Camera, Mood, Place, Scene, Shot, Time, Weather
from dalang.sound import soundtrack
from dalang.sound.harmony import MODES, led
from dalang.sound.loudness import loudness
from dalang.sound.mix import generator
from dalang.sound.music import DOMINANT, compose, style_of
from dalang.sound.orchestra import ORCHESTRA
from dalang.sound.performance import LEVEL, piece
from dalang.sound.score import Score
from dalang.sound.steps import DANCED
from dalang.sound.styles import ENSEMBLES, MOODS, STYLES
from dalang.sound.tone import RATE, Track

NAMED = [Music(), *(Music(genre=name) for name in GENRES), *(Music(instrument=name) for name in INSTRUMENTS)]


def composed(music: Music, mood: Mood | None = None, seconds: float = 12.0) -> Score:
    return compose(music, mood, seconds, generator(3, "music"))


def cents(track: Track, pitch: float) -> float:
    """How far off `pitch` in Hz the period of a tone is, by autocorrelation."""
    line = track[4000 : 4000 + 32768]
    power = np.abs(np.fft.rfft(line, 1 << 17)) ** 2
    likeness = np.fft.irfft(power)
    low, high = int(RATE / pitch * 0.95), int(RATE / pitch * 1.05)
    at = low + int(np.argmax(likeness[low:high]))
    before, peak, after = likeness[at - 1 : at + 2]
    return float(1200 * np.log2(RATE / (at + 0.5 * (before - after) / (before - 2 * peak + after)) / pitch))


def test_every_instrument_and_genre_of_the_tables_can_be_played() -> None:
    assert set(INSTRUMENTS) <= set(ORCHESTRA) | set(ENSEMBLES)
    assert set(GENRES) == set(STYLES["genre"])
    assert set(MOODS) == {None, *Mood}


@pytest.mark.parametrize("music", NAMED, ids=lambda music: str(music.genre or music.instrument))
def test_what_is_composed_can_be_played_and_lasts_as_long_as_it_is_told(music: Music) -> None:
    for mood in (None, Mood.LONELY):
        score = composed(music, mood)
        assert score.parts or score.hits
        assert {part.instrument for part in score.parts} <= set(ORCHESTRA)
        assert score.beats * 60 / score.tempo == pytest.approx(12.0)
        assert all(0 <= note.beat < score.beats + 1 for part in score.parts for note in part.notes)


@pytest.mark.parametrize("name", [name for name in ORCHESTRA if name not in ("bells", "gamelan", "music-box")])
def test_instruments_are_in_tune(name: str) -> None:
    instrument = ORCHESTRA[name]
    number = (instrument.low + instrument.high) // 2
    pitch = 440 * 2 ** ((number - 69) / 12)
    assert abs(cents(instrument.tone(pitch, 1.6, np.random.default_rng(0)), pitch)) < 15


@pytest.mark.parametrize("mood", Mood)
def test_tones_are_of_the_key(mood: Mood) -> None:
    score, style = composed(Music(), mood), MOODS[mood]
    lead = score.parts[0].notes
    tonic = lead[-1].pitch
    assert {round((note.pitch - tonic) % 12, 2) for note in lead} <= {round(step, 2) for step in MODES[style.mode]}


def test_a_piece_ends_at_home_after_its_dominant() -> None:
    score = composed(Music(instrument="guitar"))
    bars = [
        {note.pitch % 12 for note in score.parts[1].notes if bar <= note.beat // 4 < bar + 1}
        for bar in range(int(score.beats // 4))
    ]
    tonic = score.parts[0].notes[-1].pitch % 12
    assert {tonic, (tonic + 4) % 12, (tonic + 7) % 12} == bars[-1]
    assert (tonic + 7) % 12 in bars[-2]
    assert DOMINANT[7] == 4


def test_a_motif_comes_back() -> None:
    notes = composed(Music(genre="folk"), seconds=15.0).parts[0].notes
    bars = [tuple(note.beats for note in notes if bar * 4 <= note.beat < bar * 4 + 4) for bar in range(6)]
    assert bars[0] == bars[1] == bars[4]


def test_chords_move_little() -> None:
    chords = [led(None, 60, "major", 0)]
    for root in (5, 1, 4, 0, 3, 4, 0):
        chords.append(led(chords[-1], 60, "major", root))
    steps = [max(abs(one - other) for one, other in zip(*pair, strict=True)) for pair in itertools.pairwise(chords)]
    assert max(steps) <= 5


def test_a_waltz_has_three_beats_and_tempo_is_as_asked() -> None:
    assert style_of(Music(genre="waltz"), None).metre == 3
    slow, fast = (composed(Music(instrument="piano", tempo=tempo)).tempo for tempo in (Tempo.SLOW, Tempo.FAST))
    assert fast > 1.3 * slow


@pytest.mark.parametrize(("instrument", "tones"), [("guzheng", 5), ("erhu", 5), ("gamelan", 5), ("piano", 7)])
def test_scales_are_those_of_the_instruments(instrument: str, tones: int) -> None:
    assert len(MODES[style_of(Music(instrument=instrument), None).mode]) == tones


def test_the_named_instrument_leads_a_genre() -> None:
    assert composed(Music(instrument="violin", genre="waltz")).parts[0].instrument == "violin"


def test_a_dark_mood_turns_a_genre_minor() -> None:
    assert style_of(Music(genre="waltz"), Mood.MELANCHOLY).mode == "minor"


def test_one_piece_runs_through_cuts_at_its_level() -> None:
    shot = Shot(
        place=Place.MEADOW,
        time=Time.DAY,
        weather=Weather.CLEAR,
        camera=Camera.STATIC,
        duration=6.0,
        music=Music(instrument="piano"),
    )
    half = msgspec.structs.replace(shot, duration=3.0)
    assert np.array_equal(soundtrack(Scene(shots=(shot,)), 4), soundtrack(Scene(shots=(half, half)), 4))
    silent = msgspec.structs.replace(shot, music=None)
    assert not np.array_equal(soundtrack(Scene(shots=(shot,)), 4), soundtrack(Scene(shots=(silent,)), 4))
    assert loudness(piece(Music(), Mood.CALM, 6 * RATE, generator(1, "x"))) == pytest.approx(LEVEL, abs=0.1)


@pytest.mark.parametrize("genre", ["dangdut", "waltz", "lofi"])
def test_a_dancer_steps_on_the_beat(genre: str) -> None:
    score = compose(Music(genre=genre), None, 10.0, generator(3, "music"), beat=DANCED)
    assert (DANCED * score.tempo / 60) % 1 == pytest.approx(0)
    assert score.beats * 60 / score.tempo <= 10.0

"""A score played: each note by its instrument, a little early or late, as people play."""

from __future__ import annotations

import numpy as np

from dalang.scene.heard import Music
from dalang.scene.plan import Mood
from dalang.sound.drums import DRUMS
from dalang.sound.harmony import hertz
from dalang.sound.loudness import loudness
from dalang.sound.music import compose
from dalang.sound.orchestra import ORCHESTRA
from dalang.sound.pattern import Random
from dalang.sound.room import HALL, resounding
from dalang.sound.score import Note, Part, Score
from dalang.sound.tone import RATE, Line, Track, put

LEVEL = -20.0
"""LUFS of a piece."""
RING = 1.6
"""Seconds that what rings goes on at the least."""
LOOSE = 0.007
"""Seconds by which a player is early or late, give or take."""
GRAIN = 0.08
"""Seconds to which lengths are rounded, so that tones can be played again."""
DRUM = 0.55
PANS = dict.fromkeys(DRUMS, 0.5) | {
    "hat": 0.62,
    "ride": 0.68,
    "shaker": 0.3,
    "tom": 0.35,
    "crash": 0.7,
    "tak": 0.42,
    "dut": 0.56,
    "block": 0.3,
}


def piece(music: Music, mood: Mood | None, samples: int, random: Random, *, beat: float | None = None) -> Track:
    """Music of so many samples in a hall, at LEVEL; somebody who dances to it steps every `beat` seconds."""
    score = compose(music, mood, samples / RATE, random, beat=beat)
    heard = resounding(played(score, samples, random), HALL)
    return heard * np.float32(10 ** ((LEVEL - loudness(heard)) / 20))


def played(score: Score, samples: int, random: Random) -> Track:
    """The sound of `score` in `samples`, not yet levelled."""
    track = np.zeros((samples, 2), np.float32)
    for part in score.parts:
        _play(track, part, 60 / score.tempo, random)
    hits = {drum: DRUMS[drum](random) for drum in sorted({hit.drum for hit in score.hits})}
    for hit in score.hits:
        late = max(0.0, hit.beat * 60 / score.tempo + random.normal(0, LOOSE / 2))
        loud = np.float32(DRUM * hit.loud * random.uniform(0.85, 1.0))
        put(track, hits[hit.drum] * loud, late, PANS[hit.drum])
    return track


def _play(track: Track, part: Part, beat: float, random: Random) -> None:
    """Tones of one pitch and length are made once."""
    instrument, tones = ORCHESTRA[part.instrument], dict[tuple[float, float], Line]()
    for note in part.notes:
        key = (note.pitch, _held(note, beat, instrument.rings))
        if key not in tones:
            tones[key] = instrument.tone(hertz(key[0]), key[1], random)
        second = max(0.0, note.beat * beat + random.normal(0, LOOSE))
        loud = np.float32(0.3 * instrument.level * part.level * note.loud * random.uniform(0.88, 1.0))
        if round(second * RATE) < len(track):
            put(track, tones[key] * loud, second, part.pan)


def _held(note: Note, beat: float, rings: bool) -> float:
    seconds = note.beats * beat
    return max(GRAIN, round(max(seconds, RING if rings else 0.0) / GRAIN) * GRAIN)

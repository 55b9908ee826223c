"""What is heard at a place, at an hour, in some weather: a sum of voices, each a function of length and chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from dalang.scene.plan import SHELTERED, Place, Shot, Thing, Time, Weather
from dalang.sound.tone import RATE, Line, Track, chirp, drift, noise, put

Random = np.random.Generator
Voice = Callable[[int, Random], Track]

GREEN = (Place.MEADOW, Place.FOREST, Place.RIVER)
"""Where birds sing by day and crickets by night."""


def ambience(shot: Shot, samples: int, random: Random) -> Track:
    """The sound around `shot`, `samples` long, not yet levelled."""
    track = np.zeros((samples, 2), np.float32)
    for voice, level in voices(shot):
        track += np.float32(level) * voice(samples, random)
    return track


def voices(shot: Shot) -> Iterator[tuple[Voice, float]]:
    """The voices heard in `shot`, each with its RMS, roughly, beside the others."""
    yield (hum, 0.8) if shot.place is Place.STREET and Thing.TRAFFIC in shot.without else GROUND[shot.place]
    wet = shot.weather in (Weather.RAIN, Weather.STORM)
    if (wet or shot.weather is Weather.WIND) and shot.place not in SHELTERED:
        yield wind, 0.3 if shot.weather is Weather.RAIN else 0.9
    if wet and shot.place not in (Place.UNDERWATER, Place.SPACE):
        yield rain, 0.25 if shot.place in SHELTERED else 0.8
    elif shot.time is Time.NIGHT and shot.place in (*GREEN, Place.DESERT):
        if Thing.INSECTS not in shot.without:
            yield crickets, 0.35
    elif shot.place in GREEN and shot.weather is Weather.CLEAR and Thing.BIRDS not in shot.without:
        yield birds, 0.5


def wind(samples: int, random: Random) -> Track:
    """Gusts through grass: a dull body and a rustle that comes with the gusts."""
    gust = (0.25 + 0.75 * drift(samples, 1.7, random))[:, None]
    body, rustle = noise(samples, 90, 420, 1.0, random), noise(samples, 700, 3200, 1.0, random)
    return gust * body + 0.45 * gust**2 * rustle


def snow_wind(samples: int, random: Random) -> Track:
    """Wind over snow, which swallows what is high."""
    gust = (0.25 + 0.75 * drift(samples, 1.9, random))[:, None]
    return gust * noise(samples, 130, 700, 0.9, random) + 0.12 * gust**2 * noise(samples, 900, 2400, 0.8, random)


def desert_wind(samples: int, random: Random) -> Track:
    """A steady wind with a whistle that rises and falls, and drifting sand."""
    gust, tune = drift(samples, 2.2, random)[:, None], drift(samples, 3.1, random)[:, None]
    whistle = tune * noise(samples, 520, 640, 0, random) + (1 - tune) * noise(samples, 400, 500, 0, random)
    sand = noise(samples, 3000, 7000, 0.5, random)
    body = noise(samples, 110, 500, 1.0, random)
    return (0.35 + 0.65 * gust) * body + gust * (0.4 * whistle + 0.2 * sand)


def waves(samples: int, random: Random) -> Track:
    """Waves that roll in every seven seconds or so, break, and run back over the beach."""
    time = np.arange(samples, dtype=np.float32) / RATE
    turn = (time / 7.0 + 0.25 * drift(samples, 6.0, random) + np.float32(random.random()))[:, None] % 1
    roll, run = np.exp(-(((turn - 0.45) / 0.17) ** 2)), np.exp(-(((turn - 0.62) / 0.14) ** 2))
    surf, hiss = noise(samples, 120, 900, 1.0, random), noise(samples, 1200, 6000, 0.8, random)
    return np.asarray((0.35 + 0.8 * roll) * surf + (0.1 + 0.5 * run) * hiss, np.float32)


def depths(samples: int, random: Random) -> Track:
    """Water pressed against the ears: a dull swell, and bubbles that go by in runs, each rising in pitch."""
    swell = (0.5 + 0.5 * drift(samples, 2.6, random))[:, None]
    track = swell * noise(samples, 45, 260, 1.2, random) + 0.10 * noise(samples, 300, 900, 1.0, random)
    for start in np.arange(random.uniform(0.3, 1.2), samples / RATE, 1.9):
        second, pan = start + random.uniform(-0.2, 0.5), random.random()
        for _ in range(random.integers(3, 9)):
            pitch = random.uniform(320, 900)
            put(track, np.float32(random.uniform(0.25, 0.8)) * _syllable(0.05, pitch, pitch * 1.6), second, pan)
            second += random.uniform(0.05, 0.16)
    return track


def void(samples: int, random: Random) -> Track:
    """What a ship's hull hums to those inside: there is nothing to hear outside."""
    slow = (0.6 + 0.4 * drift(samples, 4.0, random))[:, None]
    return slow * noise(samples, 38, 120, 0.6, random) + 0.10 * noise(samples, 400, 1400, 1.0, random)


def brook(samples: int, random: Random) -> Track:
    """A river that runs by: an even rush, and gurgles over stones on either side."""
    track = (0.8 + 0.2 * drift(samples, 1.4, random))[:, None] * noise(samples, 250, 2600, 0.9, random)
    for second in np.sort(random.uniform(0, samples / RATE, int(11 * samples / RATE))):
        pitch = random.uniform(380, 1100)
        gurgle = _syllable(random.uniform(0.03, 0.09), pitch, pitch * random.uniform(1.1, 1.7))
        put(track, gurgle * np.float32(random.uniform(0.2, 0.9)), second, random.random())
    return track


def city(samples: int, random: Random) -> Track:
    """The hum of streets further off, and cars that pass nearby."""
    track = hum(samples, random)
    time, tyres = np.arange(samples, dtype=np.float32) / RATE, noise(samples, 250, 1800, 0.8, random)
    for start in np.arange(random.uniform(0.5, 2.5), samples / RATE, 4.5):
        away = (time - np.float32(start)) * np.float32(random.choice((-1, 1)))
        near, pan = 1 / (1 + (away / 0.55) ** 2), 0.5 + 0.5 * np.tanh(away)
        track += 1.6 * near[:, None] * tyres * np.stack((np.sqrt(1 - pan), np.sqrt(pan)), axis=1)
    return track


def hum(samples: int, random: Random) -> Track:
    """Streets further off."""
    return 0.8 * noise(samples, 70, 420, 1.0, random) + 0.3 * noise(samples, 500, 2600, 1.0, random)


def crowd(samples: int, random: Random) -> Track:
    """Thousands who talk, and now and then cheer."""
    swell = (0.35 + 0.65 * drift(samples, 2.4, random))[:, None]
    murmur, cheer = noise(samples, 220, 1100, 0.6, random), noise(samples, 1000, 3200, 0.7, random)
    return swell * murmur + 0.5 * swell**3 * cheer


def ticking(samples: int, random: Random) -> Track:
    """A room with its windows shut, and a clock."""
    track = 0.5 * hum(samples, random)
    ticks = _drop(2300), _drop(1900)
    for number, second in enumerate(np.arange(random.uniform(0.1, 0.9), samples / RATE, 1.0)):
        put(track, ticks[number % 2] * np.float32(0.9), second, 0.62)
    return track


def rain(samples: int, random: Random) -> Track:
    """Rain all around, and single drops close by."""
    track = noise(samples, 900, 9000, 0.7, random) * (0.85 + 0.15 * drift(samples, 1.1, random))[:, None]
    drops = [_drop(pitch) for pitch in random.uniform(1500, 5200, 12)]
    for second in np.sort(random.uniform(0, samples / RATE, int(28 * samples / RATE))):
        put(track, drops[random.integers(12)] * np.float32(random.uniform(0.5, 2.2)), second, random.random())
    return track


def birds(samples: int, random: Random) -> Track:
    """Three small birds; none sings twice in a row."""
    track = np.zeros((samples, 2), np.float32)
    second = random.uniform(0.2, 0.8)
    singers = [(random.uniform(2600, 4600), random.random(), _song(random)) for _ in range(3)]
    while second < samples / RATE:
        pitch, pan, song = singers.pop(random.integers(2))
        singers.append((pitch, pan, song))
        loud = np.float32(random.uniform(0.35, 1.0))
        for offset, length, start, end in song:
            put(track, loud * _syllable(length, pitch * start, pitch * end), second + offset, pan)
        second += random.uniform(0.9, 2.4)
    return track


def crickets(samples: int, random: Random) -> Track:
    """Four crickets, each at its own pitch and pace."""
    track = np.zeros((samples, 2), np.float32)
    for _ in range(4):
        pitch, pace, pan = random.uniform(4100, 4900), random.uniform(0.5, 0.85), random.random()
        trill = np.zeros(round(0.13 * RATE), np.float32)
        for pulse in range(4):
            start = round(pulse * 0.03 * RATE)
            tone = _syllable(0.02, pitch, pitch * 0.985)
            trill[start : start + len(tone)] += tone
        for second in np.arange(random.uniform(0, pace), samples / RATE, pace):
            put(track, trill * np.float32(random.uniform(0.6, 1.2)), second, pan)
    return track


def _drop(pitch: float) -> Line:
    time = np.arange(round(0.018 * RATE), dtype=np.float32) / RATE
    return np.asarray(np.sin(2 * np.pi * pitch * (1 + 6 * time) * time) * np.exp(-time / 0.003), np.float32)


def _syllable(seconds: float, start: float, end: float) -> Line:
    return chirp(seconds, lambda time: np.float32(start) + np.float32(end - start) * time)


def _song(random: Random) -> list[tuple[float, float, float, float]]:
    """A bird's phrase: for each syllable its start and length in seconds, and its pitches as parts of the voice's."""
    second, song = 0.0, []
    for _ in range(random.integers(2, 6)):
        length = random.uniform(0.05, 0.16)
        song.append((second, length, random.uniform(0.8, 1.25), random.uniform(0.8, 1.25)))
        second += length + random.uniform(0.02, 0.09)
    return song


GROUND: dict[Place, tuple[Voice, float]] = {
    Place.MEADOW: (wind, 0.45),
    Place.SEA: (waves, 1.0),
    Place.SNOW: (snow_wind, 0.8),
    Place.DESERT: (desert_wind, 0.8),
    Place.STREET: (city, 0.8),
    Place.FOREST: (wind, 0.45),
    Place.MOUNTAIN: (wind, 0.8),
    Place.BEACH: (waves, 1.0),
    Place.UNDERWATER: (depths, 0.8),
    Place.RIVER: (brook, 0.5),
    Place.ALLEY: (city, 0.5),
    Place.LIVING_ROOM: (ticking, 0.4),
    Place.OFFICE: (hum, 0.5),
    Place.KITCHEN: (hum, 0.5),
    Place.CLASSROOM: (ticking, 0.4),
    Place.STAGE: (hum, 0.4),
    Place.STADIUM: (crowd, 0.8),
    Place.SKY: (wind, 0.8),
    Place.SPACE: (void, 0.7),
    Place.CASTLE: (wind, 0.45),
}

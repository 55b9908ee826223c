"""The mix: no click where shots meet, each shot's sounds in their own time, whatever the plan the same loudness."""

from __future__ import annotations

from random import Random

import msgspec
import numpy as np
import pytest

from dalang.scene.heard import Line, Music
from dalang.scene.instruments import GENRES, INSTRUMENTS
from dalang.scene.noises import NOISES
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Effect, Mood, Place, Scene, Shot, Time, Weather
from dalang.scene.subjects import SUBJECTS
from dalang.sound import soundtrack
from dalang.sound.loudness import loudness, true_peaks
from dalang.sound.mix import ends, joined, placed, rise
from dalang.sound.tone import RATE, Track

SHOT = Shot(place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=2.0)


def any_shot(chance: Random) -> Shot:
    """A shot of whatever the plan has words for."""
    cast = tuple(
        Performer(
            subject=chance.choice(sorted(SUBJECTS)), action=chance.choice(list(Action)), count=chance.choice((1, 1, 3))
        )
        for _ in range(chance.randrange(3))
    )
    music = Music(instrument=chance.choice((None, *INSTRUMENTS)), genre=chance.choice((None, None, *GENRES)))
    return Shot(
        place=chance.choice(list(Place)),
        time=chance.choice(list(Time)),
        weather=chance.choice(list(Weather)),
        camera=Camera.STATIC,
        cast=cast,
        duration=chance.uniform(1.5, 4.0),
        mood=chance.choice((None, *Mood)),
        effects=frozenset(chance.sample(list(Effect), chance.randrange(3))),
        dialogue=(Line(says="What was that?"),) if chance.random() < 0.3 else (),
        music=music if chance.random() < 0.5 else None,
        sounds=tuple(chance.sample(sorted(NOISES), chance.randrange(3))),
    )


@pytest.mark.parametrize("seed", range(8))
def test_any_plan_is_as_loud_as_the_next_and_never_clips(seed: int) -> None:
    chance = Random(seed)
    scene = Scene(shots=tuple(any_shot(chance) for _ in range(chance.randint(1, 3))))
    track = soundtrack(scene, seed)
    assert len(track) == ends(scene.shots)[-1]
    assert np.isfinite(track).all()
    assert loudness(track) == pytest.approx(-16, abs=1)
    assert true_peaks(track, 0.0).max() <= 10 ** (-1 / 20)
    assert np.abs(track.mean(axis=0)).max() < 2e-3


@pytest.mark.parametrize(
    ("one", "other"), [(Place.MOUNTAIN, Place.SPACE), (Place.SPACE, Place.OFFICE), (Place.SNOW, Place.STADIUM)]
)
def test_there_is_no_click_at_a_cut(one: Place, other: Place) -> None:
    shots = tuple(msgspec.structs.replace(SHOT, place=place) for place in (one, other))
    for seed in range(3):
        jumps = np.abs(np.diff(soundtrack(Scene(shots=shots), seed), n=2, axis=0)).max(axis=1)
        around = np.delete(jumps[RATE : 3 * RATE], slice(RATE - 480, RATE + 480))
        assert jumps[2 * RATE - 48 : 2 * RATE + 48].max() <= around.max()


def test_one_place_gives_way_to_the_next_at_equal_power() -> None:
    chance = np.random.default_rng(0)
    track = np.zeros((4 * RATE, 2), np.float32)

    def hiss(samples: int) -> Track:
        return chance.standard_normal((samples, 2)).astype(np.float32)

    joined(track, 0, 2 * RATE, hiss)
    joined(track, 2 * RATE, 4 * RATE, hiss)
    power = (track**2).mean(axis=1).reshape(-1, 2400).mean(axis=1)
    assert power.min() > 0.8
    assert power.max() < 1.2
    assert rise(101)[50] == pytest.approx(np.sqrt(0.5), abs=0.01)


def test_what_ends_with_its_shot_is_faded_and_not_cut() -> None:
    track = np.zeros((2 * RATE, 2), np.float32)
    placed(track, 0, RATE, lambda samples: np.ones((samples, 2), np.float32))
    assert track[RATE - 1].max() < 0.01
    assert not track[RATE:].any()
    assert track[RATE // 2].min() == 1

"""What a shot names is heard in it; thunder follows the flash that is seen."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from dalang.scene.fireworks import bursts
from dalang.scene.lightning import flashes
from dalang.scene.plan import Camera, Effect, Place, Shot, Time, Weather
from dalang.sound.loudness import loudness
from dalang.sound.mix import generator
from dalang.sound.named import AFTER, LEVEL, fireworks, named, named_voices, thunder
from dalang.sound.spectrum import band, filtered
from dalang.sound.tone import RATE

CLEAR = Shot(place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=6.0)


def shot(**changes: object) -> Shot:
    return msgspec.structs.replace(CLEAR, **changes)


def test_nothing_is_named_by_most_shots() -> None:
    assert not named(shot(), RATE, generator(1, "x")).any()


@pytest.mark.parametrize("name", ["waves", "bell", "crowd", "cat"])
def test_named_sounds_are_as_loud_as_each_other(name: str) -> None:
    assert loudness(named(shot(sounds=(name,)), 5 * RATE, generator(1, "x"))) == pytest.approx(LEVEL, abs=0.2)


def test_effects_are_heard_but_not_in_space() -> None:
    assert named_voices(shot(effects=frozenset({Effect.FIRE})))
    assert not named_voices(shot(effects=frozenset({Effect.FIRE}), place=Place.SPACE))


def test_thunder_follows_the_first_flash() -> None:
    power = np.abs(thunder(shot(weather=Weather.STORM), 6 * RATE, 5)).max(axis=1)
    heard = float(np.argmax(power > 0.02) / RATE)
    assert AFTER[0] <= heard - flashes(5, 6.0)[0] <= AFTER[1]


def test_lightning_has_its_own_thunder_and_no_second_one() -> None:
    assert named_voices(shot(weather=Weather.STORM, sounds=("thunder",))) == []
    assert not thunder(shot(), RATE, 5).any()


def test_a_bang_is_heard_when_a_rocket_bursts() -> None:
    track = fireworks(shot(effects=frozenset({Effect.FIREWORKS})), 6 * RATE, 5)
    deep = np.abs(filtered(track.sum(axis=1), band(40, 400)))
    level = deep[: len(deep) // 480 * 480].reshape(-1, 480).max(axis=1)
    for burst in bursts(5, 6.0):
        if 0.1 < burst < 5.9:
            frame = round(burst * 100)
            assert level[frame : frame + 4].max() > 1.5 * level[frame - 8 : frame - 1].mean(), burst
    assert not fireworks(shot(), RATE, 5).any()

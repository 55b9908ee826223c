"""What comes over a still picture: nothing at its beginning, then the weather, hour and style that the prompt names."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from dalang.engines import Frame
from dalang.engines.animatic.photo.relief import relief_of
from dalang.engines.animatic.photo.veil import ARRIVES, veil_of
from dalang.engines.i420 import planar, planes
from dalang.scene.plan import Camera, Mood, Place, Shot, Style, Time, Weather

WIDTH, HEIGHT = 320, 192


def picture() -> Frame:
    """A red figure between a blue sky and green ground."""
    canvas = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    canvas[:90], canvas[90:] = (220, 160, 90), (60, 150, 70)
    cv2.ellipse(canvas, (160, 110), (34, 62), 0, 0, 360, (40, 40, 200), -1, cv2.LINE_AA)
    return planar(canvas)


def shot(**asked: object) -> Shot:
    fields = {"place": Place.MEADOW, "time": Time.DAY, "weather": Weather.CLEAR, "camera": Camera.STATIC}
    return Shot(**(fields | {"duration": 5.0} | asked))


def veiled(after: float, **asked: object) -> Frame:
    still = picture()
    return veil_of(shot(**asked), relief_of(still), WIDTH, HEIGHT, 3).over(still, after)


ASKED = [
    *({"weather": weather} for weather in (Weather.RAIN, Weather.STORM, Weather.SNOW, Weather.FOG, Weather.CLOUDY)),
    *({"time": time} for time in (Time.DAWN, Time.DUSK, Time.NIGHT)),
    {"style": Style.NOIR},
    {"mood": Mood.MELANCHOLY},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_clip_begins_with_the_picture_and_ends_with_what_is_asked_for(asked: dict[str, object]) -> None:
    still = picture()
    assert np.array_equal(veiled(0.0, **asked), still)
    half, whole = (np.abs(veiled(after, **asked).astype(int) - still).mean() for after in (ARRIVES / 2, 2 * ARRIVES))
    assert 0 < half < whole
    assert whole > 1.5


def test_a_clear_day_changes_nothing() -> None:
    assert np.array_equal(veiled(3.0), picture())


def test_night_is_darker_and_bluer() -> None:
    luma, blue, red = planes(veiled(3.0, time=Time.NIGHT))
    day = planes(picture())
    assert luma.mean() < 0.7 * day[0].mean()
    assert blue.mean() - red.mean() > day[1].astype(float).mean() - day[2].mean() + 5


def test_fog_is_thicker_far_off() -> None:
    changed = np.abs(planes(veiled(3.0, weather=Weather.FOG))[0].astype(int) - planes(picture())[0])
    assert changed[:40].mean() > 2 * changed[-24:].mean()


def test_what_falls_far_off_falls_behind_the_subject() -> None:
    still = picture()
    veil = replace(veil_of(shot(weather=Weather.SNOW), relief_of(still), WIDTH, HEIGHT, 3), before=(), tables=())
    changed = np.max(
        [np.abs(planes(veil.over(still, after))[0].astype(int) - planes(still)[0]) for after in (3, 4, 5)], 0
    )
    assert changed[80:140, 148:172].max() < 4
    assert changed[80:140, :80].max() > 12

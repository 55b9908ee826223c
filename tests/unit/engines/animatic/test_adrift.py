"""Places without ground: nobody walks there, throws a shadow, or is rained on."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.air.weather import Fall
from dalang.engines.animatic.canvas.composite import lay, picture
from dalang.engines.animatic.figures.actor import Actor
from dalang.engines.animatic.figures.adrift import adrift
from dalang.engines.animatic.figures.likeness import likeness
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.engines.animatic.stage import build_stage, plan_set
from dalang.scene.parse import parse
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import FLOATING, SHELTERED, Camera, Place, Shot, Time, Weather

SIZE = (320, 192)
SHOT = Shot(
    place=Place.UNDERWATER, time=Time.DAY, weather=Weather.RAIN, camera=Camera.STATIC,
    cast=(Performer(subject="man", action=Action.WALK),), duration=2.0,
)  # fmt: skip


def at(place: Place, **changes: object) -> Shot:
    return msgspec.structs.replace(SHOT, place=place, **changes)


def actor(shot: Shot) -> Actor:
    return next(layer for layer in build_stage(shot, *SIZE, 3).layers if isinstance(layer, Actor))


@pytest.mark.parametrize("place", sorted(FLOATING))
def test_what_hangs_free_throws_no_shadow_and_stands_over_the_ground(place: Place) -> None:
    hanging = actor(at(place))
    assert hanging.shade is None
    assert hanging.stand.height > 0
    assert actor(at(Place.BEACH)).shade is not None


def ahead(sprite: Sprite) -> float:
    """How far its top is before its middle, in widths, the way it looks."""
    top = sprite.frames[0, : sprite.frames.shape[1] // 6, :, 3].sum(axis=0, dtype=float)
    off = float(np.average(np.arange(len(top)), weights=top)) / len(top) - 0.5
    return off if sprite.subject.faces == "right" else -off


@pytest.mark.parametrize("place", sorted(FLOATING))
def test_a_walker_leans_forward_and_drifts_where_there_is_nothing_to_walk_on(place: Place) -> None:
    upright = likeness(Performer(subject="man", action=Action.WALK))
    leaning = adrift(upright, place, Action.WALK)
    assert ahead(leaning) > ahead(upright) + 0.1
    pace = plan_set(at(place), *SIZE, 3).framing.stand.pace
    assert 0 < pace < 0.8 * upright.subject.pace(Action.WALK)


def test_a_body_on_the_ground_and_a_fish_stay_as_they_are() -> None:
    for name, place in (("man", Place.BEACH), ("fish", Place.UNDERWATER)):
        sprite = likeness(Performer(subject=name, action=Action.WALK))
        assert adrift(sprite, place, Action.WALK) is sprite


@pytest.mark.parametrize("place", sorted(SHELTERED & FLOATING))
def test_no_rain_falls_where_there_is_no_sky(place: Place) -> None:
    assert not [layer for layer in build_stage(at(place), *SIZE, 3).layers if isinstance(layer, Fall)]


def test_rain_falls_on_the_beach() -> None:
    assert [layer for layer in build_stage(at(Place.BEACH), *SIZE, 3).layers if isinstance(layer, Fall)]


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("A turtle glides over a coral reef", Place.UNDERWATER),
        ("A rocket in outer space", Place.SPACE),
        ("An airplane flies through the clouds", Place.SKY),
        ("A dog runs along the beach", Place.BEACH),
        ("A boat on the ocean", Place.SEA),
        ("A cat sleeps under a blue sky", Place.MEADOW),
    ],
)
def test_prompts_lead_there(prompt: str, place: Place) -> None:
    assert parse(prompt, 2.0).shots[0].place is place


def test_half_clear_on_half_clear_hides_three_quarters() -> None:
    half, canvas = (picture(np.full((4, 4, 3), 200, np.float32), 0.5) for _ in range(2))
    lay(canvas, half, 0, 0)
    assert np.abs(canvas[0, 0].astype(int) - (150, 150, 150, 191)).max() <= 2

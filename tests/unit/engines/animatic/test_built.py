"""Alley, stage, stadium and castle: what they move, what they leave out, and what their light falls on."""

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.air.light import light_for
from dalang.engines.animatic.effects.lightning import Flash
from dalang.engines.animatic.places.alley import neonlit
from dalang.engines.animatic.places.stadium import floodlit
from dalang.engines.animatic.stage import build_stage
from dalang.scene.parse import parse
from dalang.scene.plan import Camera, Place, Shot, Thing, Time, Weather

SIZE = (320, 192)
PLACES = {
    Place.ALLEY: "a cat in a narrow alley at night",
    Place.STAGE: "a dancer on a theatre stage",
    Place.STADIUM: "a dog in a football stadium",
    Place.CASTLE: "a medieval castle at dawn",
}


def shot(prompt: str, *without: Thing) -> Shot:
    still = msgspec.structs.replace(parse(prompt, 4.0).shots[0], camera=Camera.STATIC, cast=())
    return msgspec.structs.replace(still, without=frozenset(without))


@pytest.mark.parametrize(("place", "prompt"), PLACES.items())
def test_a_prompt_leads_to_its_place_without_a_warning(place: Place, prompt: str) -> None:
    scene = parse(prompt, 4.0)
    assert scene.shots[0].place is place
    assert not scene.warnings


@pytest.mark.parametrize("prompt", PLACES.values())
def test_the_place_itself_moves(prompt: str) -> None:
    stage = build_stage(shot(prompt), *SIZE, seed=3)
    assert not np.array_equal(stage.picture(1.0), stage.picture(1.4))


LEFT_OUT = (
    ("an alley at night", Thing.LIGHTS), ("an alley", Thing.FOG), ("a stage", Thing.LIGHTS), ("a stage", Thing.FOG),
    ("a stadium at night", Thing.LIGHTS), ("a castle", Thing.BIRDS), ("a castle", Thing.FOG),
    ("a castle", Thing.MOUNTAINS),
)  # fmt: skip


@pytest.mark.parametrize(("prompt", "thing"), LEFT_OUT)
def test_what_is_unwanted_is_left_out(prompt: str, thing: Thing) -> None:
    shown, spared = (build_stage(shot(prompt, *things), *SIZE, seed=3).picture(1.0) for things in ((), (thing,)))
    assert not np.array_equal(shown, spared)


def test_no_rain_falls_on_the_stage() -> None:
    """Of all weather no more comes into a house than the flashes of a storm."""
    dry = shot("a stage")
    seen = {
        weather: build_stage(msgspec.structs.replace(dry, weather=weather), *SIZE, seed=3).layers for weather in Weather
    }
    assert {weather for weather, layers in seen.items() if any(isinstance(one, Flash) for one in layers)} == {
        Weather.STORM
    }
    assert len({sum(not isinstance(one, Flash) for one in layers) for layers in seen.values()}) == 1


def test_the_spotlight_keeps_to_the_subject() -> None:
    walking = msgspec.structs.replace(parse("a dog walks on a stage", 4.0).shots[0], camera=Camera.STATIC)
    stage = build_stage(walking, *SIZE, seed=3)
    beams, actor = (
        next(layer for layer in stage.layers if type(layer).__name__ == name) for name in ("Beams", "Actor")
    )
    for time in (0.0, 2.0, 4.0):
        pose = stage.path.pose(time)
        assert beams._aim(beams.beams[0], pose, time) == pytest.approx(actor.column(pose, time))


def test_floodlights_and_neon_light_a_night_and_leave_the_day_alone() -> None:
    night, day = (light_for(time, Weather.CLEAR) for time in (Time.NIGHT, Time.DAY))
    assert sum(floodlit(night).fill) > sum(night.fill)
    assert sum(neonlit(night).fill) > sum(night.fill)
    assert floodlit(day).key == pytest.approx(day.key)

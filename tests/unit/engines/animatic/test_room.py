"""Rooms: what stands in them stands behind their subject, no weather falls in them, their lamps and clocks work."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.engines.animatic.air.light import LAMPLIGHT
from dalang.engines.animatic.air.weather import Fall
from dalang.engines.animatic.canvas.easel import blank, lit
from dalang.engines.animatic.places.clock import Clock
from dalang.engines.animatic.places.daylight import sunbeams
from dalang.engines.animatic.places.grove import Prop
from dalang.engines.animatic.places.near import Near
from dalang.engines.animatic.places.room import Window, plan_room
from dalang.engines.animatic.sets import SETS
from dalang.engines.animatic.stage import build_stage, plan_set
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import SHELTERED, Camera, Place, Shot, Thing, Time, Weather

SMALL = (192, 112)
ROOMS = sorted(LAMPLIGHT)


def shot(place: Place, subject: str | None = None, action: Action = Action.STAND, **changes: object) -> Shot:
    fields = {"place": place, "time": Time.DAY, "weather": Weather.CLEAR, "camera": Camera.STATIC, "duration": 5.0}
    cast = (Performer(subject=subject, action=action),) if subject else ()
    return Shot(cast=cast, **(fields | changes))


@pytest.mark.parametrize("place", ROOMS)
@pytest.mark.parametrize("subject", ["cat", "elephant"])
def test_furniture_stands_behind_the_subject(place: Place, subject: str) -> None:
    scene = plan_set(shot(place, subject=subject, action=Action.WALK), *SMALL, 4)
    props = [layer for layer in SETS[place](scene) if isinstance(layer, Prop)]
    assert scene.framing.stand
    assert props
    assert min(prop.z for prop in props) > scene.framing.stand.distance


@pytest.mark.parametrize("place", ROOMS)
@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW])
def test_weather_falls_behind_the_wall_only(place: Place, weather: Weather) -> None:
    assert place in SHELTERED
    stage = build_stage(shot(place, weather=weather), *SMALL, seed=3)
    falling = [number for number, layer in enumerate(stage.layers) if isinstance(layer, Fall)]
    assert falling == [1, 2], "after the view outside, before the floor and the wall"


@pytest.mark.parametrize("place", ROOMS)
def test_a_lamp_that_is_out_leaves_the_night_darker(place: Place) -> None:
    burning, out = (
        build_stage(shot(place, time=Time.NIGHT, without=without), *SMALL, seed=3).picture(0.0)[..., 0].mean()
        for without in (frozenset(), frozenset({Thing.LIGHTS}))
    )
    assert burning > out * 1.1


@pytest.mark.parametrize("place", ROOMS)
@pytest.mark.parametrize("camera", [Camera.PAN_LEFT, Camera.DOLLY_IN, Camera.DOLLY_OUT])
def test_no_pixel_is_left_unpainted(place: Place, camera: Camera) -> None:
    stage = build_stage(shot(place, camera=camera, subject="man", action=Action.WALK), *SMALL, seed=6)
    for time in (0.0, 5.0):
        one, other = (np.full((SMALL[1], SMALL[0], 4), fill, np.uint8) for fill in (0, 255))
        for canvas in (one, other):
            for layer in stage.layers:
                layer.draw(canvas, stage.path.pose(time), time)
        assert np.array_equal(one[..., :3], other[..., :3])


@pytest.mark.parametrize(("action", "shown"), [(Action.STAND, True), (Action.WALK, False)])
def test_what_is_near_stands_aside_where_the_camera_travels(action: Action, shown: bool) -> None:
    stage = build_stage(shot(Place.KITCHEN, subject="dog", action=action), *SMALL, seed=2)
    assert any(isinstance(layer, Near) for layer in stage.layers) is shown


def test_the_sun_shines_in_by_day_and_not_at_night_nor_under_cloud() -> None:
    for time, weather, beams in (
        (Time.DAY, Weather.CLEAR, 1), (Time.NIGHT, Weather.CLEAR, 0), (Time.DAY, Weather.RAIN, 0),
    ):  # fmt: skip
        room = plan_room(plan_set(shot(Place.OFFICE, time=time, weather=weather), *SMALL, 1))
        room.windows.append(Window(1.0, 1.0, 2.0, 2.0))
        assert len(sunbeams(room)) == beams


def test_a_clock_goes_on_by_the_second() -> None:
    stage = build_stage(shot(Place.CLASSROOM), 640, 360, seed=3)
    (clock, *_) = [layer for layer in stage.layers if isinstance(layer, Clock)]
    faces = []
    for time in (1.1, 1.9, 2.1):
        faces.append(np.zeros((360, 640, 4), np.uint8))
        clock.draw(faces[-1], stage.path.pose(0.0), time)
    assert faces[0].any()
    assert np.array_equal(faces[0], faces[1])
    assert not np.array_equal(faces[1], faces[2])


def test_what_shines_by_itself_is_seen_without_light() -> None:
    easel = blank(2.0, 1.0, 10.0)
    easel.box(0.0, 0.0, 1.0, 1.0, (200, 100, 50), shine=255)
    easel.box(1.0, 0.0, 2.0, 1.0, (200, 100, 50))
    seen = lit(easel, (0.0, 0.0, 0.0), [])
    assert seen[5, 5].tolist() == [200, 100, 50, 255]
    assert seen[5, 15].tolist() == [0, 0, 0, 255]

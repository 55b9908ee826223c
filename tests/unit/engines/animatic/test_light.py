"""Light: every weather, season and lighting is another light, and what is unwanted stays out of it."""

import numpy as np
import pytest

from dalang.engines.animatic.air.foliage import LEAVES, turned
from dalang.engines.animatic.air.light import CLEAREST, COVERS, FOG_REACH, LIGHTS, light_for, rgb
from dalang.engines.animatic.air.lighting import LIGHTINGS, light_of
from dalang.engines.animatic.air.season import TINTS
from dalang.engines.animatic.figures.costume import relit
from dalang.engines.animatic.stage import build_stage
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Lighting, Place, Season, Shot, Thing, Time, Weather

SMALL = (192, 112)


def shot(**named):
    plain = Shot(
        place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=5.0,
        cast=(Performer(subject="dog", action=Action.STAND),),
    )  # fmt: skip
    return type(plain)(**{name: getattr(plain, name) for name in plain.__struct_fields__} | named)


def level(light):
    return float(np.mean(rgb(light.fill) + rgb(light.key)))


def test_every_time_weather_season_and_lighting_is_in_its_table():
    assert set(LIGHTS) == set(Time)
    assert set(COVERS) == set(Weather) - {Weather.CLEAR}
    assert set(TINTS) == set(Season)
    assert set(LEAVES) == {None, *Season}
    assert set(LIGHTINGS) == set(Lighting)


@pytest.mark.parametrize("time", list(Time))
def test_no_two_weathers_have_the_same_light(time):
    lights = [light_for(time, weather) for weather in Weather]
    assert len(set(map(str, lights))) == len(lights)


@pytest.mark.parametrize("time", list(Time))
def test_a_storm_is_darker_than_rain_and_rain_than_a_clear_sky(time):
    clear, rain, storm = (level(light_for(time, weather)) for weather in (Weather.CLEAR, Weather.RAIN, Weather.STORM))
    assert storm < rain < clear


def test_fog_ends_the_view_but_not_before_the_subject():
    assert light_for(Time.DAY, Weather.FOG).visibility < light_for(Time.DAY, Weather.RAIN).visibility / 10
    assert light_for(Time.DAY, Weather.FOG, 100.0).visibility == 100 * FOG_REACH


def test_wind_moves_what_a_breeze_does_not():
    assert light_for(Time.DAY, Weather.WIND).wind > 2 * light_for(Time.DAY, Weather.CLEAR).wind


def test_what_is_unwanted_stays_out_of_every_light():
    everything = frozenset({Thing.CLOUDS, Thing.STARS, Thing.LIGHTS, Thing.FOG, Thing.MOON})
    for lighting in (None, *Lighting):
        for weather in Weather:
            light = light_of(shot(light=lighting, weather=weather, time=Time.NIGHT, without=everything))
            assert (light.cover, light.lamps, light.glow, light.starless) == (0.0, 0.0, 0.0, True)
            assert light.visibility == CLEAREST


@pytest.mark.parametrize("lighting", list(Lighting))
def test_a_lighting_changes_the_picture_and_the_subject_stays_to_be_seen(lighting):
    plain, lit = (
        build_stage(shot(light=one), *SMALL, seed=3).picture(1.0)[..., :3].astype(int) for one in (None, lighting)
    )
    again = build_stage(shot(light=lighting), *SMALL, seed=3).picture(1.0)[..., :3]
    assert np.array_equal(lit, again)
    assert np.abs(lit - plain).mean() > 1.5
    empty = build_stage(shot(light=lighting, cast=()), *SMALL, seed=3).picture(1.0)[..., :3].astype(int)
    assert np.abs(lit - empty).max() > 30


def ball():
    """A grey disc, premultiplied."""
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    cover = np.clip((0.8 - np.hypot(x, y)) * 32, 0, 1)[..., None]
    return np.concatenate([cover * 120, cover * 120, cover * 120, cover * 255], -1).astype(np.float32)


def test_light_from_the_side_leaves_the_other_side_dark():
    one = relit(ball(), light_of(shot(light=Lighting.SIDE)), 1.0).astype(int)
    assert one[20:44, 38:48, :3].mean() > 1.25 * one[20:44, 16:26, :3].mean()


def test_a_backlit_subject_is_dark_within_bright_edges():
    backlit, plain = (relit(ball(), light_of(shot(light=one)), 1.0).astype(int) for one in (Lighting.BACKLIGHT, None))
    assert backlit[28:36, 28:36, :3].mean() < 0.85 * plain[28:36, 28:36, :3].mean()
    assert backlit[..., :3].max() > plain[28:36, 28:36, :3].max()


def test_fog_against_the_sun_is_not_burnt_out():
    cast = (Performer(subject="firefighter", action=Action.STAND),)
    told = shot(light=Lighting.BACKLIGHT, weather=Weather.FOG, place=Place.STREET, cast=cast)
    seen = build_stage(told, 320, 180, 13).picture(1.0)[..., :3].max(axis=2)
    assert (seen >= 254).mean() < 0.1


def test_leaves_turn_in_autumn_and_needles_do_not():
    leaf, needle = np.array([[104.0, 158, 58]]), np.array([[44.0, 98, 80]])
    red, green, _ = turned(Season.AUTUMN, leaf)[0]
    assert red > green
    assert np.abs(turned(Season.AUTUMN, needle) - needle).max() < 12
    assert np.array_equal(turned(None, leaf), leaf)

"""Effects, weather and seasons: each changes the picture, the same way each time, and moves without a jump."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from dalang.engines.animatic.air.air import overlays
from dalang.engines.animatic.air.lighting import light_of
from dalang.engines.animatic.air.spill import Veil
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.effects import EFFECTS
from dalang.engines.animatic.effects.fire import Fire
from dalang.engines.animatic.effects.lightning import brightness
from dalang.engines.animatic.figures.actor import Actor
from dalang.engines.animatic.stage import build_stage, plan_set
from dalang.scene.lightning import flashes
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Effect, Lighting, Place, Season, Shot, Style, Thing, Time, Weather

SMALL = (192, 112)
DOG = (Performer(subject="dog", action=Action.STAND),)


def shot(**named):
    plain = Shot(
        place=Place.MEADOW, time=Time.DUSK, weather=Weather.CLEAR, camera=Camera.STATIC, cast=DOG, duration=5.0
    )
    return type(plain)(**{name: getattr(plain, name) for name in plain.__struct_fields__} | named)


def moments(seed=2):
    """Of a clip: some of them in a flash of lightning."""
    return (0.4, flashes(seed, 5.0)[0] + 0.02, 3.1)


def pictures(seed=2, **named):
    stage = build_stage(shot(**named), *SMALL, seed=seed)
    return np.stack([stage.picture(moment)[..., :3] for moment in moments(seed)]).astype(int)


@pytest.fixture(scope="module")
def plain():
    return {place: pictures(place=place) for place in (Place.MEADOW, Place.STAGE)}


def test_every_effect_has_its_painter():
    assert set(EFFECTS) == set(Effect)


@pytest.mark.parametrize("effect", list(Effect))
def test_an_effect_changes_the_picture_and_does_so_again(plain, effect):
    once, again = (pictures(effects=frozenset({effect})) for _ in range(2))
    assert np.array_equal(once, again)
    assert np.abs(once - plain[Place.MEADOW]).max() > 20


def test_a_campfire_is_flames_where_it_stands_and_no_picture_of_them():
    burning = shot(cast=(Performer(subject="campfire", action=Action.STAND),), effects=frozenset({Effect.FIRE}))
    stage, plan = build_stage(burning, *SMALL, seed=2), plan_set(burning, *SMALL, seed=2)
    (fire,) = (layer for layer in stage.layers if isinstance(layer, Fire))
    assert not any(isinstance(layer, Actor) for layer in stage.layers)
    assert fire.source.distance == pytest.approx(plan.framing.stand.distance)


def test_fireworks_over_a_stadium_are_seen_before_its_stands():
    shown = build_stage(shot(place=Place.STADIUM, effects=frozenset({Effect.FIREWORKS})), *SMALL, seed=2)
    assert [type(layer).__name__ for layer in shown.front].count("Fireworks") == 1


@pytest.mark.parametrize("light", [Lighting.BACKLIGHT, Lighting.GOLDEN])
def test_most_of_the_flare_of_the_sun_is_behind_the_subject(light):
    layers = build_stage(shot(light=light), *SMALL, seed=2).layers
    actor = next(number for number, layer in enumerate(layers) if isinstance(layer, Actor))
    behind, before = (
        sum(int(layer.light[..., :3].max()) for layer in part if isinstance(layer, Veil))
        for part in (layers[:actor], layers[actor:])
    )
    assert behind > 1.5 * before > 0


@pytest.mark.parametrize("weather", [weather for weather in Weather if weather is not Weather.CLEAR])
def test_weather_changes_the_picture_and_does_so_again(plain, weather):
    once, again = (pictures(weather=weather) for _ in range(2))
    assert np.array_equal(once, again)
    assert np.abs(once - plain[Place.MEADOW]).mean() > 1


@pytest.mark.parametrize("season", list(Season))
def test_a_season_changes_what_grows(plain, season):
    shown = pictures(season=season)[0]
    assert np.abs(shown - plain[Place.MEADOW][0])[-40:].mean() > 2


def test_only_winter_has_snow_on_the_ground_unless_it_is_unwanted():
    white = {season: pictures(season=season, time=Time.DAY)[0][-12:].min(-1).mean() for season in Season}
    bare = pictures(season=Season.WINTER, time=Time.DAY, without=frozenset({Thing.SNOW}))[0][-12:].min(-1).mean()
    assert white[Season.WINTER] > 1.5 * max(white[Season.SPRING], white[Season.SUMMER], white[Season.AUTUMN], bare)


def test_fog_hides_what_is_far_and_not_the_subject():
    clear, foggy = (pictures(weather=weather, time=Time.DAY)[0] for weather in (Weather.CLEAR, Weather.FOG))
    far = slice(20, 55)
    assert foggy[far].std() < 0.7 * clear[far].std()
    with_dog, without = foggy, pictures(weather=Weather.FOG, time=Time.DAY, cast=())[0]
    assert np.abs(with_dog - without).max() > 60


def test_fog_that_is_unwanted_does_not_come():
    seen = pictures(weather=Weather.FOG, without=frozenset({Thing.FOG}))
    assert np.array_equal(seen, pictures(weather=Weather.CLOUDY, without=frozenset({Thing.FOG})))


@pytest.mark.parametrize("effect", [effect for effect in Effect if effect is not Effect.LIGHTNING])
def test_nothing_jumps_from_one_frame_to_the_next(effect):
    """What is lit in one frame is not far from where it was a thirtieth of a second before."""
    stage = build_stage(shot(effects=frozenset({effect}), cast=()), *SMALL, seed=2)
    frames = [stage.picture(2.0 + step / 30)[..., :3].astype(int) for step in range(8)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert max(steps) < 4 * max(np.median(steps), 0.15)


@pytest.mark.parametrize("effect", list(Effect))
def test_an_effect_has_not_come_round_again_after_some_seconds(effect):
    stage = build_stage(shot(effects=frozenset({effect}), duration=15.0, cast=()), *SMALL, seed=2)
    first = stage.picture(1.0)
    assert not any(np.array_equal(first, stage.picture(1.0 + later)) for later in (2.0, 4.0, 5.0, 10.0))


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.MEADOW])
def test_all_of_it_can_be_drawn_in_every_place(place):
    """With no pixel left as it was in memory."""
    stage = build_stage(
        shot(place=place, effects=frozenset(Effect), season=Season.AUTUMN, weather=Weather.STORM), *SMALL, seed=2
    )
    one, other = stage.picture(1.0), stage.picture(1.0)
    assert np.array_equal(one[..., :3], other[..., :3])
    assert one[..., :3].std() > 4


def test_the_picture_flashes_when_lightning_is_said_to_strike():
    stage = build_stage(shot(weather=Weather.STORM, time=Time.NIGHT), *SMALL, seed=2)
    for strike in flashes(2, 5.0):
        before, in_it = (stage.picture(moment)[..., :3].mean() for moment in (strike - 0.05, strike + 0.02))
        assert in_it > 1.2 * before
    assert brightness((1.0,), 0.9)[0] == brightness((1.0,), 2.0)[0] == 0
    assert brightness((1.0,), 1.0)[0] == 1


def test_clay_stands_still_between_its_exposures():
    stage = build_stage(shot(style=Style.CLAYMATION, weather=Weather.RAIN), *SMALL, seed=2)
    held = [stage.frame(1.0 + step / 24) for step in range(4)]
    assert np.array_equal(held[0], held[1])
    assert np.array_equal(held[2], held[3])
    assert not np.array_equal(held[1], held[2])


AIRS = ({"weather": Weather.SNOW}, {"weather": Weather.STORM}, {"effects": frozenset(Effect)})


@pytest.mark.parametrize("named", AIRS, ids=str)
def test_a_photograph_can_have_the_same_air(named):
    lens = Lens(*SMALL, 160.0, 64, 1.6)
    told = shot(**named)
    photo = np.full((SMALL[1], SMALL[0], 4), 90, np.uint8)
    photo = np.ascontiguousarray(cv2.GaussianBlur(photo, (0, 0), 1))
    seen = []
    for _ in range(2):
        canvas = photo.copy()
        air = overlays(told, lens, light_of(told), 4)
        for layer in (*air.behind, *air.before):
            layer.draw(canvas, Pose(0.0, 0.0, 0.0), 1.0)
        seen.append(canvas)
    assert np.array_equal(*seen)
    assert np.abs(seen[0].astype(int) - photo)[..., :3].max() > 20

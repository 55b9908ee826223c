"""Forest, mountain and river: what makes each of them the place it is."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.places.bank import Bank
from dalang.engines.animatic.places.beams import Beams, Motes
from dalang.engines.animatic.places.grove import Prop
from dalang.engines.animatic.places.mist import PERIOD, Mist
from dalang.engines.animatic.stage import Stage, build_stage
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Shot, Thing, Time, Weather

WIDTH, HEIGHT = 416, 240


def stage(
    place: Place, time: Time = Time.DAY, weather: Weather = Weather.CLEAR, camera: Camera = Camera.STATIC,
    subject: str | None = None, action: Action = Action.STAND, without: frozenset[Thing] = frozenset(), seed: int = 3,
) -> Stage:  # fmt: skip
    shot = Shot(
        place=place, time=time, weather=weather, camera=camera, duration=5.0,
        cast=(Performer(subject=subject, action=action),) if subject else (),
        without=without,
    )  # fmt: skip
    return build_stage(shot, WIDTH, HEIGHT, seed)


def brightness(view: Picture) -> float:
    return float(view[..., :3].mean())


def layers(of: Stage, kind: type) -> list[object]:
    return [layer for layer in of.layers if isinstance(layer, kind)]


def test_leaves_close_the_top_of_a_forest_and_it_is_bright_where_the_wood_ends() -> None:
    view = stage(Place.FOREST).picture(0.0)
    assert brightness(view[: HEIGHT // 20]) < 0.6 * brightness(view[HEIGHT // 3 : HEIGHT // 2])


def test_a_forest_without_trees_lies_under_the_open_sky() -> None:
    view = stage(Place.FOREST, without=frozenset({Thing.TREES})).picture(0.0)
    red, _, blue = (view[: HEIGHT // 20, :, channel].mean() for channel in range(3))
    assert blue > red + 30


@pytest.mark.parametrize(
    ("time", "weather", "without", "beams", "motes"),
    [
        (Time.DAY, Weather.CLEAR, frozenset(), 1, 1),
        (Time.NIGHT, Weather.CLEAR, frozenset(), 1, 1),
        (Time.NIGHT, Weather.CLEAR, frozenset({Thing.INSECTS}), 1, 0),
        (Time.DAY, Weather.CLEAR, frozenset({Thing.SUN}), 0, 1),
        (Time.DAY, Weather.RAIN, frozenset(), 0, 0),
    ],
)
def test_beams_need_a_sun_and_fireflies_a_clear_night(
    time: Time, weather: Weather, without: frozenset[Thing], beams: int, motes: int
) -> None:
    shown = stage(Place.FOREST, time, weather, without=without)
    assert (len(layers(shown, Beams)), len(layers(shown, Motes))) == (beams, motes)


def test_snow_lies_in_the_wilds_when_it_falls() -> None:
    for place in (Place.FOREST, Place.MOUNTAIN, Place.RIVER):
        snowy, green = (
            stage(place, weather=weather).picture(0.0)[-HEIGHT // 8 :] for weather in (Weather.SNOW, Weather.CLEAR)
        )
        assert brightness(snowy) > 1.3 * brightness(green), place


@pytest.mark.parametrize("place", [Place.MOUNTAIN, Place.RIVER])
def test_nothing_grows_behind_the_end_of_the_near_ground(place: Place) -> None:
    """There is a valley behind it, or water."""
    for seed in range(6):
        shown = stage(place, subject="dog" if seed % 2 else None, seed=seed)
        *_, edge = layers(shown, Bank)
        assert max(prop.z for prop in layers(shown, Prop)) <= edge.z * 1.06


def test_peaks_are_white_only_where_snow_is_wanted() -> None:
    caps, bare = (
        stage(Place.MOUNTAIN, without=frozenset(without)).picture(0.0)[: HEIGHT // 2] for without in ((), (Thing.SNOW,))
    )
    assert (caps.min(axis=2) > 190).sum() > (bare.min(axis=2) > 190).sum() + 500


def test_a_river_moves_and_its_banks_do_not() -> None:
    """But for what grows on them, which the wind bends."""
    shown = stage(Place.RIVER, without=frozenset({Thing.GRASS, Thing.FLOWERS}))
    moved = np.abs(shown.picture(0.0).astype(int) - shown.picture(0.4)).max(axis=2).mean(axis=1)
    _, near = layers(shown, Bank)
    shore = int(shown.lens.row(near.z))
    assert moved[shown.lens.horizon + 20 : shore - 12].mean() > 2
    assert moved[shore + 12 :].max() == 0


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_a_river_mirrors_its_far_bank(seed: int) -> None:
    """The trees over the water's edge and their picture under it are of one mind about where it is dark."""
    shown = stage(
        Place.RIVER, subject="duck", action=Action.SWIM, without=frozenset({Thing.CLOUDS}), seed=seed
    )  # afloat: no near bank hides the mirror
    view, far = shown.picture(0.0)[..., :3].mean(axis=2), int(shown.lens.row(layers(shown, Bank)[0].z))
    over, under = view[far - 34 : far - 12].mean(axis=0), view[far + 12 : far + 34].mean(axis=0)
    assert np.corrcoef(over, under)[0, 1] > 0.5
    assert np.corrcoef(over, under[::-1])[0, 1] < 0.5, "and only there"


def test_who_swims_in_a_river_has_no_bank_in_front() -> None:
    assert len(layers(stage(Place.RIVER, subject="duck", action=Action.SWIM), Bank)) == 1
    assert len(layers(stage(Place.RIVER, subject="dog", action=Action.WALK), Bank)) == 2


def test_a_strip_comes_round_without_a_seam() -> None:
    (strip, *_) = layers(stage(Place.MOUNTAIN), Mist)
    period, width = PERIOD, strip.view.shape[1] - PERIOD
    assert np.array_equal(strip.view[:, :width], strip.view[:, period:])
    assert np.abs(strip.view[:, period - 1].astype(int) - strip.view[:, period]).max() < 24


@pytest.mark.parametrize("place", [Place.FOREST, Place.MOUNTAIN, Place.RIVER])
def test_birds_of_any_size_fly_over_the_wilds(place: Place) -> None:
    """The camera looks from higher up: the ground under a small bird is out of the picture."""
    for subject in ("duck", "eagle", "butterfly"):
        for camera in (Camera.DOLLY_IN, Camera.PAN_LEFT):
            shown = stage(place, subject=subject, action=Action.FLY, camera=camera)
            for moment in (0.0, 5.0):
                assert shown.picture(moment).std() > 4

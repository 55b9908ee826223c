"""The parts of a picture: noise that tiles, ground that wraps, compositing that keeps to its rules."""

import numpy as np
import pytest

from dalang.engines.animatic.air.light import light_for
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import add, over, picture, slide, stamp
from dalang.engines.animatic.canvas.noise import generator, sample, tile
from dalang.engines.animatic.places.ground import paint_plain
from dalang.scene.plan import Place, Time, Weather

LENS = Lens(192, 112, 163.0, 64, 1.2)


def flat(value: int, alpha: float, size: tuple[int, int] = (8, 8)) -> np.ndarray:
    return picture(np.full((*size, 3), value, np.float32), alpha)


def test_opaque_covers_clear_leaves_and_half_mixes():
    for alpha, expected in ((1.0, 200), (0.0, 40), (0.5, 120)):
        canvas = flat(40, 1.0)
        over(canvas, flat(200, alpha), 0, 0)
        assert np.abs(canvas[..., :3].astype(int) - expected).max() <= 2


@pytest.mark.parametrize(("x", "y"), [(-20, 0), (20, 0), (0, -20), (0, 20)])
def test_what_is_outside_the_canvas_changes_nothing(x, y):
    canvas = flat(40, 1.0)
    over(canvas, flat(200, 1.0), x, y)
    stamp(canvas, flat(200, 1.0), x, y, 1.0)
    assert (canvas[..., :3] == 40).all()


def test_light_adds_and_never_wraps_round():
    canvas = flat(200, 1.0)
    add(canvas, flat(100, 1.0), 4, 4)
    assert canvas[0, 0, 0] == 200
    assert canvas[7, 7, 0] == 255


def test_sliding_by_half_a_column_gives_the_mean_of_two():
    ramp = picture(np.repeat(np.arange(0, 160, 10, dtype=np.float32)[None, :, None], 3, 2).repeat(4, 0))
    assert (slide(ramp, 2.5, 8)[0, :, 0] == np.arange(25, 105, 10)).all()


def test_noise_repeats_without_a_seam():
    field = tile(np.random.default_rng(1), 64, 4, 4)
    x = np.arange(64, dtype=np.float32)[None, :]
    assert np.allclose(sample(field, x, x * 0), sample(field, x + 64, x * 0 - 64), atol=1e-4)
    inside = np.abs(np.diff(field, axis=1)).max()
    assert np.abs(field[:, 0] - field[:, -1]).max() <= inside * 1.5


def test_named_randomness_does_not_depend_on_the_other_parts():
    assert generator(7, "sky").random() == generator(7, "sky").random() != generator(7, "ground").random()


def test_ground_moved_by_the_width_of_a_tile_is_the_same_ground():
    plain = paint_plain(np.random.default_rng(1), LENS, light_for(Time.DAY, Weather.CLEAR), Place.DESERT, 0.7)
    near = plain.bands[-1]
    metres = 1024 * 64 / near.steps[0]
    still, moved, other = (np.zeros((LENS.height - LENS.horizon, LENS.width, 4), np.uint8) for _ in range(3))
    near.draw(still, Pose(0.0, 0.0, 0.0))
    near.draw(moved, Pose(metres, 0.0, 0.0))
    near.draw(other, Pose(metres * 0.37, 0.0, 0.0))
    assert np.array_equal(still, moved)
    assert not np.array_equal(still, other)


def test_ground_runs_to_the_left_as_the_camera_goes_right():
    plain = paint_plain(np.random.default_rng(1), LENS, light_for(Time.DAY, Weather.CLEAR), Place.DESERT, 0.7)
    before, after = (np.zeros((LENS.height, LENS.width, 4), np.uint8) for _ in range(2))
    row, distance = 100, LENS.eye * LENS.focal / (100 - LENS.horizon + 0.5)
    plain.draw(before, Pose(0.0, 0.0, 0.0), 0.0)
    plain.draw(after, Pose(10 * distance / LENS.focal, 0.0, 0.0), 0.0)
    gap = np.abs(before[row, 10:, 0].astype(int) - after[row, :-10, 0]).mean()
    assert gap < 2 < np.abs(before[row, :, 0].astype(int) - after[row, :, 0]).mean() + 2


def test_rain_and_snow_shorten_the_view_and_dim_the_sun():
    for time in Time:
        clear, rain = light_for(time, Weather.CLEAR), light_for(time, Weather.RAIN)
        assert rain.visibility < clear.visibility / 2
        assert sum(rain.key) < sum(clear.key)
        assert rain.cover > clear.cover

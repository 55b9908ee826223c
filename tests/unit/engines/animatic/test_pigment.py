import numpy as np

from dalang.engines.animatic.canvas.pigment import between, times, toward, under

PART = np.array([[0.0, 0.25], [0.5, 1.0]], np.float32)


def test_colours_are_mixed_by_each_point_s_part() -> None:
    mixed = between((0, 100, 200), (100, 100, 0), PART)
    assert mixed[0, 0].tolist() == [0, 100, 200]
    assert mixed[0, 1].tolist() == [25, 100, 150]
    assert np.allclose(toward(mixed, (100, 100, 0), np.ones_like(PART)), (100, 100, 0))
    assert np.allclose(toward(mixed, mixed * 3, PART), mixed * (1 + 2 * PART[..., None]))


def test_light_is_taken_by_each_channel_and_at_each_point() -> None:
    colour = np.full((2, 2, 3), 100, np.float32)
    assert times(colour, PART)[1, 0].tolist() == [50, 50, 50]
    assert np.allclose(under(colour, (0.5, 0.25, 0.0), (1.0, 1.0, 1.0), PART)[1, 1], (150, 125, 100))
    assert np.allclose(under(colour, (0.5, 0.25, 0.0), (1.0, 1.0, 1.0), 0.5)[1, 1], (100, 75, 50))

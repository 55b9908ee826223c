"""Dyeing: the coat takes the colour that is asked for; light and shade, outlines and the rest stay."""

import numpy as np
import pytest

from dalang.engines.animatic.bodies.cloth import DYES
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.figures.dye import coat_of, dyed
from dalang.scene.performer import Colour

SIDE = 64
ORANGE, LAVENDER, GLASS = (240.0, 150.0, 60.0), (206.0, 198.0, 216.0), (60.0, 150.0, 250.0)
EYE = slice(10, 16)


def body(colour: tuple[float, float, float], patch: tuple[float, float, float] | None = None) -> Picture:
    """A figure lit from above, with a dark eye, and on its lower right, if asked for, a patch of another colour."""
    shaded = np.asarray(colour) * np.linspace(1.05, 0.7, SIDE)[:, None, None] * np.ones((1, SIDE, 1))
    if patch:
        shaded[40:, 40:] = patch
    shaded[EYE, EYE] = (30, 22, 24)
    cover = np.zeros((SIDE, SIDE))
    cover[4:-4, 4:-4] = 1
    return picture(np.clip(shaded, 0, 255), cover)


def inside(frame: Picture) -> np.ndarray:
    return frame[20:38, 20:38, :3].astype(float)


@pytest.mark.parametrize("colour", sorted(DYES))
@pytest.mark.parametrize("old", [ORANGE, LAVENDER])
def test_the_coat_takes_the_colour(old: tuple[float, float, float], colour: Colour) -> None:
    new = inside(dyed(body(old)[None], colour)[0]).mean(axis=(0, 1))
    gaps = {name: float(np.linalg.norm(new - rgb)) for name, rgb in DYES.items()}
    assert gaps[colour] < 45
    assert colour in sorted(gaps, key=gaps.__getitem__)[:2]


@pytest.mark.parametrize("colour", sorted(DYES))
def test_light_and_shade_stay(colour: Colour) -> None:
    new = dyed(body(ORANGE)[None], colour)[0]
    rows = new[20:60, 20:38, :3].astype(float).mean(axis=(1, 2))
    assert rows[:8].mean() > rows[-8:].mean() + 6


def test_eyes_stay_dark_and_what_is_clear_stays_clear() -> None:
    old = body(ORANGE)
    new = dyed(old[None], Colour.WHITE)[0]
    assert np.abs(new[EYE, EYE].astype(int) - old[EYE, EYE]).max() <= 3
    assert np.array_equal(new[..., 3], old[..., 3])
    assert not new[:4].any()
    assert (new[..., :3] <= new[..., 3:]).all()


def test_another_colour_on_it_stays() -> None:
    old = body(ORANGE, patch=(40.0, 160.0, 90.0))
    new = dyed(old[None], Colour.PURPLE)[0]
    assert np.abs(new[42:58, 42:58].astype(int) - old[42:58, 42:58]).max() <= 6


def test_windows_are_no_coat() -> None:
    glazed = body(ORANGE)
    glazed[6:44, 6:58] = (*GLASS, 255)
    assert coat_of(glazed).hue == pytest.approx(280, abs=25)
    assert coat_of(glazed, glazed=True).hue == pytest.approx(65, abs=25)


def test_every_frame_of_a_loop_gets_the_same_dye() -> None:
    one = body(ORANGE)
    moved = np.roll(one, 3, axis=1)
    first, second = dyed(np.stack([one, moved]), Colour.BLUE)
    assert np.array_equal(np.roll(first, 3, axis=1), second)

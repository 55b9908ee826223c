"""Food is seen on a table, at a table's height over the set's ground; what walks or is large stands on the ground."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.engines.animatic.figures.tabletop import HEIGHT, WOODS, Plate, Pot, laid, surroundings, tabletop
from dalang.engines.animatic.sets import foreground
from dalang.engines.animatic.stage import plan_set
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Shot, Time, Weather


def scene(name: str, place: Place, *others: str):
    cast = tuple(Performer(subject=one, action=Action.STAND) for one in (name, *others))
    shot = Shot(
        place=place, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, cast=cast, duration=3.0,
    )  # fmt: skip
    return plan_set(shot, 640, 360, 3)


@pytest.mark.parametrize("place", WOODS)
def test_an_apple_is_on_a_table(place):
    assert laid(scene("apple", place))


@pytest.mark.parametrize("place", sorted(set(Place) - set(WOODS)))
def test_there_is_no_table_on_water_or_in_the_air(place):
    assert not laid(scene("apple", place))


@pytest.mark.parametrize(
    ("name", "place", "on"),
    [
        ("books", Place.OFFICE, True),
        ("football", Place.MEADOW, False),
        ("chair", Place.OFFICE, False),
        ("cat", Place.KITCHEN, False),
        ("oak-tree", Place.MEADOW, False),
    ],
)
def test_small_things_are_on_tables_indoors(name, place, on):
    assert laid(scene(name, place)) is on


def test_one_who_stands_beside_food_keeps_it_from_the_table():
    assert not laid(scene("man", Place.KITCHEN, "apple"))


def test_the_set_is_seen_from_over_the_table_and_the_food_from_its_own_height():
    laid_out = scene("apple", Place.KITCHEN)
    about = surroundings(laid_out)
    assert about.framing.lens.eye == pytest.approx(laid_out.framing.lens.eye + HEIGHT)
    bare = scene("cat", Place.KITCHEN)
    assert surroundings(bare) is bare


def test_the_table_fills_the_frame_below_its_far_edge_and_nothing_above():
    laid_out = scene("apple", Place.KITCHEN)
    top = tabletop(laid_out)[1]
    lens = laid_out.framing.lens
    canvas = np.full((lens.height, lens.width, 4), 7, np.uint8)
    top.draw(canvas, laid_out.framing.path.pose(0.0), 0.0)
    stand = laid_out.framing.stand
    assert stand is not None
    foot = int(lens.row(stand.distance))
    assert (canvas[foot:, :, :3] != 7).any(axis=2).mean() > 0.99
    assert (canvas[: lens.horizon] == 7).all()


@pytest.mark.parametrize(("name", "plates"), [("apple", 1), ("coffee", 0), ("books", 0)])
def test_food_without_a_dish_of_its_own_lies_on_a_plate(name, plates):
    assert sum(isinstance(layer, Plate) for layer in foreground(scene(name, Place.KITCHEN))) == plates


def test_a_flower_indoors_stands_in_a_pot_and_in_the_meadow_on_its_own():
    assert any(isinstance(layer, Pot) for layer in foreground(scene("rose", Place.KITCHEN)))
    assert not laid(scene("rose", Place.MEADOW))

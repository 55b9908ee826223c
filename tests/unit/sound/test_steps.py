"""Footfalls: when the picture's feet come down, and heard then."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.bodies import anatomy, wardrobes
from dalang.engines.animatic.bodies.beast import standing_height
from dalang.engines.animatic.figures.figure import figures
from dalang.scene.performer import Action, Age, Direction, Performer, Size
from dalang.scene.plan import Camera, Place, Shot, Time, Weather
from dalang.scene.subjects import SUBJECTS
from dalang.sound.foley import foley
from dalang.sound.steps import Foot, footfalls, landings
from dalang.sound.strides import HEIGHTS, STANDING, cycle
from dalang.sound.tone import RATE

MAN = Performer(subject="man", action=Action.WALK)
SHOT = Shot(place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=5.0)
HORSE = Performer(subject="horse", action=Action.WALK)


@pytest.mark.parametrize(("performer", "feet"), [(MAN, 2), (HORSE, 4)])
def test_as_many_feet_come_down_in_a_stride_as_there_are_legs(performer: Performer, feet: int) -> None:
    stride = cycle(performer)
    falls = [fall.second for fall in footfalls(performer, 5 * stride)]
    assert len(falls) == 5 * feet
    assert falls[feet] - falls[0] == pytest.approx(stride)


def test_who_runs_steps_faster_than_who_walks() -> None:
    walk, run = (footfalls(msgspec.structs.replace(MAN, action=action), 6.0) for action in (Action.WALK, Action.RUN))
    assert len(run) > 1.15 * len(walk)


@pytest.mark.parametrize(
    ("name", "action", "fields"),
    [
        ("man", Action.WALK, {}),
        ("woman", Action.RUN, {"age": Age.CHILD}),
        ("man", Action.WALK, {"size": Size.GIANT}),
        ("wolf", Action.RUN, {"size": Size.SMALL}),
        ("bear", Action.WALK, {}),
        ("elephant", Action.WALK, {}),
    ],
)
def test_a_step_takes_as_long_as_in_the_picture(name: str, action: Action, fields: dict[str, object]) -> None:
    performer = msgspec.structs.replace(Performer(subject=name, action=action), **fields)
    (figure,) = figures(np.random.default_rng(0), msgspec.structs.replace(SHOT, cast=(performer,)))
    assert cycle(performer) == pytest.approx(1 / figure.loops(1.0), rel=0.01)


def test_bodies_have_the_heights_of_the_picture() -> None:
    assert {name: build.height for name, build in wardrobes.BUILDS.items()} == HEIGHTS
    assert {name: standing_height(build) for name, build in anatomy.BUILDS.items()} == pytest.approx(
        STANDING, abs=0.005
    )


@pytest.mark.parametrize("action", Action)
def test_every_subject_can_be_heard_at_any_age(action: Action) -> None:
    for name in SUBJECTS:
        for age in (None, *Age):
            cycle(Performer(subject=name, action=action, age=age))


def test_a_cut_does_not_stop_a_step() -> None:
    whole = [fall.second for fall in footfalls(MAN, 6.0)]
    after = [fall.second + 2.5 for fall in footfalls(MAN, 3.5, since=2.5)]
    assert after == pytest.approx([second for second in whole if second >= 2.5])


def test_who_goes_up_to_another_stands_when_they_have_met() -> None:
    falls = [fall.second for fall in footfalls(MAN, 6.0, until=3.0)]
    assert 3.0 - cycle(MAN) / 2 <= falls[-1] <= 3.0


def test_who_jumps_lands_once_in_a_jump() -> None:
    assert len(landings(msgspec.structs.replace(MAN, action=Action.JUMP), 6.0)) == 5


@pytest.mark.parametrize(
    "performer", [msgspec.structs.replace(MAN, action=Action.STAND), Performer(subject="car", action=Action.DRIVE)]
)
def test_who_stands_or_rolls_does_not_step(performer: Performer) -> None:
    assert footfalls(performer, 5.0) == ()


def test_several_step_out_of_step() -> None:
    three = footfalls(msgspec.structs.replace(MAN, count=3), 5.0)
    assert len(three) > 2.7 * len(footfalls(MAN, 5.0))
    assert len({fall.second for fall in three}) == len(three)


def test_steps_go_with_the_performer_from_side_to_side() -> None:
    pans = [fall.pan for fall in footfalls(msgspec.structs.replace(MAN, direction=Direction.LEFT), 5.0)]
    assert pans == sorted(pans, reverse=True)
    assert pans[0] > 0.6
    assert pans[-1] < 0.4


def test_horses_have_hooves_and_cats_have_paws() -> None:
    assert footfalls(HORSE, 2.0)[0].foot is Foot.HOOF
    assert footfalls(Performer(subject="cat", action=Action.WALK), 2.0)[0].foot is Foot.PAW


@pytest.mark.parametrize("place", [Place.STREET, Place.SNOW, Place.MEADOW, Place.BEACH, Place.CLASSROOM])
def test_a_step_is_heard_when_a_foot_comes_down(place: Place) -> None:
    shot = Shot(place=place, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=5.0, cast=(MAN,))
    track = np.abs(foley(shot, 5 * RATE, np.random.default_rng(0))).sum(axis=1)
    power = track[: len(track) // 480 * 480].reshape(-1, 480).mean(axis=1)
    for fall in footfalls(MAN, 4.8)[1:]:
        frame = round(fall.second * 100)
        assert power[frame : frame + 8].max() > 3 * power[frame - 8 : frame - 1].mean(), fall.second


def test_nobody_steps_where_there_is_no_ground() -> None:
    shot = Shot(
        place=Place.SPACE, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=2.0, cast=(MAN,)
    )
    assert not foley(shot, 2 * RATE, np.random.default_rng(0)).any()

"""Acting: each action moves a whole picture in its own way, without a leap from frame to frame."""

import itertools

import numpy as np
import pytest

from dalang.engines.animatic.figures.acting import ACTS, LYING, STILL, Motion, acting, waddle
from dalang.engines.animatic.figures.actor import Place, placed
from dalang.scene.performer import Action

FRAME = 1 / 30
VIEW = np.zeros((100, 60, 4), np.uint8)


def over(action: Action, seconds: float = 6.0, *, upright: bool = False) -> list[Motion]:
    return [acting(action, time, upright=upright) for time in np.arange(0, seconds, FRAME)]


@pytest.mark.parametrize("action", sorted(ACTS))
@pytest.mark.parametrize("upright", [False, True])
def test_an_action_is_seen_and_nothing_leaps(action: Action, upright: bool) -> None:
    motions = over(action, upright=upright)
    assert len(set(motions)) > 20
    for one, next_one in itertools.pairwise(motions):
        assert abs(next_one.dy - one.dy) < 0.12
        assert abs(next_one.dx - one.dx) < 0.03
        assert abs(next_one.angle - one.angle) < 8
        assert abs(next_one.tall - one.tall) < 0.06


def test_one_who_stands_is_left_as_drawn() -> None:
    assert acting(Action.STAND, 1.0) is STILL


def test_a_jump_gathers_strength_rises_and_lands() -> None:
    motions = over(Action.JUMP, 1.25)
    top = max(range(len(motions)), key=lambda number: motions[number].dy)
    assert motions[top].dy > 0.3
    assert min(one.tall for one in motions[:top]) < 0.9
    assert min(one.tall for one in motions[top:]) < 0.95
    assert all(one.dy == 0 for one in motions if one.tall < 0.9)


def test_one_who_falls_lies_to_the_end() -> None:
    motions = over(Action.FALL)
    assert abs(motions[0].angle) < 5
    assert all(80 < one.angle < 95 for one in motions[60:])


def test_two_legged_ones_lie_down_to_sleep_and_the_others_curl_up() -> None:
    assert abs(acting(Action.SLEEP, 1.0, upright=True).angle) == 90
    assert acting(Action.SLEEP, 1.0).angle == 0
    assert acting(Action.SLEEP, 1.0).tall < 0.8
    assert set(LYING) <= set(ACTS)


def test_a_turn_shows_both_sides_and_is_never_a_line() -> None:
    wides = [one.wide for one in over(Action.TURN)]
    assert min(wides) < -0.9
    assert max(wides) > 0.9
    assert min(abs(wide) for wide in wides) > 0.2


def test_words_move_who_says_them() -> None:
    talking = {acting(Action.TALK, time, speaking=True) for time in np.arange(0, 2, FRAME)}
    silent = {acting(Action.TALK, time) for time in np.arange(0, 2, FRAME)}
    spread = [max(one.angle for one in group) - min(one.angle for one in group) for group in (talking, silent)]
    assert spread[0] > 2 * spread[1]
    assert acting(Action.STAND, 0.5, speaking=True) is not STILL


def test_a_foot_is_down_at_every_step() -> None:
    assert waddle(3.0, 1.0).dy == pytest.approx(0, abs=1e-9)
    assert waddle(3.5, 1.0).dy > 0.03


def test_a_picture_turns_about_its_foot_and_leans_the_way_it_goes() -> None:
    foot = np.array([30, 100, 1])
    head = np.array([30, 0, 1])
    for heading in (1, -1):
        move = placed(Motion(angle=90.0), VIEW, Place(200.0, 300.0, 1.0, 1.0), heading)
        assert move @ foot == pytest.approx((200, 300), abs=1e-3)
        assert move @ head == pytest.approx((200 + 100 * heading, 300), abs=1e-3)


def test_a_picture_that_is_not_moved_stays_where_it_is() -> None:
    move = placed(STILL, VIEW, Place(200.0, 300.0, 2.0, 1.0), 1)
    assert move @ np.array([0, 0, 1]) == pytest.approx((140, 100))
    assert move @ np.array([60, 100, 1]) == pytest.approx((260, 300))

"""Cuts: an establishing shot first, neighbours that differ, what is named stays, and nobody turns about at a cut."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

from dalang.scene.cuts import COVERAGE, Named, cut, headed
from dalang.scene.parse import parse
from dalang.scene.performer import Action, Direction, Performer
from dalang.scene.plan import Angle, Camera, Place, Shot, Time, View, Weather

SHOT = Shot(
    place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.DOLLY_IN, duration=12.5,
    cast=(Performer(subject="dog", action=Action.RUN),),
)  # fmt: skip

FREE: frozenset[Camera] = frozenset()


def with_camera(camera: Camera, direction: Direction | None = None) -> Shot:
    cast = (msgspec.structs.replace(SHOT.cast[0], direction=direction),)
    return msgspec.structs.replace(SHOT, camera=camera, cast=cast)


def ways(*shots: Shot) -> list[Direction | None]:
    return [shot.cast[0].direction for shot in headed(shots)]


def test_a_scene_is_established_before_it_is_covered() -> None:
    shots = cut(SHOT, Named(), unwanted=FREE)
    assert shots[0].view is View.WIDE
    assert [shot.view for shot in shots] == [setup.view for setup in COVERAGE]


def test_no_take_of_a_scene_turns_its_subject_about() -> None:
    assert not {setup.camera for setup in COVERAGE} & {Camera.PAN_LEFT, Camera.PAN_RIGHT}


@pytest.mark.parametrize("view", list(View))
def test_a_view_that_is_named_holds_in_every_take_and_the_angle_tells_them_apart(view: View) -> None:
    shots = cut(SHOT, Named(view=view), unwanted=FREE)
    assert {shot.view for shot in shots} == {view}
    assert all(one.angle is not other.angle for one, other in pairwise(shots))


def test_an_angle_that_is_named_holds_in_every_take() -> None:
    above = msgspec.structs.replace(SHOT, angle=Angle.OVERHEAD)
    assert {shot.angle for shot in cut(above, Named(), unwanted=FREE)} == {Angle.OVERHEAD}


@pytest.mark.parametrize("camera", list(Camera))
def test_a_camera_that_is_named_holds_and_one_that_is_unwanted_is_not_used(camera: Camera) -> None:
    assert {shot.camera for shot in cut(SHOT, Named(camera=camera), unwanted=FREE)} == {camera}
    still = msgspec.structs.replace(SHOT, camera=Camera.STATIC)
    used = {shot.camera for shot in cut(still, Named(), unwanted=frozenset({camera}) - {Camera.STATIC})}
    assert camera is Camera.STATIC or camera not in used


def test_what_a_listed_shot_names_is_left_alone() -> None:
    prompt = (
        "Shot 1 [0-2s]: wide shot of a dog in a meadow. Shot 2 [2-3s]: wide shot, the dog runs, camera pans right. "
        "Shot 3 [3-5s]: close-up of the dog."
    )
    shots = parse(prompt, 5.0).shots
    assert [shot.view for shot in shots] == [View.WIDE, View.WIDE, View.CLOSE]
    assert shots[1].camera is Camera.PAN_RIGHT
    assert [shot.duration for shot in shots] == [2.0, 1.0, 2.0]


def test_a_subject_keeps_its_way_across_cuts() -> None:
    left, right = Direction.LEFT, Direction.RIGHT
    static, pan = with_camera(Camera.STATIC), with_camera(Camera.PAN_LEFT)
    assert ways(static, pan, static) == [left] * 3, "as the pan follows it, before and after"
    assert ways(with_camera(Camera.STATIC, right), static) == [right, right]
    assert ways(static, static) == [None, None], "the seed chooses, once for all"


def test_a_subject_that_is_said_to_turn_turns() -> None:
    left, right = Direction.LEFT, Direction.RIGHT
    there, back = with_camera(Camera.STATIC, right), with_camera(Camera.STATIC, left)
    assert ways(there, with_camera(Camera.STATIC), back, with_camera(Camera.STATIC)) == [right, right, left, left]


def test_a_way_towards_the_camera_is_none_across_it() -> None:
    towards = with_camera(Camera.STATIC, Direction.TOWARDS)
    assert ways(towards, with_camera(Camera.STATIC)) == [Direction.TOWARDS, None]

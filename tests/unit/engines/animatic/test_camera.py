"""Camera moves: each goes where its name says, gathers speed and comes to rest, and keeps the frame filled."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from dalang.engines.animatic.camera.camera import Path, Pose, Sway
from dalang.engines.animatic.camera.window import Window
from dalang.engines.animatic.stage import build_stage
from dalang.scene.plan import Camera, Place, Shot, Time, Weather

PATH = Path(
    Camera.STATIC, 4.0, turn=50.0, reach=2.0, pivot=0.01, truck=0.5, rise=0.6, over=30.0, under=12.0,
    sway=Sway((0.1, 1.2, 2.3, 3.4), 8.0),
)  # fmt: skip

GONE = {
    Camera.STATIC: Pose(0, 0, 0),
    Camera.PAN_LEFT: Pose(0, 0, -100),
    Camera.PAN_RIGHT: Pose(0, 0, 100),
    Camera.TILT_UP: Pose(0, 0, 0, down=-42),
    Camera.TILT_DOWN: Pose(0, 0, 0, down=42),
    Camera.DOLLY_IN: Pose(0, 2, 0),
    Camera.DOLLY_OUT: Pose(0, -2, 0),
    Camera.TRACKING: Pose(1, 0, 0),
    Camera.ORBIT: Pose(-1, 0, 100),
    Camera.CRANE_UP: Pose(0, -0.9, 0, up=0.6, down=12),
    Camera.CRANE_DOWN: Pose(0, 0.9, 0, up=-0.6, down=-12),
}
"""From the first moment to the last."""


def numbers(pose: Pose) -> np.ndarray:
    return np.array([pose.x, pose.z, pose.turn, pose.up, pose.aside, pose.down, pose.roll])


@pytest.mark.parametrize("move", GONE)
def test_a_camera_goes_as_its_move_says_and_no_other_way(move: Camera) -> None:
    path = replace(PATH, move=move)
    assert numbers(path.pose(4.0)) - numbers(path.pose(0.0)) == pytest.approx(numbers(GONE[move]))


@pytest.mark.parametrize("move", GONE)
def test_a_move_gathers_speed_and_comes_to_rest(move: Camera) -> None:
    path = replace(PATH, move=move)
    ways = [numbers(path.pose((k + 1) / 10)) - numbers(path.pose(k / 10)) for k in range(40)]
    fastest = max(np.abs(way).max() for way in ways)
    assert np.abs(ways[0]).max() <= 0.15 * fastest
    assert np.abs(ways[-1]).max() <= 0.15 * fastest
    assert all(np.abs(after - before).max() <= 0.2 * fastest for before, after in pairwise(ways))


def test_an_orbit_keeps_its_subject_in_its_place() -> None:
    path = replace(PATH, move=Camera.ORBIT)
    columns = [-path.pose(time).x / path.pivot - path.pose(time).turn for time in (0.0, 1.0, 3.0, 4.0)]
    assert columns == pytest.approx([0.0] * 4)


def test_what_follows_a_subject_adds_to_every_move() -> None:
    for move in Camera:
        path = replace(PATH, move=move, follow=1.5)
        still = replace(path, follow=0.0)
        assert path.pose(3.0).x - still.pose(3.0).x == pytest.approx(1.5)


def test_a_hand_sways_slowly_and_stays_within_its_reach() -> None:
    path = replace(PATH, move=Camera.HANDHELD)
    ways = [numbers(path.pose(k / 30)) for k in range(450)]
    assert np.abs(np.array(ways)[:, 4:6]).max() <= 8.0
    assert np.abs(np.array(ways)[:, 6]).max() <= 0.4, "degrees"
    steps = np.diff(ways, axis=0)
    assert np.abs(np.diff(steps, axis=0)).max() < 0.06, "pixels a frame, in a frame"
    assert np.abs(np.array(ways)[:, 4]).max() > 4.0, "it is seen"


def test_a_frame_moves_over_its_picture_between_whole_pixels_too() -> None:
    canvas = np.broadcast_to(np.arange(40, dtype=np.uint8)[None, :, None] * 4, (30, 40, 4)).copy()
    window = Window(4, 6, 32, 16)
    assert window.through(canvas, Pose(0, 0, 0)).shape == (16, 32, 4)
    assert window.through(canvas, Pose(0, 0, 0))[0, 0, 0] == 16
    assert window.through(canvas, Pose(0, 0, 0, aside=0.5))[0, 0, 0] == 18
    assert window.through(canvas, Pose(0, 0, 0, aside=-3.0))[0, 0, 0] == 4


def test_a_frame_turns_about_its_middle() -> None:
    canvas = np.zeros((60, 80, 4), np.uint8)
    canvas[28:32, 38:42] = 255
    rolled = Window(10, 10, 60, 40).through(canvas, Pose(0, 0, 0, roll=10.0))
    rows, columns = np.nonzero(rolled[..., 0] > 128)
    assert (rows.mean(), columns.mean()) == pytest.approx((19.5, 29.5), abs=0.3)


def displacements(shot: Shot) -> np.ndarray:
    """Columns and rows by which the picture moves from each eighth of a second to the next."""
    width, height = 192, 112
    stage = build_stage(shot, width, height, 3)
    pictures = [np.asarray(stage.frame(k / 8)[:height], np.float32) for k in range(int(shot.duration * 8) + 1)]
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    return np.array([cv2.phaseCorrelate(one, other, window)[0] for one, other in pairwise(pictures)])


@pytest.mark.parametrize("place", [Place.MOUNTAIN, Place.STREET])
@pytest.mark.parametrize("move", list(Camera))
def test_the_picture_moves_without_a_jerk(move: Camera, place: Place) -> None:
    shot = Shot(place=place, time=Time.DAY, weather=Weather.CLEAR, camera=move, duration=5.0)
    ways = displacements(shot)
    fastest = np.abs(ways).max()
    assert np.abs(np.diff(ways, axis=0)).max() < 0.3 + 0.4 * fastest
    if move in MOVING:
        assert fastest > 0.5, "it is seen to move"


MOVING = frozenset(Camera) - {Camera.STATIC, Camera.DOLLY_IN, Camera.DOLLY_OUT, Camera.HANDHELD, Camera.TRACKING}
"""What moves even the furthest mountains."""

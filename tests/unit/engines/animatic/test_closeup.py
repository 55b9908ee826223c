"""Close shots of people: the head is in the frame, the feet are not; what is small is shown whole."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.camera.closeup import crown, cut_height, nearing, receding
from dalang.engines.animatic.camera.framing import Framing, frame_shot
from dalang.engines.animatic.figures.figure import figures
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Angle, Camera, Place, Shot, Time, View, Weather

SIZES = [(832, 480), (360, 640), (624, 624)]


def close(subject: str, camera: Camera, action: Action = Action.STAND) -> Shot:
    return Shot(
        place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=camera, view=View.CLOSE,
        cast=(Performer(subject=subject, action=action),), duration=5.0,
    )  # fmt: skip


def framed(shot: Shot, size: tuple[int, int]) -> Framing:
    return frame_shot(np.random.default_rng(3), shot, *size, figures(np.random.default_rng(3), shot))


def reach(framing: Framing, time: float) -> tuple[float, float]:
    """Rows of head and foot of the subject."""
    stand, lens = framing.stand, framing.lens
    assert stand is not None
    away = stand.distance - framing.path.pose(time).z
    return lens.row(away) - stand.figure.height * lens.scale(away), lens.row(away)


@pytest.mark.parametrize("camera", [Camera.STATIC, Camera.DOLLY_IN, Camera.DOLLY_OUT, Camera.ORBIT])
@pytest.mark.parametrize("size", SIZES)
def test_a_close_shot_of_a_person_keeps_the_head_and_cuts_the_feet(camera: Camera, size: tuple[int, int]) -> None:
    framing = framed(close("woman", camera), size)
    for time in (0.0, 2.5, 5.0):
        head, foot = reach(framing, time)
        assert 0.03 * size[1] < head < 0.3 * size[1]
        assert foot > 1.02 * size[1]


@pytest.mark.parametrize("angle", [Angle.EYE, Angle.LOW])
@pytest.mark.parametrize("size", SIZES)
def test_a_close_shot_of_a_crowd_is_seen_from_over_the_ground(angle: Angle, size: tuple[int, int]) -> None:
    crowd = Performer(subject="woman", action=Action.STAND, count=40)
    framing = framed(msgspec.structs.replace(close("woman", Camera.STATIC), cast=(crowd,), angle=angle), size)
    assert 0 < framing.lens.eye < 20


def test_what_is_no_person_is_whole_in_a_close_shot() -> None:
    for name in ("cat", "car"):
        _, foot = reach(framed(close(name, Camera.STATIC), SIZES[0]), 2.5)
        assert foot < SIZES[0][1]


def test_one_who_lies_is_whole_in_a_close_shot() -> None:
    shot = close("man", Camera.STATIC, Action.SLEEP)
    (figure,) = figures(np.random.default_rng(3), shot)
    assert cut_height(shot, figure, 480) is None


def test_a_head_stays_under_the_frames_edge_however_near_the_camera_comes() -> None:
    for camera in Camera:
        for horizon in (0.6, 0.1, -0.5):
            rows = [
                horizon + (crown(camera, horizon) - horizon) * grown for grown in (receding(camera), nearing(camera))
            ]
            assert min(rows) > 0.05

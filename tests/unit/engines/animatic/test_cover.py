"""No pixel of a frame is left as it was found, and whoever the shot is about keeps the head in it."""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.figures.actor import Actor
from dalang.engines.animatic.places.alley import Sides
from dalang.engines.animatic.sets import SETS
from dalang.engines.animatic.stage import Stage, build_stage
from dalang.scene.performer import Action, Performer, Size
from dalang.scene.plan import Angle, Camera, Place, Shot, Time, View, Weather

SECONDS = 5.0
MOMENTS = (0.0, SECONDS / 2, SECONDS)

CAMERAS = (Camera.DOLLY_IN, Camera.DOLLY_OUT, Camera.PAN_LEFT, Camera.ORBIT, Camera.CRANE_UP)
SHAPES = ((208, 120), (120, 208), (144, 144), (168, 128), (248, 104))
CASTS = (
    ("dog", Action.RUN),
    ("man", Action.WALK),
    ("eagle", Action.FLY),
    ("whale", Action.SWIM),
    ("woman", Action.STAND),
)
PLACES, ANGLES, VIEWS = list(SETS), list(Angle), list(View)

ROWS = [
    (
        camera,
        angle,
        SHAPES[(one + other) % len(SHAPES)],
        PLACES[(one * len(ANGLES) + other * 7) % len(PLACES)],
        VIEWS[(one + other) % len(VIEWS)],
        CASTS[(one + 2 * other) % len(CASTS)],
    )
    for (one, camera), (other, angle) in product(enumerate(Camera), enumerate(ANGLES))
]
"""Every camera from every angle; shapes, sets, views and casts by turns."""


def shot(
    place: Place,
    camera: Camera,
    angle: Angle = Angle.EYE,
    view: View = View.MEDIUM,
    who: tuple[str, Action] = ("dog", Action.RUN),
) -> Shot:
    return Shot(
        place=place, time=Time.DAY, weather=Weather.CLEAR, camera=camera, angle=angle, view=view,
        cast=(Performer(subject=who[0], action=who[1]),), duration=SECONDS,
    )  # fmt: skip


def drawn(stage: Stage, time: float, found: int) -> Picture:
    canvas = np.full((stage.lens.height, stage.lens.width, 4), found, np.uint8)
    pose = stage.path.pose(time)
    stage.paint(canvas, pose, time)
    return stage.window.through(canvas, pose)[..., :3]


@pytest.mark.parametrize(("place", "camera"), list(zip(SETS, CAMERAS * 4, strict=True)))
def test_every_pixel_is_painted(place: Place, camera: Camera) -> None:
    stage = build_stage(shot(place, camera), 320, 176, seed=7)
    for time in MOMENTS:
        assert np.array_equal(drawn(stage, time, 0), drawn(stage, time, 255)), f"{time:g} s into the shot"


@pytest.mark.parametrize("view", list(View))
def test_the_gaps_of_a_parapet_show_painted_land_to_a_camera_that_is_low(view: View) -> None:
    small = (
        Performer(subject="fairy", action=Action.FLY, size=Size.TINY),
        Performer(subject="princess", action=Action.STAND),
    )
    told = msgspec.structs.replace(shot(Place.CASTLE, Camera.ORBIT, view=view), cast=small)
    stage = build_stage(told, 320, 176, seed=45)
    for time in MOMENTS:
        assert np.array_equal(drawn(stage, time, 0), drawn(stage, time, 255)), f"{time:g} s into the shot"


def test_the_rows_meet_every_set_every_camera_and_every_angle_in_every_shape() -> None:
    assert {place for _, _, _, place, _, _ in ROWS} == set(SETS)
    assert {(angle, shape) for _, angle, shape, *_ in ROWS} == set(product(Angle, SHAPES))
    assert {camera for camera, *_ in ROWS} == set(Camera)


@pytest.mark.parametrize(("camera", "angle", "size", "place", "view", "who"), ROWS)
def test_every_move_from_every_angle_fills_every_shape_and_keeps_the_head_in_it(
    camera: Camera, angle: Angle, size: tuple[int, int], place: Place, view: View, who: tuple[str, Action]
) -> None:
    stage = build_stage(shot(place, camera, angle, view, who), *size, seed=5)
    for time in MOMENTS:
        assert np.array_equal(drawn(stage, time, 0), drawn(stage, time, 255)), f"{time:g} s into the shot"
        top, left, right = head(stage, time)
        assert 0 <= top <= 0.93 * size[1], f"the head is at row {top} of {size[1]}, {time:g} s into the shot"
        assert 0 <= left < right <= size[0], f"it is at {left} to {right} of {size[0]}, {time:g} s into the shot"


@pytest.mark.parametrize("camera", list(Camera))
def test_the_walls_of_an_alley_reach_the_edges_of_the_frame(camera: Camera) -> None:
    stage = build_stage(shot(Place.ALLEY, camera, who=("man", Action.WALK)), 208, 120, seed=7)
    (sides,) = (layer for layer in stage.back if isinstance(layer, Sides))
    for time in MOMENTS:
        pose = stage.path.pose(time)
        seen = [np.full((stage.lens.height, stage.lens.width, 4), found, np.uint8) for found in (0, 255)]
        for canvas in seen:
            sides.draw(canvas, pose, time)
        one, other = (stage.window.through(canvas, pose)[60, [1, -2]].astype(int) for canvas in seen)
        assert np.abs(one - other).max() < 8, f"{time:g} s into the shot"


def head(stage: Stage, time: float) -> tuple[float, float, float]:
    """Topmost row and outermost columns of the upper fifth of the lead, in the frame."""
    actor = next(layer for layer in stage.front if isinstance(layer, Actor))
    pose, window = stage.path.pose(time), stage.window
    empty, full = (np.full((stage.lens.height, stage.lens.width, 4), found, np.uint8) for found in (0, 255))
    actor.draw(empty, pose, time)
    actor.draw(full, pose, time)
    solid = np.abs(full[..., :3].astype(int) - empty[..., :3]).max(axis=2) < 64
    rows = np.flatnonzero(solid.any(axis=1))
    assert len(rows), "the lead is in the picture"
    columns = np.flatnonzero(solid[rows[0] : rows[0] + 1 + len(rows) // 5].any(axis=0))
    aside, down = window.left + pose.aside, window.top + pose.down
    return rows[0] - down, columns[0] - aside, columns[-1] + 1 - aside

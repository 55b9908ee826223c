"""No pixel of a frame is left as it was found: what lay in memory before must not show."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from dalang.engines.animatic.composite import Picture
from dalang.engines.animatic.sets import SETS
from dalang.engines.animatic.stage import Stage, build_stage
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Shot, Time, Weather

SECONDS = 5.0

CAMERAS = (Camera.DOLLY_IN, Camera.DOLLY_OUT, Camera.PAN_LEFT)


def shot(place: Place, camera: Camera) -> Shot:
    return Shot(
        place=place,
        time=Time.DAY,
        weather=Weather.CLEAR,
        camera=camera,
        cast=(Performer(subject="dog", action=Action.RUN),),
        duration=SECONDS,
    )


def drawn(stage: Stage, time: float, found: int) -> Picture:
    canvas = np.full((stage.lens.height, stage.lens.width, 4), found, np.uint8)
    for layer in stage.layers:
        layer.draw(canvas, stage.path.pose(time), time)
    return canvas[..., :3]


@pytest.mark.parametrize(("place", "camera"), list(product(SETS, CAMERAS)))
def test_every_pixel_is_painted(place: Place, camera: Camera) -> None:
    stage = build_stage(shot(place, camera), 320, 176, seed=7)
    for time in (0.0, SECONDS / 2, SECONDS):
        assert np.array_equal(drawn(stage, time, 0), drawn(stage, time, 255)), f"{time:g} s into the shot"

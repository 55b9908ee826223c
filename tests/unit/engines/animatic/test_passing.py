"""What a tracking camera passes: nearer than all ground that is seen, low in the frame, and only then."""

from __future__ import annotations

import pytest

from dalang.engines.animatic.camera.passing import BUSHES, POSTS, SHOWN, passing
from dalang.engines.animatic.stage import plan_set
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Shot, Thing, Time, Weather


def shot(place: Place, camera: Camera = Camera.TRACKING, without: frozenset[Thing] = frozenset()) -> Shot:
    return Shot(
        place=place, time=Time.DAY, weather=Weather.CLEAR, camera=camera, duration=5.0, without=without,
        cast=(Performer(subject="dog", action=Action.RUN),),
    )  # fmt: skip


@pytest.mark.parametrize("place", [*BUSHES, *POSTS])
def test_what_passes_is_nearer_than_the_ground_and_rushes_by(place: Place) -> None:
    scene = plan_set(shot(place), 208, 120, 3)
    stand = scene.framing.stand
    assert stand is not None
    for prop in passing(scene):
        assert prop.z < scene.framing.lens.nearest < stand.distance
    assert passing(scene)


@pytest.mark.parametrize("place", BUSHES)
def test_bushes_leave_the_subject_in_view(place: Place) -> None:
    scene = plan_set(shot(place), 208, 120, 3)
    lens, window = scene.framing.lens, scene.window
    for prop in passing(scene):
        top = lens.row(prop.z) - prop.view.shape[0] - window.top
        assert top > (1 - 1.6 * SHOWN[1]) * window.height


@pytest.mark.parametrize("camera", sorted(set(Camera) - {Camera.TRACKING}))
def test_nothing_passes_before_another_camera(camera: Camera) -> None:
    assert passing(plan_set(shot(Place.MEADOW, camera), 208, 120, 3)) == []


def test_what_is_unwanted_does_not_pass() -> None:
    assert passing(plan_set(shot(Place.STREET, without=frozenset({Thing.LAMPS})), 208, 120, 3)) == []
    bare = frozenset({Thing.BUSHES, Thing.GRASS})
    assert passing(plan_set(shot(Place.MEADOW, without=bare), 208, 120, 3)) == []

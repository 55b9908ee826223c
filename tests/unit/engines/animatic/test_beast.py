"""Modelled animals: feet that stay where they are set, bodies that are whole, and the same pixels each time."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from dalang.engines.animatic.bodies.anatomy import BUILDS, body
from dalang.engines.animatic.bodies.beast import GAITS, beast, motion
from dalang.engines.animatic.bodies.face import FACES
from dalang.engines.animatic.bodies.gait import LEAP, stepping
from dalang.engines.animatic.bodies.pelt import PELTS
from dalang.engines.animatic.bodies.posture import POSTURES
from dalang.engines.animatic.figures.sprite import ART
from dalang.scene.performer import Action, Performer
from dalang.scene.subjects import SUBJECTS

BEASTS = sorted(name for name, subject in SUBJECTS.items() if subject.body == "beast")
ACTIONS = (*GAITS, *POSTURES, Action.STAND)


@pytest.mark.parametrize("name", BEASTS)
def test_a_beast_has_a_build_a_pelt_and_a_head(name: str) -> None:
    assert SUBJECTS[name].build in BUILDS
    assert name in PELTS
    assert name in FACES
    assert (ART / f"{name}.webp").exists()


def test_no_body_is_without_its_beast() -> None:
    assert set(PELTS) == set(FACES) == set(BEASTS)


@pytest.mark.parametrize("action", GAITS)
@pytest.mark.parametrize("name", sorted(BUILDS))
def test_a_foot_on_the_ground_goes_back_as_fast_as_the_body_goes_on(name: str, action: Action) -> None:
    moves = motion(action, name, 0.6)
    step = 1 / 400
    standing = 0
    for k in range(400):
        before, after = moves.pose(k * step), moves.pose(k * step + step)
        for old, new in zip(before.feet, after.feet, strict=True):
            if old.y == new.y == 0 and before.lift == after.lift == 0:
                standing += 1
                assert new.x - old.x == pytest.approx(moves.stride * step)
    assert standing > 100


@pytest.mark.parametrize("action", GAITS)
@pytest.mark.parametrize("name", sorted(BUILDS))
def test_a_leg_reaches_its_foot(name: str, action: Action) -> None:
    """A sole is drawn where its foot is set: no leg is too short for it."""
    build, moves = BUILDS[name], motion(action, name, 0.6)
    for k in range(moves.count):
        pose = moves.pose(k / moves.count)
        soles = [
            volume
            for volume in body(build, PELTS["fox"], pose).volumes
            if volume.radii == (build.paw, 0.82 * build.paw)
        ]
        assert len(soles) == 4
        heights = sorted(sole.start[1] - build.paw for sole in soles)
        assert heights == pytest.approx(sorted(foot.y + pose.lift for foot in pose.feet))


def test_no_foot_stands_in_a_leap() -> None:
    flying = [stepping(LEAP, k / 100) for k in range(100) if stepping(LEAP, k / 100).lift > 0]
    assert len(flying) > 20
    assert all(foot.y > 0 for pose in flying for foot in pose.feet)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_loop_ends_as_it_begins(action: Action) -> None:
    pose = motion(action, "canine", 0.6).pose
    first, last = (body(BUILDS["canine"], PELTS["fox"], pose(when)).volumes for when in (0.0, 1 - 1e-9))
    for old, new in zip(first, last, strict=True):
        assert (*old.start, *old.end) == pytest.approx((*new.start, *new.end), abs=1e-5)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_beast_is_whole_premultiplied_and_stands_on_the_lowest_row(action: Action) -> None:
    frames = beast(Performer(subject="fox", action=action)).frames
    assert frames.dtype == np.uint8
    assert frames.flags.c_contiguous
    assert (frames[..., :3] <= frames[..., 3:]).all()
    assert max(frames.shape[1:3]) <= 720
    seen = frames[..., 3].max(axis=0)
    assert seen[-4:].any()
    assert seen[:2].any()
    assert all((frames[k] != frames[k - 1]).any() for k in range(len(frames)))


@pytest.mark.parametrize("name", BEASTS)
def test_a_row_walks_as_its_build_does(name: str) -> None:
    """Sounds and cuts go by the row; the picture goes by the gait."""
    subject = SUBJECTS[name]
    walks = beast(Performer(subject=name, action=subject.action)).subject
    assert (walks.stride, walks.loop, walks.speed) == pytest.approx(
        (subject.stride, subject.loop, subject.speed), rel=0.03
    )


def test_an_animal_lies_lower_than_it_stands_at_the_same_scale() -> None:
    stand, sleep = (beast(Performer(subject="bear", action=action)) for action in (Action.STAND, Action.SLEEP))
    assert sleep.subject.height < 0.7 * stand.subject.height
    metres = [one.subject.height / one.frames.shape[1] for one in (stand, sleep)]
    assert metres[0] == pytest.approx(metres[1])


def test_a_beast_is_the_same_each_time() -> None:
    first, second = (
        hashlib.sha256(beast(Performer(subject="wolf", action=Action.RUN)).frames.tobytes()).hexdigest() for _ in "ab"
    )
    assert first == second


def test_a_white_fox_keeps_its_black_socks() -> None:
    pelt = PELTS["fox"].dyed((240, 238, 246))
    assert pelt.coat == (240, 238, 246)
    assert pelt.sock == PELTS["fox"].sock


def test_the_stripes_of_a_grey_cat_are_grey() -> None:
    stripes = PELTS["cat"].dyed((140, 142, 156)).stripes
    assert stripes is not None
    assert max(stripes) - min(stripes) < 20
    assert sum(stripes) < 140 + 142 + 156

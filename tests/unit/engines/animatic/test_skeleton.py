"""Puppets' bones keep their length, and feet stay where they are set."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

from dalang.engines.animatic.bodies.bones import Build, Figure
from dalang.engines.animatic.bodies.skeleton import MOTIONS, joints
from dalang.engines.animatic.bodies.wardrobes import BUILDS
from dalang.scene.performer import Action

MAN = BUILDS["man"]
PHASES = np.linspace(0, 1, 61)
GAITS = (Action.WALK, Action.RUN)


@functools.cache
def loop(action: Action, build: Build = MAN) -> list[Figure]:
    return [joints(action, build, float(phase)) for phase in PHASES]


def standing_point(figure: Figure, side: int) -> tuple[str, float] | None:
    """Heel or toes, whichever bears a foot that is on the ground, and its x."""
    heel, toe = figure.heels[side], figure.toes[side]
    name, point = ("heel", heel) if heel[1] < toe[1] - 1e-9 else ("toe", toe)
    return (name, float(point[0])) if point[1] < 1e-6 else None


@pytest.mark.parametrize("action", GAITS)
@pytest.mark.parametrize("build", BUILDS.values(), ids=list(BUILDS))
def test_a_foot_on_the_ground_goes_back_as_fast_as_the_body_goes_on(action: Action, build: Build) -> None:
    step = MOTIONS[action].stride * build.height / (len(PHASES) - 1)
    stood = 0
    for (first, second), side in itertools.product(itertools.pairwise(loop(action, build)), (0, 1)):
        at, then = standing_point(first, side), standing_point(second, side)
        if at and then and at[0] == then[0]:
            stood += 1
            assert at[1] - then[1] == pytest.approx(step, abs=1e-6)
    assert stood > 0.3 * len(PHASES), "hardly ever on the ground"


def test_a_walker_always_has_a_foot_on_the_ground_and_a_runner_flies() -> None:
    grounded = {
        action: [any(standing_point(figure, side) for side in (0, 1)) for figure in loop(action)] for action in GAITS
    }
    assert all(grounded[Action.WALK])
    assert 0.1 < np.mean(grounded[Action.RUN]) < 0.9


@pytest.mark.parametrize("action", GAITS)
def test_an_arm_swings_against_the_leg_of_its_side(action: Action) -> None:
    hands = [figure.hands[0][0] - figure.chest[0] for figure in loop(action)]
    feet = [figure.ankles[0][0] for figure in loop(action)]
    assert np.corrcoef(hands, feet)[0, 1] < -0.6


@pytest.mark.parametrize("action", Action)
def test_bones_keep_their_length(action: Action) -> None:
    for figure in loop(action):
        for root, joint, end, length in (
            *zip(figure.sockets, figure.knees, figure.ankles, [MAN.leg] * 2, strict=True),
            *zip(figure.shoulders, figure.elbows, figure.hands, [MAN.arm] * 2, strict=True),
        ):
            for bone in (joint - root, end - joint):
                assert np.linalg.norm(bone) == pytest.approx(length / 2 * MAN.height, rel=0.03)


@pytest.mark.parametrize("action", Action)
def test_a_loop_ends_as_it_began_and_nothing_jumps_in_it(action: Action) -> None:
    figures = loop(action)
    for name in ("pelvis", "chest", "skull"):
        path = np.array([getattr(figure, name) for figure in figures])
        assert path[-1] == pytest.approx(path[0], abs=1e-9)
        assert np.abs(np.diff(path, axis=0)).max() < 0.14 * MAN.height
    hands = np.array([np.concatenate(figure.hands) for figure in figures])
    assert np.abs(np.diff(hands, axis=0)).max() < 0.26 * MAN.height


@pytest.mark.parametrize("action", [action for action in Action if action not in (Action.SWIM, Action.FLY)])
@pytest.mark.parametrize("build", BUILDS.values(), ids=list(BUILDS))
def test_nobody_sinks_into_the_ground(action: Action, build: Build) -> None:
    for phase in PHASES[::5]:
        figure = joints(action, build, float(phase))
        lowest = min(float(joint[1]) for pair in (figure.heels, figure.toes, figure.hands) for joint in pair)
        assert lowest > -0.045 * build.height

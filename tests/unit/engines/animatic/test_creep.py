"""Pictures without steps hold on to the ground as they go: what touches it goes back as the way goes on."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.engines.animatic.bodies.creep import GROUNDED, MANNERS, creeping, creeps
from dalang.engines.animatic.figures.sprite import load
from dalang.scene.performer import Action, Performer
from dalang.scene.subjects import SUBJECTS

CREEPERS = sorted(name for name, subject in SUBJECTS.items() if subject.manner)


def ends(name: str, when: float) -> tuple[float, float]:
    """Where head and tail are in the world, in widths to the left of the start."""
    manner = MANNERS[name]
    shift = manner.shift(when)
    middle = manner.stride * when - shift.aside
    return middle + shift.wide / 2, middle - shift.wide / 2


@pytest.mark.parametrize("name", ["inch", "glide", "galumph"])
def test_one_that_inches_along_holds_on_by_its_tail_then_by_its_head(name: str) -> None:
    stretching = [ends(name, when)[1] for when in np.linspace(0.0, 0.499, 9)]
    drawing = [ends(name, when)[0] for when in np.linspace(0.5, 0.999, 9)]
    assert stretching == pytest.approx([stretching[0]] * 9)
    assert drawing == pytest.approx([drawing[0]] * 9)


def test_one_that_hops_stands_still_while_it_is_on_the_ground() -> None:
    manner = MANNERS["hop"]
    grounded = [when for when in np.linspace(0.0, 0.999, 60) if when < GROUNDED]
    places = [manner.stride * when - manner.shift(when).aside for when in grounded]
    assert places == pytest.approx([places[0]] * len(places))
    assert all(manner.shift(when).up == 0 for when in grounded)
    assert manner.shift(0.7).up > 0.2


@pytest.mark.parametrize("name", MANNERS)
def test_a_loop_ends_as_it_begins(name: str) -> None:
    first, last = MANNERS[name].shift(0.0), MANNERS[name].shift(1 - 1e-9)
    for one, other in zip(vars(first).items(), vars(last).items(), strict=True):
        if one[0] != "phase":
            assert one[1] == pytest.approx(other[1], abs=1e-6), one[0]


@pytest.mark.parametrize("name", CREEPERS)
def test_one_that_creeps_has_a_manner_and_goes_its_stride_in_a_loop(name: str) -> None:
    assert SUBJECTS[name].manner in MANNERS
    assert not SUBJECTS[name].stride, "its picture steps"
    walker = Performer(subject=name, action=Action.WALK)
    moved = creeping(walker, load(name))
    assert moved.acts
    assert moved.subject.stride == pytest.approx(moved.subject.pace(Action.WALK) * moved.subject.loop)
    assert (moved.frames[..., :3].max(axis=3) <= moved.frames[..., 3].astype(int) + 2).all()


def test_one_that_stands_is_left_as_it_is() -> None:
    assert not creeps(Performer(subject="snail", action=Action.STAND), load("snail"))
    assert not creeps(Performer(subject="cow", action=Action.WALK), load("cow"))

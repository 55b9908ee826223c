"""Sizes, strides and words of the subjects agree with one another."""

from __future__ import annotations

import pytest

from dalang.scene.plan import Action
from dalang.scene.subject import Subject
from dalang.scene.subjects import DOING, SUBJECTS
from dalang.scene.verbs import action_of


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=lambda subject: subject.name)
def test_feet_match_the_ground(subject: Subject) -> None:
    """A stepping subject goes its stride in each loop at its cruising speed."""
    if subject.stride:
        assert subject.stride == pytest.approx(subject.speed * subject.loop, rel=0.03)


def test_forty_subjects_or_more_can_be_called() -> None:
    assert sum(1 for subject in SUBJECTS.values() if subject.words) >= 40


def test_no_word_calls_two_subjects() -> None:
    words = [word for subject in SUBJECTS.values() for word in (*subject.words, *subject.plurals)]
    assert not {word for word in words if words.count(word) > 1 and word not in SAME_IN_BOTH}


SAME_IN_BOTH = {"cattle", "swine", "deer", "sheep", "fish", "trout", "salmon", "carp", "tuna", "aircraft"}
"""Words whose plural is their singular."""


def test_who_does_something_special_is_a_subject() -> None:
    for verb, who in DOING.items():
        for actor, shown in who.items():
            assert actor in SUBJECTS, f"{verb}: {actor}"
            assert shown in SUBJECTS, f"{verb}: {shown}"


def test_sizes_are_those_of_the_world() -> None:
    order = ["butterfly", "hedgehog", "cat", "dog", "man", "elephant", "dinosaur", "ship"]
    assert sorted(order, key=lambda name: SUBJECTS[name].height) == order


def test_running_is_faster_than_walking_and_standing_is_still() -> None:
    dog = SUBJECTS["dog"]
    assert dog.pace(Action.RUN) > dog.pace(Action.WALK) > dog.pace(Action.STAND) == 0


@pytest.mark.parametrize(
    ("name", "verb", "action"),
    [
        ("cat", "fly", None),
        ("cat", "walk", Action.WALK),
        ("car", "run", Action.DRIVE),
        ("boat", "drive", Action.SAIL),
        ("eagle", "glide", Action.FLY),
        ("duck", "glide", Action.SWIM),
        ("ship", "swim", Action.SAIL),
        ("fish", None, Action.SWIM),
    ],
)
def test_a_verb_means_what_the_subject_can_do(name: str, verb: str | None, action: Action | None) -> None:
    assert action_of(verb, SUBJECTS[name]) is action

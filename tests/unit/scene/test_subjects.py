"""Sizes, strides and words of the subjects agree with one another."""

from __future__ import annotations

from collections import Counter

import pytest

from dalang.scene.performer import Action
from dalang.scene.subject import Subject
from dalang.scene.subjects import DOING, SUBJECTS
from dalang.scene.verbs import action_of


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=lambda subject: subject.name)
def test_feet_match_the_ground(subject: Subject) -> None:
    """A stepping subject goes its stride in each loop at its cruising speed."""
    if subject.stride:
        assert subject.stride == pytest.approx(subject.speed * subject.loop, rel=0.03)


def test_three_hundred_subjects_or_more_can_be_called() -> None:
    assert sum(1 for subject in SUBJECTS.values() if subject.words) >= 300


@pytest.mark.parametrize("words", [("words", "plurals"), ("zh",), ("id",)], ids=lambda fields: fields[0])
def test_no_word_calls_two_subjects(words: tuple[str, ...]) -> None:
    """Within a language; a word may be its own plural."""
    callers = Counter(word for subject in SUBJECTS.values() for word in {w for f in words for w in getattr(subject, f)})
    assert not [word for word, count in callers.items() if count > 1]


def test_a_subject_is_called_in_three_languages_or_stands_for_another() -> None:
    for subject in SUBJECTS.values():
        assert subject.who or (subject.words and subject.zh and subject.id), subject.name
        assert bool(subject.who) == bool(subject.doing), subject.name


def test_words_are_written_as_prompts_are_read() -> None:
    for subject in SUBJECTS.values():
        for word in (*subject.words, *subject.plurals, *subject.zh, *subject.id):
            assert word == " ".join(word.lower().split()), f"{subject.name}: {word!r}"
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in word) for word in subject.zh), subject.name


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

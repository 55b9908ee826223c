"""A prompt's plan holds what the prompt names, and never a subject that it does not name."""

from __future__ import annotations

import pytest
from prompt_table import PROMPTS, Expected

from dalang.scene.parse import parse
from dalang.scene.subjects import SUBJECTS


@pytest.mark.parametrize("expected", PROMPTS, ids=lambda expected: expected.prompt or "empty")
def test_a_prompt_becomes_its_plan(expected: Expected) -> None:
    scene = parse(expected.prompt, 5.0)
    (shot,) = scene.shots
    for field in ("subject", "action", "place", "time", "weather", "camera"):
        got, want = getattr(shot, field), getattr(expected, field)
        assert got == want, f"{expected.prompt!r} asks for {field} {want}, the plan has {got} ({scene.warnings})"
    told = " ".join(scene.warnings)
    assert expected.warning in told, f"{expected.prompt!r} must be told {expected.warning!r}, was told {told!r}"
    assert bool(told) == bool(expected.warning), f"{expected.prompt!r} needs no warning, was told {told!r}"


def test_the_table_is_large_enough() -> None:
    assert len({expected.prompt for expected in PROMPTS}) >= 80


def test_the_one_shot_fills_the_clip() -> None:
    assert [shot.duration for shot in parse("a cat", 7.5).shots] == [7.5]


@pytest.mark.parametrize("word", sorted({word for subject in SUBJECTS.values() for word in subject.words}))
def test_every_word_of_a_subject_calls_a_subject_that_owns_it(word: str) -> None:
    shown = parse(f"a {word} in a meadow", 5.0).shots[0].subject
    assert shown is not None, f"'a {word}' shows nothing"
    assert word in SUBJECTS[shown].words, f"'a {word}' shows a {shown}"


def test_a_long_prompt_of_odd_characters_is_read_without_complaint() -> None:
    scene = parse("\x00 ''' \"“ (((\n\t--- 🐈 " * 80 + " a cat", 5.0)
    assert scene.shots[0].subject == "cat"

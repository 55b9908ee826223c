"""Words that are said or negated are not seen."""

from __future__ import annotations

import pytest

from dalang.scene.tokens import plural, singular, spans, tokens


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("A cat's eye.", ["a", "cat", "'s", "eye", "."]),
        ("Close-up; time-lapse", ["closeup", ".", "timelapse"]),
        ('He says "a cat" aloud', ["he", "says", "aloud"]),
        ("no cats or dogs, a bird", [",", ",", "a", "bird"]),
        ("no cats in a park", [",", "in", "a", "park"]),
        ("without a person", [","]),
        ("no cats and a dog", [",", "a", "dog"]),
        ("it doesn't rain", ["it", ","]),
    ],
)
def test_tokens(prompt: str, words: list[str]) -> None:
    assert tokens(prompt) == words


def test_spans_come_longest_first() -> None:
    assert spans(["a", "b", "c"], 2) == [(0, "a b"), (0, "a"), (1, "b c"), (1, "b"), (2, "c")]


@pytest.mark.parametrize("word", ["cat", "puppy", "fox", "dish", "boy", "beach"])
def test_the_singular_of_a_plural_is_the_word(word: str) -> None:
    assert singular(plural(word)) == word

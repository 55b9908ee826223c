"""A matcher equals what fits it, and says what it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dalang.testing import anything, between, contains, matches, one_of


@pytest.mark.parametrize(
    ("matcher", "fitting", "others"),
    [
        (anything, ["a", 0, False, (1280, 720)], [None, ""]),
        (contains("fox"), ["a fox", ("fox", "snow")], ["a Fox", "", None, 5]),
        (contains("fox", "snow"), ["snow on a fox"], ["a fox"]),
        (matches(r"^A \w+ fox$"), ["A red fox"], ["A fox", "Not A red fox", None]),
        (matches("fox"), ["a fox jumps"], ["a wolf"]),
        (between(2, 5), [2, 3.5, 5], [1, 5.1, None, "3"]),
        (one_of(5, 10), [5, 10], [7, None]),
        (one_of(contains("fox"), None), ["a fox", None], ["a wolf"]),
    ],
)
def test_a_matcher_equals_what_fits(matcher: Any, fitting: list[object], others: list[object]) -> None:
    assert [value for value in fitting if value != matcher] == []
    assert [value for value in others if value == matcher] == []


def test_a_matcher_is_shown_as_it_is_written() -> None:
    shown = [repr(one) for one in (anything, contains("a", "b"), matches("^a"), between(2, 5.5), one_of("a", None))]
    assert shown == ["anything", "contains('a', 'b')", "matches('^a')", "between(2, 5.5)", "one_of('a', None)"]


def test_a_pattern_that_is_none_is_refused_where_it_is_written() -> None:
    with pytest.raises(re.error, match="unterminated"):
        matches("[a")

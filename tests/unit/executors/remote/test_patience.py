"""How long to wait before another server is asked again."""

from __future__ import annotations

import time
from email.utils import formatdate
from itertools import islice

import pytest

from dalang.executors.remote.patience import LONGEST_WISH, growing, wish


def test_pauses_grow_to_a_limit() -> None:
    assert list(islice(growing(1, 4, 2), 5)) == [1, 2, 4, 4, 4]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), (" 120 ", 120), ("99999999", LONGEST_WISH), (None, None), ("", None), ("soon", None), ("-5", None)],
)
def test_seconds(text: str | None, seconds: float | None) -> None:
    assert wish(text) == seconds


def test_a_date() -> None:
    found = wish(formatdate(time.time() + 90, usegmt=True))
    assert found is not None
    assert 80 < found <= 91
    assert wish(formatdate(time.time() - 90, usegmt=True)) == 0

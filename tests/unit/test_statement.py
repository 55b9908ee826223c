"""Months in UTC+8, sums that stay exact."""

from __future__ import annotations

import pytest

from dalang.statement import Month, as_json, month_of, read_month, total
from dalang.store import Spent
from tests.clock import START


def test_a_month_begins_at_midnight_in_utc_8() -> None:
    november = read_month("2026-11")
    assert november.since == 1_793_462_400_000, "2026-10-31 16:00 UTC"
    assert month_of(november.since) == november
    assert str(month_of(november.since - 1)) == "2026-10"
    assert str(month_of(START)) == "2025-09"


def test_a_month_ends_where_the_next_begins() -> None:
    assert Month(2026, 11).following == Month(2026, 12)
    assert Month(2026, 12).following == Month(2027, 1)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "2026-11 ", "november"]
)
def test_what_is_no_month_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM, such as 2026-11"):
        read_month(text)


def test_the_reply_shows_groups_and_their_total() -> None:
    rows = [Spent("a", 2, 10, 600_000), Spent("b", 1, 5, 1, cost=100_000)]
    assert as_json(Month(2026, 11), "account", rows) == {
        "month": "2026-11",
        "by": "account",
        "data": [
            {"group": "a", "video_count": 2, "duration": 10, "price": "0.60", "cost": "0.00", "currency": "CNY"},
            {"group": "b", "video_count": 1, "duration": 5, "price": "0.000001", "cost": "0.10", "currency": "CNY"},
        ],
        "total": {"video_count": 3, "duration": 15, "price": "0.600001", "cost": "0.10", "currency": "CNY"},
    }


def test_nothing_comes_to_nothing() -> None:
    assert total([]) == Spent("total", 0, 0, 0)

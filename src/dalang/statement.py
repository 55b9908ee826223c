"""What a month's videos come to: the ledger, as a platform's owner or an account reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, get_args

from dalang.models import CURRENCY, yuan
from dalang.store import GroupBy, Spent, Store
from dalang.wire import UTC_8

GROUPS: tuple[GroupBy, ...] = get_args(GroupBy)


class Month(NamedTuple):
    """Of UTC+8, like every date of the protocol."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def since(self) -> int:
        """Milliseconds."""
        return int(datetime(self.year, self.number, 1, tzinfo=UTC_8).timestamp()) * 1000

    @property
    def following(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)


def read_month(text: str) -> Month:
    """`2026-11`. Raises ValueError."""
    if not re.fullmatch("20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise ValueError(f"{text!r} is no month: write it YYYY-MM, such as 2026-11.")
    return Month(int(text[:4]), int(text[5:]))


def month_of(milliseconds: int) -> Month:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC_8)
    return Month(moment.year, moment.month)


async def spent_in(store: Store, month: Month, by: GroupBy, account: str | None) -> Sequence[Spent]:
    """Of one account, or of all. Raises StoreError."""
    return await store.spent(month.since, month.following.since, by, account)


def total(rows: Sequence[Spent]) -> Spent:
    return Spent(
        group="total",
        videos=sum(row.videos for row in rows),
        seconds=sum(row.seconds for row in rows),
        price=sum(row.price for row in rows),
        cost=sum(row.cost for row in rows),
    )


def as_json(month: Month, by: GroupBy, rows: Sequence[Spent]) -> dict[str, Any]:
    """The reply of `GET /api/v1/usage`; prices are decimals in a string, so that no reader rounds them."""
    return {
        "month": str(month),
        "by": by,
        "data": [{"group": row.group, **_sums(row)} for row in rows],
        "total": _sums(total(rows)),
    }


def _sums(row: Spent) -> dict[str, Any]:
    sums = {"video_count": row.videos, "duration": row.seconds, "price": yuan(row.price), "cost": yuan(row.cost)}
    return {**sums, "currency": CURRENCY}

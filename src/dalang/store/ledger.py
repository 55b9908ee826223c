"""What every finished video is billed as. Only ever added to."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from dalang.store import Charge, GroupBy, Spent
from dalang.store.connection import fetch

CHARGE = """
INSERT INTO ledger (
  task_id, account, key_id, workspace, region, model, engine, ended, seconds, tier, size, sound, price, cost)
SELECT id, account, key_id, workspace, region, model, engine, ended, :seconds, :tier, :size, :sound, :price, :cost
FROM tasks WHERE id = :id AND status = 'SUCCEEDED'
"""

GROUPS: dict[GroupBy, str] = {
    "account": "ledger.account",
    "key": "iif(keys.name <> '', keys.name || ' (' || key_id || ')', key_id)",
    "model": "model",
    "workspace": "ledger.workspace",
    "day": "date(ended / 1000, 'unixepoch', '+8 hours')",
}
"""What the rows of a group are called. Keys by name, where they have one, and identifier, since names may be alike;
days in UTC+8, as every date of the protocol."""


def charge(connection: sqlite3.Connection, task_id: str, charge: Charge) -> None:
    connection.execute(CHARGE, {**msgspec.structs.asdict(charge), "id": task_id})


def spent(connection: sqlite3.Connection, since: int, until: int, by: GroupBy, account: str | None) -> Sequence[Spent]:
    """Days in their order, all else by price, the highest first."""
    whose = "" if account is None else "AND ledger.account = :account"
    order = "grouped" if by == "day" else "sum(price) DESC, grouped"
    sql = f"""
    SELECT {GROUPS[by]} AS grouped, count(*), sum(seconds), sum(price), sum(cost)
    FROM ledger LEFT JOIN keys ON keys.id = key_id
    WHERE ended >= :since AND ended < :until {whose} GROUP BY grouped ORDER BY {order}
    """
    values = {"since": since, "until": until, "account": account}
    return [Spent(*row) for row in fetch(connection, sql, values)]

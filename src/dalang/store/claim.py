"""Who gets the next slot."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import NamedTuple

from dalang.store.connection import Row
from dalang.store.rows import COLUMNS

# One lane per (priority, account, model) of the pool that has work; found by hopping through the index, so the length
# of the queue does not matter. Among the lanes of the highest priority the account with the fewest running tasks goes
# first, then the one that was served longest ago, whatever the number of its lanes; an account's own go by age.
NEXT = """
WITH RECURSIVE lanes (priority, account, model) AS (
  SELECT * FROM (
    SELECT priority, account, model FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL AND pool = :pool
    ORDER BY priority DESC, account DESC, model DESC LIMIT 1)
  UNION ALL
  SELECT task.priority, task.account, task.model FROM lanes JOIN tasks task ON task.rowid = coalesce(
    (SELECT rowid FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL
       AND pool = :pool AND priority = lanes.priority AND account = lanes.account AND model < lanes.model
     ORDER BY model DESC LIMIT 1),
    (SELECT rowid FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL
       AND pool = :pool AND priority = lanes.priority AND account < lanes.account
     ORDER BY account DESC, model DESC LIMIT 1),
    (SELECT rowid FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL
       AND pool = :pool AND priority < lanes.priority
     ORDER BY priority DESC, account DESC, model DESC LIMIT 1))
), heads AS (
  SELECT priority, account, model, (
    SELECT id FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL AND ready <= :now
      AND pool = :pool AND priority = lanes.priority AND account = lanes.account AND model = lanes.model
    ORDER BY id LIMIT 1) AS id
  FROM lanes
)
SELECT id, account, model,
  (SELECT count(*) FROM tasks INDEXED BY tasks_running
   WHERE status = 'RUNNING' AND account = heads.account AND model = heads.model),
  priority,
  (SELECT checkpoint || ' ' || profile FROM tasks WHERE tasks.id = heads.id)
FROM heads WHERE id IS NOT NULL ORDER BY
  priority DESC,
  (SELECT count(*) FROM tasks INDEXED BY tasks_running WHERE status = 'RUNNING' AND account = heads.account),
  (SELECT served FROM turns WHERE account = heads.account),
  id
"""

CLAIMABLE = "SELECT 1 FROM tasks WHERE status = 'PENDING' AND prepared IS NOT NULL AND pool = ? AND ready <= ? LIMIT 1"

START = f"""
UPDATE tasks SET status = 'RUNNING', attempt = attempt + 1, owner = :owner, lease_end = :lease_end, progress = 0,
  scheduled = :now
WHERE id = :id RETURNING {COLUMNS}
"""


class Lane(NamedTuple):
    """The oldest task that one account has waiting for one model, and how many of these it has running."""

    task_id: str
    account: str
    model: str
    running: int
    priority: int
    setup: str | None
    """Of that task, as `Task.setup`."""


class Claim(NamedTuple):
    """Times in milliseconds."""

    owner: str
    pool: str
    limit: int
    lease_end: int
    now: int
    most_running: Callable[[str], int] | None
    wanted: Sequence[str] = ()
    """Setups whose tasks go before others of their priority, one task for each."""


def claim(connection: sqlite3.Connection, asked: Claim) -> list[Row]:
    """The rows of the tasks that are RUNNING now."""
    claimed: list[Row] = []
    wanted = list(asked.wanted)
    while len(claimed) < asked.limit and (lane := _next(connection, asked, wanted)):
        if lane.setup in wanted:
            wanted.remove(lane.setup)
        values = {"id": lane.task_id, "owner": asked.owner, "lease_end": asked.lease_end, "now": asked.now}
        claimed.append(connection.execute(START, values).fetchone())
        connection.execute("INSERT OR REPLACE INTO turns VALUES (?, ?)", (lane.account, asked.now))
    return claimed


def _next(connection: sqlite3.Connection, asked: Claim, wanted: Sequence[str]) -> Lane | None:
    found = map(Lane._make, connection.execute(NEXT, {"now": asked.now, "pool": asked.pool}))
    most = asked.most_running
    lanes = (lane for lane in found if most is None or lane.running < most(lane.model))
    first = next(lanes, None)
    if first is None or not wanted or first.setup in wanted:
        return first
    equals = takewhile(lambda lane: lane.priority == first.priority, lanes)
    return next((lane for lane in equals if lane.setup in wanted), first)

"""What other servers were asked to make, on our tasks' behalf."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from dalang.store import Order
from dalang.store.connection import Row, Values
from dalang.store.writer import Writer
from dalang.task import Task

FIELDS = ", ".join(field.name for field in msgspec.structs.fields(Order))

FIND = f"SELECT {FIELDS} FROM orders WHERE task_id = ?"

# One row a task, whoever comes second. A repeated intent is another attempt's, with the same words to the same server.
INTEND = """
INSERT INTO orders (task_id, attempt, remote, endpoint, body)
SELECT id, :attempt, :remote, :endpoint, :body FROM tasks
WHERE id = :task_id AND attempt = :attempt AND status = 'RUNNING'
ON CONFLICT (task_id) DO UPDATE SET attempt = excluded.attempt WHERE body = excluded.body AND remote_id IS NULL
"""

CONFIRM = "UPDATE orders SET remote_id = ? WHERE task_id = ?"

WITHDRAW = "DELETE FROM orders WHERE task_id = ? AND attempt = ? AND remote_id IS NULL"

SETTLE = "UPDATE orders SET settled = 1 WHERE task_id = ?"

# A task that is gone had ended.
LEFT = f"""
SELECT {FIELDS} FROM orders WHERE settled = 0 AND remote = ? AND remote_id IS NOT NULL
  AND coalesce((SELECT status FROM tasks WHERE id = task_id), 'CANCELED') IN ('CANCELED', 'FAILED')
"""


class OrderBook:
    """`rows` reads, `write` writes: the store's."""

    def __init__(self, rows: Callable[[str, Values], Sequence[Row]], write: Writer) -> None:
        self._rows = rows
        self._write = write

    def find(self, task_id: str) -> Order | None:
        rows = self._rows(FIND, (task_id,))
        return Order(*rows[0]) if rows else None

    async def intend(self, order: Order) -> bool:
        return bool(await self._run(INTEND, msgspec.structs.asdict(order)))

    async def confirm(self, task: Task, remote_id: str) -> None:
        await self._run(CONFIRM, (remote_id, task.id))

    async def withdraw(self, task: Task) -> None:
        await self._run(WITHDRAW, (task.id, task.attempt))

    async def settle(self, task_id: str) -> None:
        await self._run(SETTLE, (task_id,))

    def left(self, remote: str) -> Sequence[Order]:
        return [Order(*row) for row in self._rows(LEFT, (remote,))]

    async def _run(self, sql: str, values: Any) -> int:
        """How many rows it changed."""

        def write(connection: sqlite3.Connection) -> int:
            return connection.execute(sql, values).rowcount

        return await self._write(write)

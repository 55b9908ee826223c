"""Tasks put into a database directly: a million creates over HTTP would take too long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from dalang.clock import system_clock
from dalang.ids import new_id
from dalang.store.connection import connect
from dalang.store.rows import to_row
from dalang.store.sqlite import INSERT
from dalang.task import Prepared, Task, TaskStatus, VideoRequest

PROMPT = (
    "A brown horse gallops from left to right over a green meadow at sunset, long shadows, wind in the grass, "
    "clouds drifting over distant hills; the camera follows it in a slow dolly."
)

BATCH = 10_000
"""Rows in a transaction."""

ACCOUNT, KEY_ID = "default", "00000000-0000-7000-8000-000000000001"


def fill(database: Path, count: int, status: TaskStatus) -> list[str]:
    """Insert `count` tasks of the default account; their identifiers."""
    connection = connect(database)
    rows = _rows(count, status)
    ids: list[str] = []
    while batch := list(islice(rows, BATCH)):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, batch)
        connection.execute("COMMIT")
        ids += [row["id"] for row in batch]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return ids


def _rows(count: int, status: TaskStatus) -> Iterator[dict[str, Any]]:
    row = to_row(task(status))
    now: int = row["submitted"]
    for number in range(count):
        at = now - count + number
        yield {**row, "id": new_id(lambda at=at: at), "submitted": at}  # type: ignore[misc]


def task(status: TaskStatus) -> Task:
    """As a create of `PROMPT` leaves it, or as a render of that does."""
    now = system_clock()
    ended: dict[str, Any] = {}
    if status is TaskStatus.SUCCEEDED:
        task_id = new_id(system_clock)
        ended = {
            "attempt": 1,
            "scheduled": now,
            "ended": now,
            "expires": now + 86_400_000,
            "result": f"{task_id}/1.mp4",
            "usage": {
                "duration": 5,
                "size": "1280*720",
                "input_video_duration": 0,
                "output_video_duration": 5,
                "video_count": 1,
                "SR": 720,
            },
        }
    return Task(
        id=new_id(system_clock),
        account=ACCOUNT,
        key_id=KEY_ID,
        workspace="default",
        region="local",
        request=VideoRequest(
            model="wan2.6-t2v",
            kind="t2v",
            prompt=PROMPT,
            seed=1234567,
            duration=5,
            fps=30,
            sound=True,
            tier="720P",
            size=(1280, 720),
        ),
        request_id=KEY_ID,
        engine="slate",
        priority=0,
        status=status,
        submitted=now,
        prepared=Prepared(width=1280, height=720),
        ready=now,
        **ended,
    )

"""Task ↔ row."""

from __future__ import annotations

from typing import Any

import msgspec

from dalang.task import Prepared, Task, TaskStatus, VideoRequest

FIELDS = tuple(field.name for field in msgspec.structs.fields(Task))
COLUMNS = ", ".join(FIELDS)

_request = msgspec.json.Decoder(VideoRequest)
_prepared = msgspec.json.Decoder(Prepared)
_warnings = msgspec.json.Decoder(tuple[str, ...])
_at = {name: position for position, name in enumerate(FIELDS)}
_REQUEST, _STATUS, _PREPARED = _at["request"], _at["status"], _at["prepared"]
_USAGE, _WARNINGS = _at["usage"], _at["warnings"]


STATUSES = {str(status): status for status in TaskStatus}
"""Looked up here in a tenth of the time that `TaskStatus(...)` takes; every poll does."""


def to_row(task: Task) -> dict[str, Any]:
    """Values by column name; `model` besides, which the list call filters by."""
    return {
        **msgspec.structs.asdict(task),
        "model": task.model,
        "request": to_json(task.request),
        "prepared": to_json(task.prepared),
        "usage": to_json(task.usage),
        "warnings": to_json(task.warnings),
    }


def from_row(row: tuple[Any, ...]) -> Task:
    values = list(row)
    values[_REQUEST] = _request.decode(row[_REQUEST])
    values[_STATUS] = STATUSES[row[_STATUS]]
    values[_PREPARED] = _prepared.decode(row[_PREPARED]) if row[_PREPARED] else None
    values[_USAGE] = msgspec.json.decode(row[_USAGE]) if row[_USAGE] else None
    values[_WARNINGS] = _warnings.decode(row[_WARNINGS])
    return Task(*values)


def to_json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()

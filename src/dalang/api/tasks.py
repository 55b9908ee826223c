"""Task management: list and cancel; and how to find a task."""

from __future__ import annotations

import logging
import re
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from dalang.api import replies, schema
from dalang.api.edge import Edge, Route, edge_of, json_reply, request_id
from dalang.api.operation import TEXT, Operation, Parameter, Reply
from dalang.errors import InvalidParameter, UnsupportedOperation
from dalang.ids import is_id
from dalang.store import Key, TaskFilter
from dalang.task import Task, TaskStatus
from dalang.wire import UTC_8

HOUR, DAY, LONG = 3_600_000, 86_400_000, 366 * 86_400_000
"""The window of the list call is a day, or as long as tasks are kept; a year where that is for good."""

MAX_PAGE_SIZE = 100

CANNOT_CANCEL = "Failed to cancel the task, please confirm if the task is in PENDING status."

log = logging.getLogger("dalang.api")


def find(edge: Edge, key: Key, task_id: str) -> Task | None:
    """What is not there, no longer there or another account's is None."""
    task = edge.store.get(task_id) if is_id(task_id) else None
    if task is None or task.account != key.account:
        return None
    is_expired = task.expires is not None and task.expires <= edge.clock()
    return None if is_expired else task


async def list_tasks(request: Request) -> Response:
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "list")
    asked = request.query_params
    page, size = whole_number(asked.get("page_no"), "page_no", 1), whole_number(asked.get("page_size"), "page_size", 10)
    size = min(size, MAX_PAGE_SIZE)
    found = await edge.store.list(_filter(request, key, edge), (page - 1) * size, size)
    content = {
        "data": [replies.listed(task) for task in found.tasks],
        "tasks": [replies.listed_for_client(task) for task in found.tasks],
        "total": found.total,
        "total_page": -(-found.total // size),
        "page_no": page,
        "page_size": size,
    }
    return json_reply(request, content)


def _filter(request: Request, key: Key, edge: Edge) -> TaskFilter:
    asked, now = request.query_params, edge.clock()
    longest = max(DAY, edge.config.retention_ms or LONG)
    since, until = _wire_date(asked.get("start_time"), "start_time"), _wire_date(asked.get("end_time"), "end_time")
    if until is None:
        until = now if since is None else min(now, since + DAY)
    if since is None:
        since = until - DAY
    if until - since > longest:
        raise InvalidParameter(f"start_time and end_time may lie {longest // HOUR} hours apart at most.")
    until += 999  # dates are in seconds, and mean all of the last one
    return TaskFilter(
        account=key.account,
        since=since,
        until=until,
        task_id=asked.get("task_id"),
        model=asked.get("model_name"),
        status=_status(asked.get("status")),
        key_id=asked.get("api_key_id"),
        region=asked.get("region"),
    )


def whole_number(text: str | None, name: str, default: int) -> int:
    """Of a query parameter. Raises InvalidParameter."""
    if text is None:
        return default
    if not (re.fullmatch("[0-9]{1,10}", text) and 0 < int(text) < 1 << 31):
        raise InvalidParameter(f"{name} must be a whole number from 1 on.").at(name)
    return int(text)


def _wire_date(text: str | None, name: str) -> int | None:
    """`YYYYMMDDhhmmss`, UTC+8 like every date of the protocol."""
    if text is None:
        return None
    try:
        return int(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC_8).timestamp()) * 1000
    except ValueError:
        raise InvalidParameter(f"{name} must be written YYYYMMDDhhmmss.") from None


def _status(text: str | None) -> TaskStatus | None:
    if text is None:
        return None
    try:
        return TaskStatus(text)
    except ValueError:
        raise InvalidParameter(f"status must be one of {', '.join(TaskStatus)}.") from None


async def cancel(request: Request) -> Response:
    """The body is ignored: the SDKs send none, or junk."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "cancel")
    task_id = request.path_params["task_id"]
    wants_any = "any" in (edge.config.cancel, key.cancel, request.headers.get("x-dalang-cancel"))
    if not (is_id(task_id) and await edge.store.cancel(task_id, key.account, "any" if wants_any else "pending")):
        raise UnsupportedOperation(CANNOT_CANCEL)
    log.info("task canceled", extra={"task_id": task_id, "request_id": request_id(request)})
    return json_reply(request, {})


DATE = {"type": "string", "pattern": "^[0-9]{14}$", "examples": ["20260901000000"]}

LIST = Operation(
    "The account's tasks, newest first",
    (Reply("A page of them", schema.ListReply),),
    query=(
        Parameter("task_id", "This task"),
        Parameter("start_time", "From here, YYYYMMDDhhmmss in UTC+8; default a day before end_time", DATE),
        Parameter("end_time", "To here; default now", DATE),
        Parameter("model_name", "Of this model"),
        Parameter("status", "In this state", {"type": "string", "enum": list(TaskStatus)}),
        Parameter("api_key_id", "Of this key"),
        Parameter("region", "Of this region"),
        Parameter("page_no", "From 1", {"type": "integer", "minimum": 1, "default": 1}),
        Parameter("page_size", f"At most {MAX_PAGE_SIZE} are given", {"type": "integer", "minimum": 1, "default": 10}),
    ),
    refusals={400: ("InvalidParameter",), 429: ("Throttling.RateQuota",)},
)

CANCEL = Operation(
    "End a task that waits",
    (Reply("It is CANCELED", schema.Empty),),
    headers=(Parameter("X-Dalang-Cancel", "any: one that is RUNNING too (ours)", {**TEXT, "examples": ["any"]}),),
    refusals={400: ("UnsupportedOperation",), 429: ("Throttling.RateQuota",)},
)

routes = [
    Route("/api/v1/tasks", list_tasks, about=LIST),
    Route("/api/v1/tasks/", list_tasks, about=LIST),
    Route("/api/v1/tasks/{task_id}/cancel", cancel, ("POST", "GET"), CANCEL),  # GET: Python SDK 1.25.8
    Route("/api/v1/tasks/{task_id}/cancel/", cancel, ("POST", "GET"), CANCEL),
]

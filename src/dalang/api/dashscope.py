"""The DashScope video-synthesis protocol: create, query, list, cancel; and retry, which is ours."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dalang.api import replies
from dalang.api.edge import Edge, Route, edge_of, json_reply, request_id
from dalang.errors import AccessDenied, InvalidParameter, NotFound, ProtocolError, UnsupportedOperation
from dalang.fetch import parse_data_url
from dalang.ids import is_id, new_id
from dalang.store import Key, TaskFilter
from dalang.task import Prepared, Task, TaskStatus, VideoRequest
from dalang.validate import MAX_SEED, parse_body, validate

DAY = 86_400_000
MAX_PAGE_SIZE = 100

CANNOT_CANCEL = "Failed to cancel the task, please confirm if the task is in PENDING status."

log = logging.getLogger("dalang.api")


async def create(request: Request) -> Response:
    """Answers once the task is on the disk."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    if request.headers.get("x-dashscope-async") != "enable":
        raise AccessDenied(
            "current user api does not support synchronous calls. Send the header X-DashScope-Async: enable."
        )
    _check_room(edge)
    async with edge.bodies.read(request) as body:
        asked = validate(parse_body(body), draw_seed=lambda: secrets.randbelow(MAX_SEED + 1))
        body.clear()
        task_id = new_id(edge.clock)
        asked = await _keep_input(edge, task_id, asked)
    task = await _insert(edge, request, key, task_id, asked, _prepared(asked))
    return json_reply(request, {"output": replies.created(task)})


def _check_room(edge: Edge) -> None:
    free = shutil.disk_usage(edge.config.data).free >> 20
    if free < edge.config.disk_floor:
        raise ProtocolError(
            f"The disk is nearly full: {free} MB are free and {edge.config.disk_floor} MB must stay (disk_floor).",
            code="ModelUnavailable",
            status=503,
        )


async def _keep_input(edge: Edge, task_id: str, asked: VideoRequest) -> VideoRequest:
    """Bytes that came in the body go to storage, so that the row stays small."""
    if asked.image is None or not asked.image.startswith("data:"):
        return asked
    _, content = await asyncio.to_thread(parse_data_url, asked.image)
    await edge.storage.write(f"{task_id}/input", [content])
    return msgspec.structs.replace(asked, image=f"input:{task_id}/input")


def _prepared(asked: VideoRequest) -> Prepared | None:
    """A prompt alone needs no preparation: its size is known."""
    return Prepared(width=asked.size[0], height=asked.size[1]) if asked.size else None


async def _insert(
    edge: Edge, request: Request, key: Key, task_id: str, asked: VideoRequest, prepared: Prepared | None
) -> Task:
    now = edge.clock()
    task = Task(
        id=task_id,
        account=key.account,
        key_id=key.id,
        workspace=key.workspace,
        region=key.region,
        request=asked,
        request_id=request_id(request),
        engine=edge.config.engine,
        priority=0,
        status=TaskStatus.PENDING,
        submitted=now,
        prepared=prepared,
        ready=now,
    )
    await edge.store.insert(task)
    edge.metrics.created(task.model)
    log.info("task created", extra={"task_id": task.id, "request_id": task.request_id, "model": task.model})
    return task


async def query(request: Request) -> Response:
    """Always 200 for a good key; what is not there, no longer there or another account's is UNKNOWN."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    task_id = request.path_params["task_id"]
    task = _find(edge, key, task_id)
    if task is None:
        return json_reply(request, {"output": replies.unknown(task_id)})
    output = replies.queried(
        task, edge.clock(), lambda task: _video_url(edge, request, task), edge.store.queue_position
    )
    return json_reply(request, {"output": output, **({"usage": task.usage} if task.usage else {})})


def _find(edge: Edge, key: Key, task_id: str) -> Task | None:
    task = edge.store.get(task_id) if is_id(task_id) else None
    if task is None or task.account != key.account:
        return None
    is_expired = task.expires is not None and task.expires <= edge.clock()
    return None if is_expired else task


def _video_url(edge: Edge, request: Request, task: Task) -> str:
    assert task.result is not None
    return edge.absolute(request, edge.storage.url(task.result, task.expires))


async def list_tasks(request: Request) -> Response:
    edge = edge_of(request)
    key = edge.authenticate(request)
    asked = request.query_params
    page, size = _number(asked.get("page_no"), "page_no", 1), _number(asked.get("page_size"), "page_size", 10)
    size = min(size, MAX_PAGE_SIZE)
    found = await edge.store.list(_filter(request, key, edge.clock()), (page - 1) * size, size)
    content = {
        "data": [replies.listed(task) for task in found.tasks],
        "total": found.total,
        "total_page": -(-found.total // size),
        "page_no": page,
        "page_size": size,
    }
    return json_reply(request, content)


def _filter(request: Request, key: Key, now: int) -> TaskFilter:
    asked = request.query_params
    since, until = _wire_date(asked.get("start_time"), "start_time"), _wire_date(asked.get("end_time"), "end_time")
    if until is None:
        until = now if since is None else min(now, since + DAY)
    if since is None:
        since = until - DAY
    if until - since > DAY:
        raise InvalidParameter("start_time and end_time may lie 24 hours apart at most.")
    until += 999  # dates are in seconds, and mean all of the last one
    return TaskFilter(
        account=key.account,
        since=since,
        until=until,
        task_id=asked.get("task_id"),
        model=asked.get("model_name"),
        status=_status(asked.get("status")),
    )


def _number(text: str | None, name: str, default: int) -> int:
    if text is None:
        return default
    if not (re.fullmatch("[0-9]{1,10}", text) and 0 < int(text) < 1 << 31):
        raise InvalidParameter(f"{name} must be a whole number from 1 on.")
    return int(text)


def _wire_date(text: str | None, name: str) -> int | None:
    """`YYYYMMDDhhmmss`, UTC+8 like every date of the protocol."""
    if text is None:
        return None
    try:
        return int(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=replies.UTC_8).timestamp()) * 1000
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
    task_id = request.path_params["task_id"]
    wants_any = "any" in (edge.config.cancel, key.cancel, request.headers.get("x-dalang-cancel"))
    if not (is_id(task_id) and await edge.store.cancel(task_id, key.account, "any" if wants_any else "pending")):
        raise UnsupportedOperation(CANNOT_CANCEL)
    log.info("task canceled", extra={"task_id": task_id, "request_id": request_id(request)})
    return json_reply(request, {})


async def retry(request: Request) -> Response:
    """A new task from a finished one: same request, same seed, same prepared inputs."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    old = _find(edge, key, request.path_params["task_id"])
    if old is None:
        raise NotFound("Not found! There is no such task.")
    if not old.status.is_final:
        raise UnsupportedOperation("Failed to retry the task, please confirm that it has ended.")
    _check_room(edge)
    task_id = new_id(edge.clock)
    asked, prepared = old.request, old.prepared
    if asked.image and asked.image.startswith("input:"):
        await edge.storage.copy(f"{old.id}/input", f"{task_id}/input")
        asked = msgspec.structs.replace(asked, image=f"input:{task_id}/input")
    if prepared and prepared.image:
        await edge.storage.copy(prepared.image, f"{task_id}/image.png")
        prepared = msgspec.structs.replace(prepared, image=f"{task_id}/image.png")
    task = await _insert(edge, request, key, task_id, asked, prepared)
    return json_reply(request, {"output": replies.created(task)})


async def wrong_path(request: Request) -> Response:
    raise InvalidParameter("url error, please check url!")


# Polls are by far the most frequent, and the router tries routes in this order.
routes = [
    Route("/api/v1/tasks/{task_id}", query),
    Route("/api/v1/services/aigc/video-generation/video-synthesis", create, methods=("POST",)),
    Route("/api/v1/services/aigc/image2video/video-synthesis", create, methods=("POST",)),
    Route("/api/v1/services/{path:path}", wrong_path, methods=("POST",)),
    Route("/api/v1/tasks", list_tasks),
    Route("/api/v1/tasks/", list_tasks),
    Route("/api/v1/tasks/{task_id}/", query),  # the asynchronous Python SDK ends its paths so
    Route("/api/v1/tasks/{task_id}/cancel", cancel, methods=("POST", "GET")),  # GET: Python SDK 1.25.8
    Route("/api/v1/tasks/{task_id}/cancel/", cancel, methods=("POST", "GET")),
    Route("/api/v1/tasks/{task_id}/retry", retry, methods=("POST",)),
]

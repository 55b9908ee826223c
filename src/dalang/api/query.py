"""The query call; and waiting without polling, which is ours: by a query that answers when the task has ended, or by a
stream of what happens."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dalang.api import replies, schema
from dalang.api.edge import Edge, Route, edge_of, forget_headers, json_reply, request_id
from dalang.api.operation import Operation, Parameter, Reply
from dalang.api.tasks import find
from dalang.errors import InvalidParameter
from dalang.store import Key, Watch
from dalang.task import Task, TaskStatus

LONGEST = 300
"""Seconds that one query may wait: what the official SDKs allow a request in all."""

HEARTBEAT = 15.0
"""Seconds without an event after which a stream says that it lives, lest a proxy ends it."""

PACE = 1.0
"""Seconds between two events of a stream, but for the last one."""


async def query(request: Request) -> Response:
    """Always 200 for a good key: what is not there, no longer there or another account's is UNKNOWN."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "query")
    task_id = request.path_params["task_id"]
    at_most = _seconds(request)
    if at_most and _is_open(find(edge, key, task_id)):
        await _wait(request, edge, key.account, task_id, at_most)
    return json_reply(request, _content(request, edge, find(edge, key, task_id)))


def _content(request: Request, edge: Edge, task: Task | None) -> dict[str, Any]:
    if task is None:
        return {"output": replies.unknown(request.path_params["task_id"])}
    output = replies.queried(
        task, edge.clock(), lambda task: _video_url(request, edge, task), edge.store.queue_position
    )
    return {"output": output, **({"usage": task.usage} if task.usage else {})}


def _video_url(request: Request, edge: Edge, task: Task) -> str:
    assert task.result is not None
    return edge.absolute(request, edge.storage.url(task.result, task.expires))


def _seconds(request: Request) -> float:
    """The query parameter `wait`. Raises InvalidParameter."""
    if not request.scope["query_string"]:  # of all but a few
        return 0
    text = request.query_params.get("wait")
    if text is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or float(text) > LONGEST:
        raise InvalidParameter(f"wait must be a number of seconds from 0 to {LONGEST}.")
    return float(text)


def _is_open(task: Task | None) -> bool:
    return task is not None and not task.status.is_final


async def _wait(request: Request, edge: Edge, account: str, task_id: str, at_most: float) -> None:
    """Returns when the task has ended or is gone, the client has left, or after so many seconds. Raises Throttling.

    Thousands wait here at once, so nothing is carried along that can be looked up again: no headers, no task.
    """
    edge.waiters.check(account)
    forget_headers(request)
    with edge.waiters.seat(account):
        async with edge.waiters.nap(at_most) as wake:
            with edge.store.watch(task_id) as watch:
                watch.at_end(wake)
                while (await request.receive())["type"] != "http.disconnect":
                    pass


async def events(request: Request) -> Response:
    """Server-sent events: `progress` as it goes, and last `end` with what a query would answer. A server that stops
    ends the stream without it: who listens comes back."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "query")
    edge.waiters.check(key.account)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_stream(request, edge, key), media_type="text/event-stream", headers=headers)


async def _stream(request: Request, edge: Edge, key: Key) -> AsyncIterator[bytes]:
    task_id = request.path_params["task_id"]
    task = find(edge, key, task_id)
    if task and not task.status.is_final:
        with edge.waiters.seat(key.account), edge.store.watch(task_id) as watch:
            async for event in _progress(edge, task, watch):
                yield event
        if edge.waiters.are_dismissed:
            return
        task = find(edge, key, task_id)
    yield _event("end", {"request_id": request_id(request), **_content(request, edge, task)})


async def _progress(edge: Edge, task: Task, watch: Watch) -> AsyncIterator[bytes]:
    """An event for each change that a client could see, until the task has ended."""
    told, quiet = b"", 0.0
    while not (watch.is_over or edge.waiters.are_dismissed):
        output = replies.queried(task, edge.clock(), _no_url, edge.queue.position)
        event = _event("progress", {"output": output})
        if event != told or quiet >= HEARTBEAT:
            yield b": waiting\n\n" if event == told else event
            told, quiet = event, 0.0
        quiet += PACE
        if await _next_news(edge, watch, task.status):
            task = edge.rows.get(task.id, watch.status) or task


async def _next_news(edge: Edge, watch: Watch, told: TaskStatus) -> bool:
    """Returns when the status is another than `told`, at once, or after PACE; whether anything changed meanwhile."""
    has_changed = False
    async with edge.waiters.nap(PACE):
        while watch.status is told:
            await watch.changed()
            has_changed = True
    return has_changed or watch.status is not told


def _no_url(task: Task) -> str:
    raise AssertionError("only what has ended has a video")


def _event(name: str, content: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(content))


QUERY = Operation(
    "The state of a task, and its video",
    (Reply("Whatever the state; what is not there is UNKNOWN", schema.QueryReply),),
    query=(
        Parameter(
            "wait",
            "Seconds to wait for the end of the task before the answer (ours)",
            {"type": "number", "minimum": 0, "maximum": LONGEST, "default": 0},
        ),
    ),
    refusals={400: ("InvalidParameter",), 429: ("Throttling", "Throttling.RateQuota")},
)

EVENT = {
    "type": "object",
    "description": "Each event. `progress` brings `output`; `end`, the last, all that a query says.",
    "properties": {
        "event": {"type": "string", "enum": ["progress", "end"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}

EVENTS = Operation(
    "What happens to a task, as server-sent events (ours)",
    (Reply("Until the task has ended", EVENT, "text/event-stream"),),
    refusals={429: ("Throttling", "Throttling.RateQuota")},
)

routes = [
    Route("/api/v1/tasks/{task_id}", query, about=QUERY),
    Route("/api/v1/tasks/{task_id}/", query, about=QUERY),  # the asynchronous Python SDK ends its paths so
    Route("/api/v1/tasks/{task_id}/events", events, about=EVENTS),
]

"""From the body of a create call to a task on the disk, or to a refusal: what all protocols that make tasks share."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec
from starlette.requests import Request

from dalang import routes as ways
from dalang.api.edge import Edge, edge_of, headers_of, request_id
from dalang.api.form import boundary_of
from dalang.api.inputs import keep_inputs
from dalang.api.operation import TEXT, Parameter
from dalang.api.routing import route_of
from dalang.callbacks import check_callback_url
from dalang.errors import InvalidParameter, ProtocolError, Throttling
from dalang.ids import new_id
from dalang.regions import check_model
from dalang.store import Key, Once
from dalang.task import Prepared, Task, TaskStatus, VideoRequest
from dalang.validate import CreateBody, choose_model, placeholder, validate

MAX_ONCE = 255
"""Characters of an Idempotency-Key."""

log = logging.getLogger("dalang.api")


class Draft(NamedTuple):
    """A create call that will become a task, if only one that fails."""

    asked: VideoRequest
    refusal: ProtocolError | None = None
    """What the cloud tells only later, where we do as it does."""


async def admit(
    request: Request, key: Key, callback: str | None, read: Callable[[bytearray], Awaitable[CreateBody]]
) -> Task:
    """The task that this request makes, or made when it was sent before, once it is on the disk. `read` is the
    protocol's; `callback` as `callback_of` says. Raises ProtocolError."""
    edge = edge_of(request)
    async with edge.bodies.read(request, key.account) as body:
        once = _once(request, body)
        if once and (task := _first(edge, key, once)):
            return task
        draft = _draft(edge, request, key, await read(body))
        way = way_of(edge, request, draft.asked.model)
        body.clear()
        task_id = new_id(edge.clock)
        resolves = headers_of(request).get("x-dashscope-ossresourceresolve") == "enable"
        draft = draft._replace(asked=await keep_inputs(edge, key, task_id, draft.asked, resolves=resolves))
    task = task_of(edge, request, key, task_id, way, draft.asked, _prepared(edge, draft))
    if draft.refusal:
        task = msgspec.structs.replace(task, code=draft.refusal.code, message=draft.refusal.message)
    return await insert(edge, key, task, once, callback)


def callback_of(request: Request, key: Key) -> str | None:
    """Where the end of the task is to be told. Raises InvalidParameter."""
    url = headers_of(request).get("x-dalang-callback")
    return key.callback if url is None else check_callback_url(url)


def check_room(edge: Edge) -> None:
    """Raises ProtocolError (ModelUnavailable) where the disk is nearly full."""
    if shortage := edge.shortage():
        raise ProtocolError(shortage, code="ModelUnavailable", status=503)


# The same request again


def _once(request: Request, body: bytearray) -> Once | None:
    key = headers_of(request).get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= MAX_ONCE:
        raise InvalidParameter(f"Idempotency-Key must have 1 to {MAX_ONCE} characters.")
    return Once(key, _fingerprint(request, body))


def _fingerprint(request: Request, body: bytearray) -> str:
    """Of all that says what the video is to be. A form that is sent again has another boundary."""
    boundary = boundary_of(request.headers.get("content-type"))
    digest = hashlib.sha256(body.replace(boundary, b"") if boundary else body)
    if any(way := asked_way(request)):
        digest.update("\n{}\n{}".format(*way).encode())
    return digest.hexdigest()


def _first(edge: Edge, key: Key, once: Once) -> Task | None:
    """The task that this very request created before. Raises InvalidParameter if it was another request."""
    first = edge.store.first(key.account, once.key)
    if first is None:
        return None
    if first.fingerprint != once.fingerprint:
        raise InvalidParameter("Idempotency-Key was used for another request. Use a new key for each video.")
    return edge.store.get(first.task_id)


# What is asked


def _draft(edge: Edge, request: Request, key: Key, body: CreateBody) -> Draft:
    """Raises ProtocolError."""
    spec = choose_model(body)
    check_model(key, spec)
    edge.check_submit(key, spec)
    inspection = headers_of(request).get("x-dashscope-datainspection")
    try:
        asked = validate(spec, body, draw_seed=edge.draw_seed, inspection=inspection)
        edge.moderator.inspect_text(asked)
        if more := edge.moderator.warnings(asked):
            asked = msgspec.structs.replace(asked, warnings=(*asked.warnings, *more))
    except ProtocolError as error:
        if not edge.config.like_cloud:
            raise
        return Draft(placeholder(spec, body, draw_seed=edge.draw_seed), error)
    return Draft(asked)


def _prepared(edge: Edge, draft: Draft) -> Prepared | None:
    """A prompt alone needs no preparation, unless somebody far away extends or inspects it."""
    asked = draft.asked
    if draft.refusal or asked.size is None or asked.audio or edge.prepares_text(asked):
        return None
    return Prepared(width=asked.size[0], height=asked.size[1])


# The row


def way_of(edge: Edge, request: Request, model: str) -> ways.Route:
    """Raises InvalidParameter."""
    return route_of(edge.config, model, *asked_way(request))


def asked_way(request: Request) -> tuple[str | None, str | None]:
    """Engine and profile, where the caller names them."""
    headers = headers_of(request)
    return headers.get("x-dalang-engine"), headers.get("x-dalang-profile")


def task_of(
    edge: Edge,
    request: Request,
    key: Key,
    task_id: str,
    way: ways.Route,
    asked: VideoRequest,
    prepared: Prepared | None,
) -> Task:
    now = edge.clock()
    return Task(
        id=task_id,
        account=key.account,
        key_id=key.id,
        workspace=key.workspace,
        region=key.region,
        request=asked,
        request_id=request_id(request),
        engine=way.engine,
        priority=0,
        status=TaskStatus.PENDING,
        submitted=now,
        prepared=prepared,
        ready=now,
        checkpoint=way.checkpoint,
        profile=way.profile,
        pool=way.pool(edge.config.remotes),
    )


async def insert(edge: Edge, key: Key, task: Task, once: Once | None, callback: str | None) -> Task:
    """The task that stands. Raises Throttling."""
    stands = await edge.store.insert(task, once=once, callback=callback, most_waiting=edge.config.queue_limit)
    if stands == task.id:
        edge.metrics.created(task.model)
        log.info("task created", extra={"task_id": task.id, "request_id": task.request_id, "model": task.model})
        return task
    await edge.storage.delete_task(task.id)
    if stands is None:  # others took the last places since we looked
        raise edge.queue_is_full()
    first = _first(edge, key, once) if once else None  # the same request was quicker on another connection
    if first is None:
        raise Throttling(
            "Requests throttling triggered. What Idempotency-Key stood for has just expired: send it again."
        )
    return first


CALLBACK = Parameter("X-Dalang-Callback", "Where to POST the end of the task (ours)", {**TEXT, "format": "uri"})

WAY = (
    Parameter("X-Dalang-Engine", "What is to draw, of what this model may be drawn by (ours)"),
    Parameter("X-Dalang-Profile", "How an engine with weights is to run them (ours)", {**TEXT, "examples": ["fast"]}),
)

HEADERS = (
    Parameter("X-DashScope-OssResourceResolve", "enable: with oss:// addresses"),
    Parameter(
        "X-DashScope-DataInspection",
        "What to moderate, in JSON: input, output",
        {**TEXT, "examples": ['{"input": "cip", "output": "cip"}']},
    ),
    Parameter("Idempotency-Key", "Of the same key there is one task (ours)", {**TEXT, "maxLength": MAX_ONCE}),
    CALLBACK,
    *WAY,
)
"""Of every call that makes a task from a body."""

BUSY = {429: ("Throttling", "Throttling.RateQuota", "Throttling.AllocationQuota"), 503: ("ModelUnavailable",)}

OF_INPUT = (
    *("InvalidParameter", "InvalidParameter.DataInspection", "InvalidURL", "InvalidImage.ImageSize"),
    *("InvalidFile.Size", "DataInspectionFailed", "IPInfringementSuspect"),
)
"""Codes of what is wrong with what is asked, status 400."""

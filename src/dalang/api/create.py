"""The create call, and retry, which is ours: from a request to a row, or to a refusal."""

from __future__ import annotations

import hashlib
import logging
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dalang import routes as ways
from dalang.api import replies, schema
from dalang.api.dry_run import dry_run
from dalang.api.edge import Edge, Route, edge_of, headers_of, json_reply, request_id
from dalang.api.inputs import copy_inputs, keep_inputs
from dalang.api.operation import TEXT, Body, Operation, Parameter, Reply
from dalang.api.routing import route_of
from dalang.api.tasks import find
from dalang.callbacks import check_callback_url
from dalang.errors import AccessDenied, InvalidParameter, NotFound, ProtocolError, Throttling, UnsupportedOperation
from dalang.ids import new_id
from dalang.models import MODELS
from dalang.regions import check_model
from dalang.store import Key, Once
from dalang.task import Prepared, Task, TaskStatus, VideoRequest
from dalang.validate import CreateBody, choose_model, is_drawable, parse_body, placeholder, validate

MAX_ONCE = 255
"""Characters of an Idempotency-Key."""

log = logging.getLogger("dalang.api")


class Draft(NamedTuple):
    """A create call that will become a task, if only one that fails."""

    asked: VideoRequest
    refusal: ProtocolError | None = None
    """What the cloud tells only later, where we do as it does."""


async def create(request: Request) -> Response:
    """Answers once the task is on the disk."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    if headers_of(request).get("x-dashscope-async") != "enable":
        raise AccessDenied(
            "current user api does not support synchronous calls. Send the header X-DashScope-Async: enable."
        )
    callback = _callback(request, key)
    is_dry = _is_dry_run(request)
    _check_room(edge)
    async with edge.bodies.read(request, key.account) as body:
        if is_dry:
            return await dry_run(edge, request, key, body)
        once = _once(request, body)
        if once and (task := _first(edge, key, once)):
            return json_reply(request, {"output": replies.created(task)})
        draft = _draft(edge, request, key, parse_body(body))
        way = _way(edge, request, draft.asked.model)
        body.clear()
        task_id = new_id(edge.clock)
        resolves = headers_of(request).get("x-dashscope-ossresourceresolve") == "enable"
        draft = draft._replace(asked=await keep_inputs(edge, key, task_id, draft.asked, resolves=resolves))
    task = _task(edge, request, key, task_id, way, draft.asked, _prepared(edge, draft))
    if draft.refusal:
        task = msgspec.structs.replace(task, code=draft.refusal.code, message=draft.refusal.message)
    return await _insert(edge, request, key, task, once, callback)


def _callback(request: Request, key: Key) -> str | None:
    url = headers_of(request).get("x-dalang-callback")
    return key.callback if url is None else check_callback_url(url)


def _is_dry_run(request: Request) -> bool:
    """SDKs send other things in the query string, which count for nothing."""
    if not request.scope["query_string"]:  # as nearly always; it would be read in vain
        return False
    asked = request.query_params.get("dry_run")
    if asked not in (None, "true", "false"):
        raise InvalidParameter("dry_run must be true or false. With true the call is looked at and no task is made.")
    return asked == "true"


def _check_room(edge: Edge) -> None:
    if shortage := edge.shortage():
        raise ProtocolError(shortage, code="ModelUnavailable", status=503)


# The same request again


def _once(request: Request, body: bytearray) -> Once | None:
    key = headers_of(request).get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= MAX_ONCE:
        raise InvalidParameter(f"Idempotency-Key must have 1 to {MAX_ONCE} characters.")
    return Once(key, hashlib.sha256(body).hexdigest())


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


def _way(edge: Edge, request: Request, model: str) -> ways.Route:
    headers = headers_of(request)
    return route_of(edge.config, model, headers.get("x-dalang-engine"), headers.get("x-dalang-profile"))


def _task(
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


async def _insert(
    edge: Edge, request: Request, key: Key, task: Task, once: Once | None, callback: str | None
) -> Response:
    stands = await edge.store.insert(task, once=once, callback=callback, most_waiting=edge.config.queue_limit)
    if stands == task.id:
        edge.metrics.created(task.model)
        log.info("task created", extra={"task_id": task.id, "request_id": task.request_id, "model": task.model})
        return json_reply(request, {"output": replies.created(task)})
    await edge.storage.delete_task(task.id)
    if stands is None:  # others took the last places since we looked
        raise edge.queue_is_full()
    first = _first(edge, key, once) if once else None  # the same request was quicker on another connection
    if first is None:
        raise Throttling(
            "Requests throttling triggered. What Idempotency-Key stood for has just expired: send it again."
        )
    return json_reply(request, {"output": replies.created(first)})


async def retry(request: Request) -> Response:
    """A new task from a finished one: same request, same seed, same prepared inputs."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    callback = _callback(request, key)
    old = find(edge, key, request.path_params["task_id"])
    if old is None:
        raise NotFound("Not found! There is no such task.")
    if not old.status.is_final:
        raise UnsupportedOperation("Failed to retry the task, please confirm that it has ended.")
    spec = MODELS.get(old.model)
    if spec is None:
        raise InvalidParameter("Model not exist. This server no longer has the model of that task.")
    check_model(key, spec)
    edge.check_submit(key, spec)
    edge.moderator.inspect_text(old.request)  # its words may be fewer than when the task was made
    _check_room(edge)
    task_id = new_id(edge.clock)
    asked, prepared = await copy_inputs(edge, old, task_id)
    task = _task(edge, request, key, task_id, _way(edge, request, asked.model), asked, prepared)
    if not is_drawable(asked):
        task = msgspec.structs.replace(task, code=old.code, message=old.message)
    return await _insert(edge, request, key, task, None, callback)


async def wrong_path(request: Request) -> Response:
    raise InvalidParameter("url error, please check url!")


EXAMPLES = {
    "Text to video": {
        "model": "wan2.6-t2v",
        "input": {"prompt": "A deer walks through fresh snow at dawn"},
        "parameters": {"size": "1280*720", "duration": 5, "seed": 7},
    },
    "Image to video": {
        "model": "wan2.6-i2v",
        "input": {"prompt": "The fox looks up", "img_url": "https://pictures.example/fox.jpg"},
        "parameters": {"resolution": "720P", "duration": 5},
    },
    "First and last frame to video": {
        "model": "wan2.2-kf2v-flash",
        "input": {
            "first_frame_url": "https://pictures.example/dawn.jpg",
            "last_frame_url": "https://pictures.example/noon.jpg",
        },
    },
    "Frames, clip and sound in one list": {
        "model": "wan2.7-i2v",
        "input": {"media": [{"type": "first_frame", "url": "https://pictures.example/fox.jpg"}]},
    },
}

CALLBACK = Parameter("X-Dalang-Callback", "Where to POST the end of the task (ours)", {**TEXT, "format": "uri"})

WAY = (
    Parameter("X-Dalang-Engine", "What is to draw, of what this model may be drawn by (ours)"),
    Parameter("X-Dalang-Profile", "How an engine with weights is to run them (ours)", {**TEXT, "examples": ["fast"]}),
)

BUSY = {429: ("Throttling", "Throttling.RateQuota", "Throttling.AllocationQuota"), 503: ("ModelUnavailable",)}

CREATE = Operation(
    "Ask for a video",
    (Reply("The task is on the disk; or, of a dry run, all that is wrong", schema.CreateReply | schema.DryRunReply),),
    "Both create paths take every model.",
    query=(
        Parameter("dry_run", "true: look at the call and make no task (ours)", {**TEXT, "enum": ["true", "false"]}),
    ),
    headers=(
        Parameter("X-DashScope-Async", "enable", {"type": "string", "enum": ["enable"]}, is_required=True),
        Parameter("X-DashScope-OssResourceResolve", "enable: with oss:// addresses"),
        Parameter(
            "X-DashScope-DataInspection",
            "What to moderate, in JSON: input, output",
            {**TEXT, "examples": ['{"input": "cip", "output": "cip"}']},
        ),
        Parameter("Idempotency-Key", "Of the same key there is one task (ours)", {**TEXT, "maxLength": MAX_ONCE}),
        CALLBACK,
        *WAY,
    ),
    body=Body(CreateBody, examples=EXAMPLES),
    refusals={
        400: (
            *("BadRequest.EmptyModel", "BadRequest.EmptyInput", "BadRequest.IllegalInput", "InvalidParameter"),
            *("InvalidParameter.DataInspection", "InvalidURL", "InvalidImage.ImageSize", "InvalidFile.Size"),
            *("DataInspectionFailed", "IPInfringementSuspect"),
        ),
        403: ("AccessDenied", "Model.AccessDenied"),
        408: ("RequestTimeOut",),
        413: ("InvalidParameter",),
        **BUSY,
    },
)

RETRY = Operation(
    "A new task like one that has ended (ours)",
    (Reply("With the same request, seed and inputs", schema.CreateReply),),
    headers=(CALLBACK, *WAY),
    refusals={400: ("InvalidParameter", "InvalidURL", "UnsupportedOperation"), 403: ("Model.AccessDenied",), **BUSY},
)

routes = [
    Route("/api/v1/services/aigc/video-generation/video-synthesis", create, ("POST",), CREATE),
    Route("/api/v1/services/aigc/image2video/video-synthesis", create, ("POST",), CREATE),
    Route("/api/v1/services/{path:path}", wrong_path, ("POST",)),
    Route("/api/v1/tasks/{task_id}/retry", retry, ("POST",), RETRY),
]

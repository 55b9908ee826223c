"""The create call, and retry, which is ours: from a request to a row, or to a refusal."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dalang.api import replies, schema
from dalang.api.admission import (
    BUSY,
    CALLBACK,
    HEADERS,
    OF_INPUT,
    WAY,
    admit,
    asked_way,
    callback_of,
    check_room,
    insert,
    task_of,
)
from dalang.api.dry_run import dry_run
from dalang.api.edge import Route, edge_of, headers_of, json_reply
from dalang.api.inputs import copy_inputs
from dalang.api.operation import TEXT, Body, Operation, Parameter, Reply
from dalang.api.routing import route_again
from dalang.api.tasks import find
from dalang.errors import AccessDenied, InvalidParameter, NotFound, UnsupportedOperation
from dalang.ids import new_id
from dalang.models import MODELS
from dalang.regions import check_model
from dalang.task import Task
from dalang.validate import CreateBody, is_drawable, parse_body


async def create(request: Request) -> Response:
    """Answers once the task is on the disk."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    if headers_of(request).get("x-dashscope-async") != "enable":
        raise AccessDenied(
            "current user api does not support synchronous calls. Send the header X-DashScope-Async: enable."
        )
    callback = callback_of(request, key)
    is_dry = _is_dry_run(request)
    check_room(edge)
    if is_dry:
        async with edge.bodies.read(request, key.account) as body:
            return await dry_run(edge, request, key, body)
    return _created(request, await admit(request, key, callback, _read))


async def _read(body: bytearray) -> CreateBody:
    return parse_body(body)


def _created(request: Request, task: Task) -> Response:
    return json_reply(request, {"output": replies.created(task)})


def _is_dry_run(request: Request) -> bool:
    """SDKs send other things in the query string, which count for nothing."""
    if not request.scope["query_string"]:  # as nearly always; it would be read in vain
        return False
    asked = request.query_params.get("dry_run")
    if asked not in (None, "true", "false"):
        raise InvalidParameter("dry_run must be true or false. With true the call is looked at and no task is made.")
    return asked == "true"


async def retry(request: Request) -> Response:
    """A new task from a finished one: same request, same seed, same prepared inputs."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    callback = callback_of(request, key)
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
    way = route_again(edge.config, old, *asked_way(request))
    check_room(edge)
    task_id = new_id(edge.clock)
    asked, prepared = await copy_inputs(edge, old, task_id)
    task = task_of(edge, request, key, task_id, way, asked, prepared)
    if not is_drawable(asked):
        task = msgspec.structs.replace(task, code=old.code, message=old.message)
    return _created(request, await insert(edge, key, task, None, callback))


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

CREATE = Operation(
    "Ask for a video",
    (Reply("The task is on the disk; or, of a dry run, all that is wrong", schema.CreateReply | schema.DryRunReply),),
    "Both create paths take every model.",
    query=(
        Parameter("dry_run", "true: look at the call and make no task (ours)", {**TEXT, "enum": ["true", "false"]}),
    ),
    headers=(
        Parameter("X-DashScope-Async", "enable", {"type": "string", "enum": ["enable"]}, is_required=True),
        *HEADERS,
    ),
    body=Body(CreateBody, examples=EXAMPLES),
    refusals={
        400: ("BadRequest.EmptyModel", "BadRequest.EmptyInput", "BadRequest.IllegalInput", *OF_INPUT),
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

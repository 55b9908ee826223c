"""OpenAI's video API over the same tasks: create, retrieve, list, content and delete under `/v1/videos`.

The rules are those of the models; what OpenAI has beside (remix, edit, extend, characters, files) is not here.
"""

from __future__ import annotations

import logging
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from dalang.api.admission import BUSY, HEADERS, OF_INPUT, admit, callback_of, check_room
from dalang.api.edge import Edge, Route, edge_of, request_id
from dalang.api.files import RANGE, WHOLE_OR_PART, Film, unless_known
from dalang.api.operation import TEXT, WHOLE, Body, Operation, Parameter, Reply
from dalang.api.tasks import find, whole_number
from dalang.api.videos import replies
from dalang.api.videos.body import FILE, VideoBody, read_body
from dalang.api.videos.replies import PREFIX, not_found, refused
from dalang.errors import InvalidParameter, NotFound, UnsupportedOperation
from dalang.ids import is_id
from dalang.store import Key
from dalang.task import Task

MAX_LIMIT = 100

log = logging.getLogger("dalang.api")


async def create_video(request: Request) -> Response:
    """Answers once the task is on the disk."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    callback = callback_of(request, key)
    check_room(edge)
    task = await admit(request, key, callback, partial(read_body, request.headers.get("content-type")))
    return _reply(request, edge, task)


async def retrieve_video(request: Request) -> Response:
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "query")
    return _reply(request, edge, _named(request, edge, key))


def _reply(request: Request, edge: Edge, task: Task) -> Response:
    return replies.reply(request, replies.video(task, edge.clock(), edge.store.queue_position))


def _named(request: Request, edge: Edge, key: Key) -> Task:
    """Raises NotFound, alike for what never was, is no more and is another account's."""
    video_id = request.path_params["video_id"]
    task = find(edge, key, video_id.removeprefix(PREFIX)) if video_id.startswith(PREFIX) else None
    if task is None:
        raise not_found(video_id)
    return task


async def list_videos(request: Request) -> Response:
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "list")
    limit = min(whole_number(request.query_params.get("limit"), "limit", 20), MAX_LIMIT)
    after, oldest_first = _after(request.query_params.get("after")), _is_ascending(request.query_params.get("order"))
    tasks = await edge.store.list_after(key.account, after, limit + 1, oldest_first=oldest_first)
    now, position = edge.clock(), edge.queue.position
    shown = [replies.video(task, now, position) for task in tasks[:limit]]
    return replies.reply(request, replies.listed(shown, has_more=len(tasks) > limit))


def _after(text: str | None) -> str | None:
    """The task's identifier."""
    if text is None:
        return None
    task_id = text.removeprefix(PREFIX)
    if not (text.startswith(PREFIX) and is_id(task_id)):
        raise InvalidParameter("after must be the id of a video.").at("after")
    return task_id


def _is_ascending(order: str | None) -> bool:
    if order not in (None, "asc", "desc"):
        raise InvalidParameter("order must be asc or desc.").at("order")
    return order == "asc"


async def video_content(request: Request) -> Response:
    """The file itself, for the key: no signed link is needed."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    if request.query_params.get("variant") not in (None, "video"):
        raise InvalidParameter("variant must be video: there are neither thumbnails nor spritesheets here.").at(
            "variant"
        )
    task = _named(request, edge, key)
    if task.result is None:
        raise NotFound(_why_none(task))
    file = await edge.storage.local(task.result)
    if not file.is_file():
        raise NotFound("Not found! The file is gone.")
    return unless_known(request, Film(file, refused))


def _why_none(task: Task) -> str:
    if task.status.is_final:
        return "Video has failed and has no content; GET /v1/videos/{video_id} tells why."
    return "Video is not ready yet, use GET /v1/videos/{video_id} to check status."


async def delete_video(request: Request) -> Response:
    """Row and files; what it cost stays on the bill. As with OpenAI only of what has ended: cancel is a call of the
    other protocol, which knows the same task."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    edge.check_rate(key, "cancel")
    task = _named(request, edge, key)
    if not task.status.is_final:
        raise UnsupportedOperation("Video is still being made, and can be deleted once it is completed or failed.")
    if not await edge.store.delete(task.id, key.account):
        raise not_found(PREFIX + task.id)  # another call was quicker
    await edge.storage.delete_task(task.id)
    log.info("task deleted", extra={"task_id": task.id, "request_id": request_id(request)})
    return replies.reply(request, replies.Deleted(id=PREFIX + task.id))


REFUSES = Body(replies.Refusal)

FIELDS = {name: {"type": ["string", "integer"]} if name == "seconds" else TEXT for name in VideoBody.__struct_fields__}

FORM = {
    "type": "object",
    "description": "As the JSON; a nested field is named input_reference[image_url].",
    "properties": {**FIELDS, FILE: {**TEXT, "contentMediaType": "application/octet-stream"}},
}

EXAMPLES = {
    "Text to video": {"prompt": "A deer walks through fresh snow at dawn", "seconds": "4", "size": "1280x720"},
    "Image to video": {
        "model": "wan2.6-i2v",
        "prompt": "The fox looks up",
        "input_reference": {"image_url": "https://pictures.example/fox.jpg"},
    },
}

CREATE = Operation(
    "Ask for a video, in OpenAI's style",
    (Reply("The task is on the disk", replies.Video),),
    "Fields that are not known here are refused.",
    headers=HEADERS,
    body=Body(VideoBody, examples=EXAMPLES),
    form=Body(FORM, "multipart/form-data"),
    refusals={
        400: (*OF_INPUT, "MalformedPOSTRequest", "FieldItemTooLong", "IncorrectNumberOfFilesInPOSTRequest"),
        403: ("Model.AccessDenied",),
        408: ("RequestTimeOut",),
        413: ("InvalidParameter",),
        **BUSY,
    },
    refuses_in=REFUSES,
)

RETRIEVE = Operation(
    "The state of a video",
    (Reply("Whatever the state", replies.Video),),
    refusals={429: ("Throttling.RateQuota",)},
    refuses_in=REFUSES,
)

LIST = Operation(
    "The account's videos, by whatever protocol they were asked for",
    (Reply("Those that come next", replies.Videos),),
    query=(
        Parameter("after", "The id of the last one that is known; default none"),
        Parameter("limit", f"At most {MAX_LIMIT} are given", {**WHOLE, "minimum": 1, "default": 20}),
        Parameter("order", "Of creation", {**TEXT, "enum": ["asc", "desc"], "default": "desc"}),
    ),
    refusals={400: ("InvalidParameter",), 429: ("Throttling.RateQuota",)},
    refuses_in=REFUSES,
)

CONTENT = Operation(
    "A video's file",
    WHOLE_OR_PART,
    query=(Parameter("variant", "video", {**TEXT, "enum": ["video"], "default": "video"}),),
    headers=RANGE,
    refusals={400: ("InvalidParameter",), 416: ("InvalidParameter",)},
    refuses_in=REFUSES,
)

DELETE = Operation(
    "Delete a video that has ended, its file and its inputs",
    (Reply("They are gone", replies.Deleted),),
    refusals={400: ("UnsupportedOperation",), 429: ("Throttling.RateQuota",)},
    refuses_in=REFUSES,
)

routes = [
    Route("/v1/videos/{video_id}", retrieve_video, about=RETRIEVE, refused=refused),
    Route("/v1/videos", create_video, ("POST",), CREATE, refused),
    Route("/v1/videos", list_videos, about=LIST, refused=refused),
    Route("/v1/videos/{video_id}", delete_video, ("DELETE",), DELETE, refused),
    Route("/v1/videos/{video_id}/content", video_content, about=CONTENT, refused=refused),
]

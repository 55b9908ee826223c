"""A task as OpenAI's video API shows it, and a refusal in its form. All that is ours is `dalang`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from dalang.api.edge import request_id
from dalang.api.replies import additions
from dalang.errors import NotFound, ProtocolError
from dalang.task import Task, TaskStatus

PREFIX = "video_"
"""Before the identifier of the task, which both protocols know it by."""

STATUS: dict[TaskStatus, Literal["queued", "in_progress", "completed", "failed"]] = {
    TaskStatus.PENDING: "queued",
    TaskStatus.RUNNING: "in_progress",
    TaskStatus.SUCCEEDED: "completed",
    TaskStatus.FAILED: "failed",
    TaskStatus.CANCELED: "failed",
}

Seconds = Annotated[int, Meta(description="Since the epoch", examples=[1745568428])]


class Failure(Struct, kw_only=True):
    code: Annotated[str, Meta(description="As of a FAILED task; canceled")]
    message: str


class Video(Struct, kw_only=True):
    """A task."""

    id: str
    object: Literal["video"] = "video"
    created_at: Seconds
    status: Literal["queued", "in_progress", "completed", "failed"]
    model: str
    prompt: str
    progress: Annotated[int, Meta(ge=0, le=100, description="Percent of this attempt")]
    seconds: str
    size: Annotated[str, Meta(description="Until a picture's shape is known, the tier", examples=["1280x720", "720P"])]
    completed_at: Seconds | None
    expires_at: Seconds | None
    error: Failure | None
    remixed_from_video_id: None = None
    dalang: Annotated[dict[str, Any], Meta(description="As output.dalang of GET /api/v1/tasks/{task_id}")]


class Videos(Struct, kw_only=True):
    object: Literal["list"] = "list"
    data: list[Video]
    first_id: str | None
    last_id: str | None
    has_more: bool


class Deleted(Struct, kw_only=True):
    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: Literal[True] = True


class Complaint(Struct, kw_only=True):
    message: str
    type: Literal["invalid_request_error", "rate_limit_error", "server_error"]
    param: Annotated[str | None, Meta(description="The field or query parameter at fault")]
    code: Annotated[str, Meta(description="As of the same refusal under /api/v1")]


class Refusal(Struct, kw_only=True):
    error: Complaint


def video(task: Task, now: int, queue_position: Callable[[Task], int]) -> Video:
    return Video(
        id=PREFIX + task.id,
        created_at=task.submitted // 1000,
        status=STATUS[task.status],
        model=task.model,
        prompt=task.request.prompt,
        progress=100 if task.status is TaskStatus.SUCCEEDED else int(task.progress * 100),
        seconds=str(task.request.duration),
        size=_size(task),
        completed_at=_seconds(task.ended),
        expires_at=_seconds(task.expires),
        error=_error(task),
        dalang=additions(task, now, queue_position),
    )


def _size(task: Task) -> str:
    """A picture's shape is known once it was looked at."""
    sides = (task.prepared.width, task.prepared.height) if task.prepared else task.request.size
    return f"{sides[0]}x{sides[1]}" if sides else task.request.tier


def _seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def _error(task: Task) -> Failure | None:
    if task.status is TaskStatus.CANCELED:
        return Failure(code="canceled", message="The task was canceled.")
    if task.status is TaskStatus.FAILED:
        return Failure(code=task.code or "", message=task.message or "")
    return None


def listed(videos: list[Video], *, has_more: bool) -> Videos:
    ends = (videos[0].id, videos[-1].id) if videos else (None, None)
    return Videos(data=videos, first_id=ends[0], last_id=ends[1], has_more=has_more)


def reply(request: Request, content: Struct, status: int = 200) -> Response:
    headers = {"x-request-id": request_id(request)}
    return Response(msgspec.json.encode(content), status, headers, "application/json")


def refused(request: Request, error: ProtocolError) -> Response:
    param = error.field and _param(error.field)
    complaint = Complaint(message=_message(error, param), type=_type(error.status), param=param, code=error.code)
    return reply(request, Refusal(error=complaint), error.status)


def not_found(video_id: str) -> NotFound:
    return NotFound(f"Video with id '{video_id[:64]}' not found.")


PICTURES = ("input.img_url", "input.first_frame_url", "input.media.0.url")
"""Where our rules find `input_reference`."""


def _param(field: str) -> str:
    return "input_reference" if field in PICTURES else field.rpartition(".")[2]


def _message(error: ProtocolError, param: str | None) -> str:
    """Our rules speak of the fields of the other protocol."""
    if error.field not in PICTURES:
        return error.message
    own = error.field if error.field in error.message else error.field.rpartition(".")[2]
    return error.message.replace(own, str(param))


def _type(status: int) -> Literal["invalid_request_error", "rate_limit_error", "server_error"]:
    if status >= 500:
        return "server_error"
    return "rate_limit_error" if status == 429 else "invalid_request_error"

"""A task as the protocol shows it. Field sets and order are the documentation's; all that is ours is `dalang`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dalang.routes import Route
from dalang.task import Task, TaskStatus
from dalang.wire import unique_key, wire_time


def created(task: Task) -> dict[str, Any]:
    """`output` of the create call."""
    about = drawn_by(task) | {"seed": task.request.seed, "warnings": task.request.warnings}
    return {"task_status": task.status, "task_id": task.id, "dalang": about}


def drawn_by(way: Task | Route) -> dict[str, Any]:
    """The engine; of one that has weights these, and how they are run."""
    weights = {"checkpoint": way.checkpoint, "profile": way.profile}
    return {"engine": way.engine} | {name: value for name, value in weights.items() if value is not None}


def unknown(task_id: str) -> dict[str, Any]:
    return {"task_id": task_id, "task_status": TaskStatus.UNKNOWN}


def queried(
    task: Task, now: int, video_url: Callable[[Task], str], queue_position: Callable[[Task], int]
) -> dict[str, Any]:
    """`output` of the query call."""
    output: dict[str, Any] = {"task_id": task.id, "task_status": task.status, "submit_time": wire_time(task.submitted)}
    if task.scheduled is not None and task.status is not TaskStatus.CANCELED:
        output["scheduled_time"] = wire_time(task.scheduled)
    if task.ended is not None:
        output["end_time"] = wire_time(task.ended)
    if task.status is TaskStatus.SUCCEEDED:
        output |= _prompts(task)
        output["video_url"] = video_url(task)
    if task.status is TaskStatus.FAILED:
        output |= {"code": task.code, "message": task.message}
    output["dalang"] = additions(task, now, queue_position)
    return output


def _prompts(task: Task) -> dict[str, str]:
    """As asked; and as extended, which the service never shows for wan2.6."""
    prompts = {}
    if task.request.prompt:
        prompts["orig_prompt"] = task.request.prompt
    if task.prepared and task.prepared.prompt is not None and not task.model.startswith(SILENT_ON_EXTENSION):
        prompts["actual_prompt"] = task.prepared.prompt
    return prompts


SILENT_ON_EXTENSION = "wan2.6-"
"""What models' names begin with that do not tell the extended prompt; all names of that family do."""


def additions(task: Task, now: int, queue_position: Callable[[Task], int]) -> dict[str, Any]:
    """What is ours, and the cloud does not tell."""
    about = drawn_by(task) | {"seed": task.request.seed, "attempt": task.attempt}
    found = task.prepared.warnings if task.prepared else ()
    about["warnings"] = (*task.request.warnings, *found, *task.warnings)
    match task.status:
        case TaskStatus.PENDING:
            about |= {"progress": 0.0, "queue_position": queue_position(task)}
        case TaskStatus.RUNNING:
            about |= {"progress": round(task.progress, 3), "eta": _eta(task, now)}
        case TaskStatus.SUCCEEDED:
            about["progress"] = 1.0
    return about


def _eta(task: Task, now: int) -> float | None:
    """Seconds to go, if it goes on as so far; None while too little is done to say."""
    if task.scheduled is None or task.progress < 0.02:
        return None
    return round((now - task.scheduled) / 1000 * (1 - task.progress) / task.progress, 1)


def listed(task: Task) -> dict[str, Any]:
    """One entry of the list call; times are epoch milliseconds and absent until they happen."""
    row: dict[str, Any] = {
        "api_key_id": task.key_id,
        "caller_parent_id": task.account,
        "caller_uid": task.account,
        "gmt_create": task.submitted,
        "start_time": task.scheduled,
        "end_time": task.ended,
        "model_name": task.model,
        "region": task.region,
        "request_id": task.request_id,
        "status": task.status,
        "task_id": task.id,
        "user_api_unique_key": unique_key(task),
    }
    return {name: value for name, value in row.items() if value is not None}


def listed_for_client(task: Task) -> dict[str, Any]:
    """The same for the client object of SDK 2.x, which looks under `tasks`, and refuses dates that are no text."""
    row: dict[str, Any] = {
        "task_id": task.id,
        "task_status": task.status,
        "model_name": task.model,
        "region": task.region,
        "request_id": task.request_id,
        "submit_time": wire_time(task.submitted),
        "scheduled_time": task.scheduled and wire_time(task.scheduled),
        "end_time": task.ended and wire_time(task.ended),
    }
    return {name: value for name, value in row.items() if value is not None}

"""The end of a task as an event: what the cloud sends to EventBridge, in the structured mode of CloudEvents 1.0."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from dalang.task import Task, TaskStatus
from dalang.wire import unique_key, wire_second

CONTENT_TYPE = "application/cloudevents+json"


def finish_event(task: Task) -> bytes:
    """The body, the same however often it is sent. `task` has ended.

    `contain_result` says whether there is a video to query; a task that never ran began when it was submitted.
    """
    assert task.ended is not None
    event = {
        "specversion": "1.0",
        "id": task.id,
        "source": "acs.dashscope",
        "type": "dashscope:System:AsyncTaskFinish",
        "subject": task.id,
        "time": datetime.fromtimestamp(task.ended / 1000, UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": _data(task, task.ended),
    }
    return msgspec.json.encode(event)


def _data(task: Task, ended: int) -> dict[str, Any]:
    """Exactly the documented fields; dates without milliseconds, unlike those of the query call."""
    began = task.submitted if task.scheduled is None else task.scheduled
    return {
        "start_time": wire_second(began // 1000),
        "end_time": wire_second(ended // 1000),
        "user_api_unique_key": unique_key(task),
        "task_status": task.status,
        "contain_result": task.status is TaskStatus.SUCCEEDED,
        "task_id": task.id,
        "region": task.region,
        "request_id": task.request_id,
        "api_key_id": task.key_id,
    }

"""Which task a test speaks of: whatever it was handed by the client that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote


def task_id_of(task: object) -> str:
    """Of an id, a reply of the official SDKs, a video of OpenAI's, a task of `dalang.Client` or the JSON of a reply.
    Raises TypeError."""
    if isinstance(task, str):
        return task.removeprefix("video_")
    if isinstance(task, Mapping):
        found = task.get("task_id") or task.get("output") or task.get("id")
    else:
        found = next((getattr(task, name) for name in ("id", "task_id", "output") if getattr(task, name, None)), None)
    if found is None:
        raise TypeError(f"{task!r} names no task: give its id, or the reply of a create call.")
    return task_id_of(found)


def task_path(task: object) -> str:
    """Of its controls; an id cannot lead to another path, whatever it holds."""
    return f"tasks/{quote(task_id_of(task), safe='')}"

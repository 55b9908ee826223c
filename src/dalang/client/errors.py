"""What a caller of the video API may be told: all of it a `ClientError`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dalang.errors import DalangError

if TYPE_CHECKING:
    from dalang.client.replies import Task


class ClientError(DalangError):
    """Root of what `dalang.Client` raises."""


class ApiError(ClientError):
    """The server answered, and refused.

    `code` and `message` are the wire's, `status` is HTTP's, `request_id` names the call in the server's log.
    """

    def __init__(self, code: str, message: str, *, status: int, request_id: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.status = status
        self.request_id = request_id


class TaskFailed(ClientError):
    """The task ended without a video. `task` holds the whole reply; `code` and `message` say why."""

    def __init__(self, task: Task) -> None:
        reason = f"{task.code}: {task.message}" if task.code else "no reason was given"
        super().__init__(f"Task {task.id} ended {task.status}: {reason}")
        self.task = task
        self.code = task.code
        self.message = task.message
        self.request_id = task.request_id


class BadReply(ClientError):
    """The answer is not one of the video API: the base URL leads somewhere else, or a proxy answered."""


class ConnectionFailed(ClientError):
    """The server could not be reached or went silent. Nothing was ordered by this call."""


class OrderUncertain(ClientError):
    """The connection broke after an order may have reached the server.

    Look at `client.list()` before you order again: the task may exist.
    """


class WaitTimeout(ClientError):
    """The task had not ended when the wait did. It goes on; `client.wait(error.task.id)` waits again."""

    def __init__(self, task: Task, seconds: float) -> None:
        super().__init__(f"Task {task.id} was still {task.status} after {seconds:g} s; it goes on.")
        self.task = task


class UploadFailed(ClientError):
    """A file that the order needs could not be left with the server. Nothing was ordered."""


class DownloadFailed(ClientError):
    """The file could not be fetched whole. What came is kept, and the next download goes on from there."""

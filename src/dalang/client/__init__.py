"""The client of the video API: typed, with deadlines, for a Dalang server and for the cloud."""

from dalang.client.client import Client
from dalang.client.errors import (
    ApiError,
    BadReply,
    ClientError,
    ConnectionFailed,
    DownloadFailed,
    OrderUncertain,
    TaskFailed,
    UploadFailed,
    WaitTimeout,
)
from dalang.client.replies import Task, TaskPage, TaskRow

__all__ = [
    "ApiError",
    "BadReply",
    "Client",
    "ClientError",
    "ConnectionFailed",
    "DownloadFailed",
    "OrderUncertain",
    "Task",
    "TaskFailed",
    "TaskPage",
    "TaskRow",
    "UploadFailed",
    "WaitTimeout",
]

"""How the protocol writes dates and what was called, wherever it tells of a task."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache

from dalang.task import Task

UTC_8 = timezone(timedelta(hours=8))
"""Every date on the wire is in this zone, without saying so."""

FUNCTION = {"t2v": "text2video", "i2v": "image2video", "kf2v": "image2video"}


def wire_time(milliseconds: int) -> str:
    """`2025-09-25 11:07:28.590`, UTC+8."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{wire_second(seconds)}.{rest:03}"


@lru_cache(maxsize=4096)
def wire_second(seconds: int) -> str:
    """`2025-09-25 11:07:28`, UTC+8. Kept, since polls ask for the same few again and again."""
    return datetime.fromtimestamp(seconds, UTC_8).strftime("%Y-%m-%d %H:%M:%S")


def unique_key(task: Task) -> str:
    """`user_api_unique_key`: which call made the task."""
    return f"apikey:v1:aigc:{FUNCTION[task.request.kind]}:video-synthesis:{task.model}"

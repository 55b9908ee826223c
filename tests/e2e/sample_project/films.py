"""The application: it orders videos, by the official SDK and by `dalang.Client`, and knows nothing of tests."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import dashscope
from dashscope.aigc.video_synthesis import AioVideoSynthesis, VideoSynthesis

from dalang import Client
from dalang.client import ApiError, Task

TEXT = {"model": "wan2.1-t2v-turbo", "size": "832*480"}
IMAGE = {"model": "wan2.1-i2v-turbo", "resolution": "480P", "duration": 3}


class Refused(Exception):
    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def order(prompt: str | None, **wishes: Any) -> str:
    """The id of a new task, by the SDK."""
    reply = VideoSynthesis.async_call(prompt=prompt, **(TEXT | wishes))
    if reply.status_code != 200:
        raise Refused(reply.code, reply.status_code)
    return str(reply.output.task_id)


def look(task_id: str) -> Any:
    """`output`, by the SDK."""
    return VideoSynthesis.fetch(task_id).output


def film(prompt: str | None, **wishes: Any) -> Any:
    """`output` of the finished task, by the SDK."""
    return VideoSynthesis.call(prompt=prompt, **(TEXT | wishes)).output


async def film_aio(prompt: str, **wishes: Any) -> Any:
    """The same without blocking."""
    try:
        return (await AioVideoSynthesis.call(prompt=prompt, **(TEXT | wishes))).output
    finally:
        await dashscope.close_shared_aio_session()


def order_ours(prompt: str | None, **wishes: Any) -> str:
    """The id of a new task, by `dalang.Client`."""
    with Client() as client:
        try:
            return client.create(prompt, **(TEXT | wishes)).id
        except ApiError as error:
            raise Refused(error.code, error.status) from error


def look_ours(task_id: str) -> Task:
    with Client() as client:
        return client.fetch(task_id)


def film_ours(prompt: str | None, folder: Path, **wishes: Any) -> Path:
    """The file, by `dalang.Client`."""
    with Client() as client:
        client.generate(prompt, folder / "film.mp4", **(TEXT | wishes))
    return folder / "film.mp4"


def order_patiently(prompt: str, tries: int = 3, pause: float = 0.0) -> str:
    """By the SDK, again where there are too many orders."""
    for left in reversed(range(tries)):
        try:
            return order(prompt)
        except Refused as refusal:
            if refusal.status != 429 or not left:
                raise
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")

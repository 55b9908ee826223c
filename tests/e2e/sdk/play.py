"""Plays calls through the official SDK of the environment that runs this file, which knows nothing of ours.

It reads `{"url": …, "cases": {face: {name: [[method, arguments], …]}}}` and prints `{face: {name: [reply, …]}}`. All
cases go on side by side, the calls of one after another; `fetch`, `wait` and `cancel` are about the task that their
case created, unless they name another. A reply is what the SDK prints of it; an exception is `{"raised": …, …}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dashscope
from dashscope.aigc.video_synthesis import AioVideoSynthesis, VideoSynthesis

Fields = dict[str, Any]
Steps = list[tuple[str, Fields]]
Call = Callable[[str, Fields], Awaitable[Fields]]

EXTRA_INPUT = {"audio_url", "first_frame_url", "last_frame_url", "negative_prompt"}
EXTRA_PARAMETERS = {"shot_type", "audio"}
"""What the client object has no arguments for."""

RENAMED = {
    "call": {"img_url": "image_url"},
    "async_call": {"img_url": "image_url"},
    "fetch": {"task": "task_id"},
    "cancel": {"task": "task_id"},
    "wait": {"task": "job", "wait_timeout": "timeout"},
    "list": {},
}
"""The client object's words, by method."""


async def main(cases: dict[str, dict[str, Steps]]) -> dict[str, dict[str, list[Fields]]]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(sum(map(len, cases.values()))))
    played = await asyncio.gather(*(play_all(FACES[face], steps) for face, steps in cases.items()))
    return dict(zip(cases, played, strict=True))


async def play_all(call: Call, cases: dict[str, Steps]) -> dict[str, list[Fields]]:
    replies = await asyncio.gather(*(play(call, steps) for steps in cases.values()))
    return dict(zip(cases, replies, strict=True))


async def play(call: Call, steps: Steps) -> list[Fields]:
    replies: list[Fields] = []
    for method, arguments in steps:
        try:
            if method in ("fetch", "wait", "cancel") and "task" not in arguments:
                arguments = {"task": replies[0]["output"]["task_id"], **arguments}
            replies.append(await call(method, arguments))
        except Exception as error:  # noqa: BLE001  whatever the SDK raises is its answer
            replies.append(raised(error))
    return replies


def raised(error: Exception) -> Fields:
    said = {name: getattr(error, name) for name in ("status_code", "code", "request_id") if hasattr(error, name)}
    return {"raised": type(error).__name__, "message": str(error), **said}


async def call_sync(method: str, arguments: Fields) -> Fields:
    return printed(await asyncio.to_thread(getattr(VideoSynthesis, method), **arguments))


async def call_aio(method: str, arguments: Fields) -> Fields:
    return printed(await getattr(AioVideoSynthesis, method)(**arguments))


def printed(reply: Any) -> Fields:
    return dict(json.loads(str(reply)))


async def call_client(method: str, arguments: Fields) -> Fields:
    return await asyncio.to_thread(call_of_client, method, arguments)


async def call_aio_client(method: str, arguments: Fields) -> Fields:
    async with dashscope.AsyncClient(base_url=dashscope.base_http_api_url, max_retries=0) as client:
        return dumped(await method_of(client, method)(**for_client(method, arguments)))


def call_of_client(method: str, arguments: Fields) -> Fields:
    with dashscope.Client(base_url=dashscope.base_http_api_url, max_retries=0) as client:
        return dumped(method_of(client, method)(**for_client(method, arguments)))


def method_of(client: Any, method: str) -> Callable[..., Any]:
    jobs = client.videos.jobs
    named = {"call": client.videos.generate, "async_call": jobs.create}
    return named[method] if method in named else getattr(jobs, method)


def for_client(method: str, arguments: Fields) -> Fields:
    said = {RENAMED[method].get(name, name): value for name, value in arguments.items()}
    for place, fields in (("extra_input", EXTRA_INPUT), ("parameters", EXTRA_PARAMETERS)):
        if moved := {name: said.pop(name) for name in fields & set(said)}:
            said[place] = moved
    return said


def dumped(reply: Any) -> Fields:
    return {"video_url": getattr(reply, "video_url", None), **reply.model_dump(mode="json")}


FACES = {"sync": call_sync, "aio": call_aio, "client": call_client, "aio client": call_aio_client}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    dashscope.base_http_api_url = asked["url"]
    json.dump(asyncio.run(main(asked["cases"])), sys.stdout)

"""Plays calls through the official `openai` package of the environment that runs this file.

It reads `{"url": …, "key": …, "cases": {name: [[method, arguments], …]}}` and prints `{face: {name: [reply, …]}}`, the
faces being the two client objects. All cases go on side by side, the calls of one after another; what names no video is
about the one that its case created. A reply is what the package makes of it: of a list its videos over all pages, of a
file its bytes in base64; an exception is `{"raised": …, …}`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from openai import APIStatusError, AsyncOpenAI, OpenAI

Fields = dict[str, Any]
Steps = list[tuple[str, Fields]]
Call = Callable[[str, str, Fields], Awaitable[Fields]]

CREATES = ("create", "create_and_poll", "list")
"""All others are about a video."""


class Player:
    """Of one server; both faces are called alike."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key

    async def sync(self, key: str, method: str, arguments: Fields) -> Fields:
        def call() -> Fields:
            with OpenAI(base_url=self._url, api_key=key or self._key, max_retries=0) as client:
                if method == "list":
                    return listed(list(client.videos.list(**arguments)), client.videos.list(**arguments))
                reply = getattr(client.videos, method)(**arguments)
                return {"content": base64.b64encode(reply.read()).decode()} if method == DOWNLOAD else dumped(reply)

        return await asyncio.to_thread(call)

    async def aio(self, key: str, method: str, arguments: Fields) -> Fields:
        async with AsyncOpenAI(base_url=self._url, api_key=key or self._key, max_retries=0) as client:
            if method == "list":
                every = [video async for video in client.videos.list(**arguments)]
                return listed(every, await client.videos.list(**arguments))
            reply = await getattr(client.videos, method)(**arguments)
            return {"content": base64.b64encode(reply.read()).decode()} if method == DOWNLOAD else dumped(reply)


DOWNLOAD = "download_content"


def dumped(reply: Any) -> Fields:
    return {"class": type(reply).__name__, **reply.model_dump(mode="json")}


def listed(every: list[Any], page: Any) -> Fields:
    first = {"ids": [video.id for video in page.data], "has_more": page.has_more, "last_id": page.last_id}
    return {"ids": [video.id for video in every], "page": first}


async def play(call: Call, steps: Steps) -> list[Fields]:
    replies: list[Fields] = []
    for method, given in steps:
        arguments = dict(given)
        key = arguments.pop("key", "")
        if isinstance(picture := arguments.get("input_reference"), str):
            arguments["input_reference"] = Path(picture)
        if method not in CREATES and "video_id" not in arguments:
            arguments["video_id"] = replies[0]["id"]
        try:
            replies.append(await call(key, method, arguments))
        except APIStatusError as error:
            replies.append(raised(error))
    return replies


def raised(error: APIStatusError) -> Fields:
    said = {name: getattr(error, name) for name in ("status_code", "code", "param", "type", "request_id")}
    return {"raised": type(error).__name__, "body": error.body, **said}


async def main(asked: Fields) -> Fields:
    player = Player(asked["url"], asked["key"])
    cases = asked["cases"]
    played = {}
    for name, call in {"sync": player.sync, "aio": player.aio}.items():
        replies = await asyncio.gather(*(play(call, steps) for steps in cases.values()))
        played[name] = dict(zip(cases, replies, strict=True))
    return played


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)  # OpenAI's own service ends; its clients stay
    json.dump(asyncio.run(main(json.load(sys.stdin))), sys.stdout)

"""A moderation service: an OpenAI-compatible `POST {url}/moderations`, asked within limits of time and size."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec

from dalang.endpoint import Endpoint, Unusable
from dalang.errors import ConfigError
from dalang.moderation.verdict import Ground, Verdict

AT_ONCE = 4
"""Questions on their way side by side."""

PROPERTY = frozenset({"ip", "copyright", "copyrighted", "trademark", "trademarked", "intellectual", "infringement"})
"""Words in the name of a category that is about somebody's property. OpenAI has none such; others do."""


class Result(msgspec.Struct, frozen=True):
    flagged: bool
    categories: dict[str, Any] | None = None
    """Name to whether it applies; more names than those documented may come."""


class Answer(msgspec.Struct, frozen=True):
    """The part that counts (OpenAI API reference, "Create moderation")."""

    results: tuple[Result, ...]


ANSWER = msgspec.json.Decoder(Answer)


class Judge:
    """One serves a whole process. `limit` is seconds for one inspection, however many questions it takes.

    Raises ConfigError for a `url` that is none.
    """

    def __init__(self, url: str, model: str, key: str | None, limit: float) -> None:
        try:
            self._endpoint = Endpoint(f"{url.rstrip('/')}/moderations", key)
        except httpx.InvalidURL as error:
            raise ConfigError(f"Setting moderation_url: {url} is no address: {error}.") from error
        self._model, self._limit = model, limit
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def judge(self, items: Sequence[str | Path]) -> list[Verdict]:
        """Of each text or JPEG. They are asked about one by one, because OpenAI takes one picture at a time (its error
        "too_many_images"), and because then it is known which of them was meant."""
        deadline = asyncio.get_running_loop().time() + self._limit
        return await asyncio.gather(*(self._judge_one(item, deadline) for item in items))

    async def close(self) -> None:
        await self._endpoint.close()

    async def _judge_one(self, item: str | Path, deadline: float) -> Verdict:
        try:
            async with asyncio.timeout_at(deadline), self._turns:
                return _verdict(await self._endpoint.ask(await asyncio.to_thread(_question, self._model, item)))
        except TimeoutError:
            return Verdict(failure=f"the moderation service gave no answer within {self._limit:g} s")
        except OSError as error:
            return Verdict(failure=f"it could not be read ({error.strerror})")
        except Unusable as unusable:
            return Verdict(failure=f"the moderation service {unusable}")


def _question(model: str, item: str | Path) -> bytes:
    """Raises OSError for a file that cannot be read."""
    if isinstance(item, str):
        part: dict[str, object] = {"type": "text", "text": item}
    else:
        url = f"data:image/jpeg;base64,{b64encode(item.read_bytes()).decode()}"
        part = {"type": "image_url", "image_url": {"url": url}}
    return msgspec.json.encode({"model": model, "input": [part]})


def _verdict(answer: bytes) -> Verdict:
    """Raises Unusable for an answer that is not of the documented form, or that judges nothing."""
    try:
        results = ANSWER.decode(answer).results
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable("gave an answer that cannot be read") from error
    if not results:
        raise Unusable("gave no result")
    flagged = [result for result in results if result.flagged]
    return Verdict(_ground(flagged) if flagged else None)


def _ground(flagged: Sequence[Result]) -> Ground:
    """Somebody's property only where nothing worse applies too."""
    applying = [name for result in flagged for name, applies in (result.categories or {}).items() if applies is True]
    is_property = [bool(PROPERTY.intersection(re.findall("[a-z]+", name.lower()))) for name in applying]
    return "ip" if applying and all(is_property) else "unfit"

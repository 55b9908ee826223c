"""One message to an address that a stranger gave: through the gate, once, and only the head of the answer is read."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from dalang.fetch.line import Header, Line, Times, fields_of, told_apart
from dalang.fetch.url import read_url


class Answer(NamedTuple):
    status: int
    retry_after: str | None
    """The field as it came (RFC 9110, 10.2.3)."""


async def post(line: Line, url: str, body: bytes, headers: list[Header], times: Times) -> Answer:
    """Send `body` to `url`; see `Poster.post`."""
    at = read_url(url)
    length = (b"Content-Length", str(len(body)).encode())
    with told_apart(at, f"{at.host} did not answer in time", times):
        async with asyncio.timeout(times.total), line.ask("POST", at, [length, *headers], times, body) as answer:
            return Answer(answer.status, fields_of(answer).get(b"retry-after"))

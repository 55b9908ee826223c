"""The body of a request, read before the application reads it."""

from __future__ import annotations

from collections import deque

from starlette.types import Message, Receive, Scope

from dalang.api.body import MAX_BODY

MOST = MAX_BODY + (1 << 20)
"""Bytes: what is larger is refused anyway, and goes on unread."""


async def read_ahead(scope: Scope, receive: Receive) -> tuple[bytes | None, Receive]:
    """The body, and a `receive` that brings it again. None where it is too large or does not come to its end."""
    if _announced(scope) > MOST:
        return None, receive
    messages: deque[Message] = deque()
    size, is_whole = 0, False
    while not is_whole and size <= MOST:
        messages.append(message := await receive())
        if message["type"] != "http.request":
            break
        size += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
    body = b"".join(message.get("body", b"") for message in messages) if is_whole else None

    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return body, again


def _announced(scope: Scope) -> int:
    """0 where nothing is announced."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths else 0

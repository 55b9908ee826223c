"""The body of a create call: read before the application reads it, and cut to what the journal keeps of it."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec
from starlette.types import Message, Receive, Scope

from dalang.api.body import MAX_BODY
from dalang.api.form import is_form
from dalang.api.videos import body as videos
from dalang.errors import ProtocolError
from dalang.task import MEDIA, VideoRequest
from dalang.testbed.subject import Subject
from dalang.validate import choose_model, parse_body, validate
from dalang.validate.body import UNREADABLE
from dalang.validate.walk import UNDRAWN

MOST = MAX_BODY + (1 << 20)
"""Bytes: what is larger is refused anyway, and goes on unread."""

TEXT = 1_000
"""Characters of a text that are kept: enough of a picture in base64 to know it by."""

KEPT = 16 << 10
"""Bytes of a body, cut as it is, beyond which none of it is kept."""


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


def parsed(body: bytes | None, subject: Subject, content_type: str | None = None) -> Any:
    """JSON, or a form of OpenAI's style as JSON would have it; None if it is neither."""
    try:
        if body and subject.is_openai_style and is_form(content_type):
            return videos.nested(content_type, body)
        return msgspec.json.decode(body) if body else None
    except (*UNREADABLE, ProtocolError):
        return None


def understood(body: bytes | None, subject: Subject, content_type: str | None = None) -> VideoRequest | None:
    """What create would take it for, with addresses cut as texts are; the seed is UNDRAWN where it would be drawn. None
    for what create would refuse."""
    if body is None:
        return None
    try:
        call = videos.read_whole(content_type, body) if subject.is_openai_style else parse_body(body)
        asked = validate(choose_model(call), call, draw_seed=lambda: UNDRAWN)
    except ProtocolError:
        return None
    return msgspec.structs.replace(asked, **{name: _cut(getattr(asked, name)) for name in MEDIA})


def shortened(node: Any) -> Any:
    """JSON as the journal keeps it: long texts cut, with a note of their length."""
    try:
        kept = _cut(node)
        size = len(msgspec.json.encode(kept))
    except RecursionError:
        return "(nested too deeply to keep)"
    return kept if size <= KEPT else "(too much to keep)"


def _cut(node: Any) -> Any:
    match node:
        case str() if len(node) > TEXT:
            return f"{node[:TEXT]}… ({len(node)} characters)"
        case dict():
            return {_cut(name): _cut(value) for name, value in node.items()}
        case list():
            return [_cut(value) for value in node]
    return node

"""Where a reply goes out in test mode: later, if it is delayed; into the journal first; and not all of it, if it is to
break off."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from starlette.types import Message, Send

from dalang.api.videos.replies import PREFIX
from dalang.testbed.journal import Entry
from dalang.validate.body import UNREADABLE

END: Message = {"type": "http.response.body", "body": b"", "more_body": False}

XML_CODE = re.compile(rb"<Code>(\w+)</Code>")


class Outlet:
    """An ASGI `send`. The head is kept back until the body begins, since a refusal is told by both."""

    def __init__(self, send: Send, entry: Entry, delay: float = 0.0) -> None:
        """`delay` is in seconds."""
        self._send = send
        self._entry = entry
        self._delay = delay
        self._part: float | None = None
        self._head: Message | None = None
        self._left: int | None = None
        """Bytes, where it is to break off."""
        self._is_over = False

    def break_off_after(self, part: float) -> None:
        """Of the length that the reply announces; one that announces none is left whole."""
        self._part = part

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        if self._head is not None:
            await self._begin(self._head, message)
        await self._go_on(message)

    async def _begin(self, head: Message, first: Message) -> None:
        self._head = None
        await asyncio.sleep(self._delay)
        self._entry.amend(status=head["status"], **_told(head, first))
        length = int(_header(head, b"content-length") or 0)
        if self._part is not None and length:
            self._left = int(length * self._part)
        await self._send(head)

    async def _go_on(self, message: Message) -> None:
        if self._left is None:
            await self._send(message)
        elif not self._is_over:
            await self._break_off(message, self._left)

    async def _break_off(self, message: Message, left: int) -> None:
        """Ends a stream before its announced length, which makes granian close the connection once all is sent. The end
        must be a message of its own: were it told with the only piece, the client would be left to wait."""
        piece = message.get("body", b"")[:left]
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        self._left = left - len(piece)
        self._is_over = not self._left or not message.get("more_body", False)
        if self._is_over:
            await self._send(END)


def _told(head: Message, first: Message) -> dict[str, Any]:
    """The code of a refusal, or the task that a reply names."""
    body, kind = first.get("body", b""), _header(head, b"content-type")
    if kind == b"application/xml":
        code = XML_CODE.search(body)
        return {"code": code[1].decode()} if code else {}
    if kind != b"application/json":
        return {}
    try:
        said = msgspec.json.decode(body)
    except UNREADABLE:
        return {}
    return _code(said) if head["status"] >= 400 else _task_id(said)


def _code(said: Any) -> dict[str, str]:
    """In either protocol's form."""
    match said:
        case {"code": str(code)} | {"error": {"code": str(code)}}:
            return {"code": code}
    return {}


def _task_id(said: Any) -> dict[str, str]:
    match said:
        case {"output": {"task_id": str(task_id)}}:
            return {"task_id": task_id}
        case {"id": str(video_id)} if video_id.startswith(PREFIX):
            return {"task_id": video_id.removeprefix(PREFIX)}
    return {}


def _header(head: Message, wanted: bytes) -> bytes | None:
    found: list[bytes] = [value for name, value in head.get("headers", ()) if name.lower() == wanted]
    return found[0] if found else None

"""What an upload's form consists of: names and sizes, not what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.types import Message, Receive

from dalang.api.form import FILE, MAX_PARTS
from dalang.testbed.journal import Entry

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_NAME = 64
"""Characters of a field's name that are kept."""


class Outline:
    """Of a multipart form that comes in pieces. Whatever is wrong with it ends it: the application says so."""

    def __init__(self, content_type: str | None) -> None:
        _, options = parse_options_header(content_type)
        self._fields: list[str] = []
        self._size = 0
        self._head, self._value = bytearray(), bytearray()
        self._parser: MultipartParser | None = None
        if boundary := options.get(b"boundary"):
            self._parser = MultipartParser(boundary, self._callbacks())

    def told(self) -> dict[str, Any]:
        """For the journal; the size is in bytes."""
        return {"fields": list(self._fields), "file_size": self._size}

    def feed(self, chunk: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.write(chunk)
        except FormParserError:
            self._parser = None

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_header_begin": self._on_header_begin,
            "on_header_field": lambda data, start, end: self._head.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._on_header_end,
            "on_part_data": self._on_part_data,
        }

    def _on_header_begin(self) -> None:
        self._head.clear()
        self._value.clear()

    def _on_header_end(self) -> None:
        if self._head.lower() == b"content-disposition" and len(self._fields) < MAX_PARTS:
            _, options = parse_options_header(self._value.decode("latin-1"))
            self._fields.append(options.get(b"name", b"").decode("latin-1")[:MAX_NAME])

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._fields and self._fields[-1].lower() == FILE:
            self._size += end - start


def outlined(receive: Receive, entry: Entry) -> Receive:
    """A `receive` that passes the body on and tells the journal of it."""
    outline = Outline(entry.call.headers.get("content-type"))

    async def watched() -> Message:
        message = await receive()
        outline.feed(message.get("body", b""))
        entry.amend(body=outline.told())
        return message

    return watched

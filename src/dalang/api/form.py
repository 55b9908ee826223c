"""A multipart form read as it comes: its fields are kept, its file is passed on piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from dalang.api.oss import refusal

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FILE = "file"

MAX_PARTS = 32
"""OSS's forms have about ten."""

MAX_FIELD = 64 << 10
"""Bytes of one field."""

MAX_HEAD = 256 << 10
"""Bytes before the file begins."""


def is_form(content_type: str | None) -> bool:
    return parse_options_header(content_type)[0] == b"multipart/form-data"


def boundary_of(content_type: str | None) -> bytes | None:
    """Of a multipart form; None where it is something else, or has none."""
    _, options = parse_options_header(content_type)
    return (options.get(b"boundary") or None) if is_form(content_type) else None


class Form:
    """Reads `chunks` of a body twice over: `read_fields` up to the file, `file` from there to the end; or a `whole`
    body at once. All raise ProtocolError with OSS's codes. `file` is the name of the field that holds one."""

    def __init__(self, content_type: str | None, file: str = FILE) -> None:
        boundary = boundary_of(content_type)
        if boundary is None:
            raise refusal("MalformedPOSTRequest", "Content-Type must be multipart/form-data with a boundary.")
        self.fields: dict[str, str] = {}
        """Those before the file; their names in small letters."""
        self._file, self._max_field, self._reads_on = file, MAX_FIELD, False
        self._parts = 0
        self._has_file = self._has_ended = False
        self._name = ""
        self._header, self._header_value, self._value = bytearray(), bytearray(), bytearray()
        self._pieces: list[bytes] = []
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as error:
            raise refusal("MalformedPOSTRequest", f"{error}.") from error

    async def read_fields(self, chunks: AsyncIterator[bytes]) -> dict[str, str]:
        size = 0
        async for chunk in chunks:
            self._feed(chunk)
            size += len(chunk)
            if self._has_file:
                return self.fields
            if size > MAX_HEAD:
                raise refusal("MalformedPOSTRequest", f"The file must begin within the first {MAX_HEAD} bytes.")
        if not self._has_ended:
            raise refusal("MalformedPOSTRequest", "It ended too early.")
        raise refusal("IncorrectNumberOfFilesInPOSTRequest", "The form has no field file.")

    async def file(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """What `read_fields` already has of it, then the rest. Fields after the file count for nothing, as at OSS."""
        yield self._take()
        if not self._has_ended:
            async for chunk in chunks:
                self._feed(chunk)
                yield self._take()
                if self._has_ended:
                    return
            raise refusal("MalformedPOSTRequest", "It ended too early.")

    def whole(self, body: bytes) -> tuple[dict[str, str], bytes | None]:
        """All fields, of whatever length and also those after the file, and the file, if there is one."""
        self._max_field, self._reads_on = len(body), True
        self._feed(body)
        if not self._has_ended:
            raise refusal("MalformedPOSTRequest", "It ended too early.")
        return self.fields, self._take() if self._has_file else None

    def _take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise refusal("MalformedPOSTRequest", f"{error}.") from error

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._on_part_begin,
            "on_header_begin": self._on_header_begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise refusal("MalformedPOSTRequest", f"It may have {MAX_PARTS} fields at most.")
        self._name = ""
        self._value.clear()

    def _on_header_begin(self) -> None:
        self._header.clear()
        self._header_value.clear()

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._header_value.decode("latin-1"))
            self._name = options.get(b"name", b"").decode("latin-1").lower()

    def _on_headers_finished(self) -> None:
        if not self._name:
            raise refusal("MalformedPOSTRequest", "Each part must have a Content-Disposition header with a name.")
        if self._name == self._file and self._has_file:
            raise refusal("IncorrectNumberOfFilesInPOSTRequest")
        self._has_file |= self._name == self._file

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == self._file:
            self._pieces.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > self._max_field:
            raise refusal("FieldItemTooLong", f"A field may have {MAX_FIELD} bytes at most.")

    def _on_part_end(self) -> None:
        if self._name == self._file or (self._has_file and not self._reads_on):
            return
        try:
            self.fields[self._name] = self._value.decode()
        except UnicodeDecodeError as error:
            raise refusal("MalformedPOSTRequest", f"The field {self._name} is not UTF-8.") from error

    def _on_end(self) -> None:
        self._has_ended = True

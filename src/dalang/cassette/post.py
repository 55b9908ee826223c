"""A form with a file as it comes: its fields, then its very bytes, of which the file's digest is taken in passing."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from dalang.api.form import Form
from dalang.api.oss import refusal
from dalang.cassette.exchange import RecordedRequest
from dalang.cassette.question import UPLOADS

MAX_FILE = 1 << 30
"""Bytes of one uploaded file: the service's own limit."""


class Post:
    """Reads `chunks` of a body. Raises ProtocolError with OSS's codes."""

    def __init__(self, content_type: str | None, chunks: AsyncIterator[bytes]) -> None:
        self._form = Form(content_type)
        self._chunks = self._tap(chunks)
        self._passed: list[bytes] = []
        self._digest = hashlib.sha256()
        self.size = 0
        """Of the file, as far as it has come."""

    async def read_fields(self) -> dict[str, str]:
        """Those before the file; their names in small letters."""
        return await self._form.read_fields(self._chunks)

    async def raw(self) -> AsyncIterator[bytes]:
        """The whole body, from its first byte on."""
        async for piece in self._form.file(self._chunks):
            self.size += len(piece)
            if self.size > MAX_FILE:
                raise refusal("EntityTooLarge", f"A file may have {MAX_FILE >> 20} MB at most.")
            self._digest.update(piece)
            yield self._take()
        async for _ in self._chunks:
            yield self._take()

    async def skip(self) -> None:
        """Read to the end for the digest alone."""
        async for _ in self.raw():
            pass

    @property
    def digest(self) -> str:
        """As `redaction.digest_of` writes it."""
        return f"sha256:{self._digest.hexdigest()}"

    def asked(self, key: str) -> RecordedRequest:
        """The upload as a cassette keeps it, once the file has come."""
        body = {"name": key.rpartition("/")[2], "sha256": self._digest.hexdigest(), "size": self.size}
        return RecordedRequest(method="POST", path=UPLOADS, body=body)

    async def _tap(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in chunks:
            self._passed.append(chunk)
            yield chunk

    def _take(self) -> bytes:
        taken = b"".join(self._passed)
        self._passed.clear()
        return taken

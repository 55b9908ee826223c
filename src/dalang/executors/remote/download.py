"""A video that another server has made, onto our disk: within limits, again and again from where it broke off."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import httpcore
import httpx

from dalang.errors import InternalError, InvalidURL, WorkerFault
from dalang.executors.remote.dialect import Source
from dalang.executors.remote.mp4 import flaw
from dalang.fetch.line import Line, Times, fields_of, told_apart
from dalang.fetch.refusal import refused
from dalang.fetch.url import read_url, shown

MAX_BYTES = 1 << 30

TIMES = Times(total=600.0, connect=10.0, head=60.0, idle=30.0)

PAUSES = (0.5, 2.0, 5.0, 15.0, 30.0)
"""Seconds between tries."""

BLOCK = 1 << 20
"""Bytes gathered in memory before they are written."""


class Download:
    """`plain` are the hosts that may send it without TLS: those that the config names."""

    def __init__(self, line: Line, source: Source, target: Path, plain: Collection[str]) -> None:
        self._line = line
        self._source = source
        self._target = target
        self._plain = plain
        self._etag = ""

    async def run(self) -> None:
        """Raises WorkerFault: what was made may still be had by another attempt; and InternalError: it may not."""
        self._target.unlink(missing_ok=True)
        for pause in (*PAUSES, None):
            try:
                await self._try()
            except InvalidURL as error:
                reason = error.message
            else:
                wrong = await asyncio.to_thread(flaw, self._target)
                if wrong is None:
                    return
                reason = f"The video {wrong}."
                self._target.unlink()
            if pause is not None:
                await asyncio.sleep(pause)
        raise WorkerFault(f"The video is made and cannot be fetched: {reason}")

    async def _try(self) -> None:
        """Raises InvalidURL; what came is kept, to go on from."""
        at = read_url(self._source.url)
        if at.scheme != "https" and at.host not in self._plain:
            raise refused(f"{at.host} would send the video in the clear")
        with told_apart(at, f"Download {shown(at)} timeout, please check network connection", TIMES):
            async with asyncio.timeout(TIMES.total):
                await self._ask(at)

    async def _ask(self, at: httpx.URL) -> None:
        here = self._target.stat().st_size if self._target.exists() else 0
        headers = [(name.encode(), value.encode()) for name, value in self._source.headers.items()]
        if here and self._etag:
            headers += [(b"Range", f"bytes={here}-".encode()), (b"If-Range", self._etag.encode())]
        async with self._line.ask("GET", at, headers, TIMES) as answer:
            fields = fields_of(answer)
            goes_on = answer.status == 206 and fields.get(b"content-range", "").startswith(f"bytes {here}-")
            if answer.status != 200 and not goes_on:
                raise refused(f"{at.host} answered {answer.status}")
            etag = fields.get(b"etag", "")
            self._etag = "" if etag.startswith("W/") else etag
            await self._save(answer, here if goes_on else 0)

    async def _save(self, answer: httpcore.Response, here: int) -> None:
        block = bytearray()
        with await asyncio.to_thread(self._target.open, "ab" if here else "wb") as file:
            try:
                async for chunk in answer.aiter_stream():
                    here += len(chunk)
                    if here > MAX_BYTES:
                        raise InternalError(f"{InternalError.SENTENCE} The video is larger than {MAX_BYTES >> 20} MB.")
                    block += chunk
                    if len(block) >= BLOCK:
                        await asyncio.to_thread(file.write, block)
                        block = bytearray()
            finally:
                file.write(block)

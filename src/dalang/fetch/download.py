"""One download: hop by hop through the gate, onto the disk, within every limit."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

import httpcore
import httpx

from dalang.fetch.line import Line, Times, fields_of, told_apart
from dalang.fetch.refusal import refused, too_large
from dalang.fetch.url import read_url, shown

REDIRECTS = frozenset({301, 302, 303, 307, 308})
BLOCK = 1 << 20
"""Bytes gathered in memory before they are written."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one download may take."""

    max_bytes: int
    times: Times
    redirects: int
    patience: float = 10.0
    """Seconds that a body may come slower than `slowest`."""
    slowest: float = 16 * 1024
    """Bytes a second, on average since the body began."""


async def download(line: Line, url: str, target: Path, limits: Limits) -> None:
    """Follow `url` to a 200 and write its body to `target`. Raises InvalidURL; see `Fetcher.fetch`."""
    first = at = read_url(url)
    deadline = asyncio.get_running_loop().time() + limits.times.total
    for _ in range(limits.redirects + 1):
        with told_apart(at, f"Download {shown(at)} timeout, please check network connection", limits.times):
            async with asyncio.timeout_at(deadline):
                onward = await _hop(line, at, target, limits)
        if onward is None:
            return
        at = onward
    raise refused(f"{shown(first)} redirects more than {limits.redirects} times")


async def _hop(line: Line, at: httpx.URL, target: Path, limits: Limits) -> httpx.URL | None:
    """Ask once: None when the body lies at `target`, else where the answer points."""
    async with line.ask("GET", at, (), limits.times) as answer:
        fields = fields_of(answer)
        if answer.status in REDIRECTS:
            return _onward(at, answer.status, fields)
        _check_head(at, answer.status, fields, limits)
        await _save(answer, at, target, limits)
    return None


def _onward(at: httpx.URL, status: int, fields: dict[bytes, str]) -> httpx.URL:
    if b"location" not in fields:
        raise refused(f"{at.host} answered {status} without saying where to go")
    try:
        onward = read_url(str(at.join(fields[b"location"])))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise refused(f"{at.host} redirects to something that is no address") from error
    if at.scheme == "https" and onward.scheme == "http":
        raise refused(f"{at.host} redirects from https to http")
    return onward


def _check_head(at: httpx.URL, status: int, fields: dict[bytes, str], limits: Limits) -> None:
    if status != 200:
        raise refused(f"{at.host} answered {status}")
    coding = fields.get(b"content-encoding", "identity")
    if coding.lower() != "identity":
        raise refused(f"{at.host} sends the file compressed, though asked not to")
    if int(fields.get(b"content-length", "0")) > limits.max_bytes:
        raise too_large(shown(at), limits.max_bytes)


async def _save(answer: httpcore.Response, at: httpx.URL, target: Path, limits: Limits) -> None:
    began, received, block = time.monotonic(), 0, bytearray()
    with contextlib.ExitStack() as undo:
        undo.callback(target.unlink, missing_ok=True)
        file = undo.enter_context(await asyncio.to_thread(target.open, "wb"))
        async for chunk in answer.aiter_stream():
            received += len(chunk)
            if received > limits.max_bytes:
                raise too_large(shown(at), limits.max_bytes)
            _check_pace(received, time.monotonic() - began, limits)
            block += chunk
            if len(block) >= BLOCK:
                await asyncio.to_thread(file.write, block)
                block = bytearray()
        await asyncio.to_thread(file.write, block)
        file.close()
        undo.pop_all()


def _check_pace(received: int, elapsed: float, limits: Limits) -> None:
    if elapsed > limits.patience and received < limits.slowest * elapsed:
        raise TimeoutError(f"Only {received} bytes came in {elapsed:.0f} s")

"""Media that a task begins with, put into storage under it: what came with the create call or was uploaded, and what a
retry takes over. The row stays small, and an upload or an earlier task may end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from dalang.api import uploads
from dalang.api.edge import Edge
from dalang.errors import NotFound, ProtocolError
from dalang.fetch import parse_data_url
from dalang.store import Key
from dalang.task import MEDIA, Prepared, Task, VideoRequest

OURS = ("data:", "oss://")
"""Addresses of what is here already; all others are fetched in preparation."""


async def keep_inputs(edge: Edge, key: Key, task_id: str, asked: VideoRequest, *, resolves: bool) -> VideoRequest:
    """`resolves`: the caller sent X-DashScope-OssResourceResolve. Raises ProtocolError or OSError; then nothing stays
    behind."""
    named: dict[str, str] = {name: getattr(asked, name) or "" for name in MEDIA}
    ours = {name: address for name, address in named.items() if address.startswith(OURS)}
    if not ours:
        return asked
    edge.check_queue(key)
    async with _all_or_nothing(edge, task_id):
        for name, address in ours.items():
            if address.startswith("data:"):
                _, content = await asyncio.to_thread(parse_data_url, address)
                await edge.storage.write(f"{task_id}/{name}", [content])
            else:
                upload = await uploads.find_upload(edge, key, asked.model, address, resolves=resolves)
                await edge.storage.copy(uploads.storage_key(upload.id), f"{task_id}/{name}")
    return msgspec.structs.replace(asked, **{name: f"input:{task_id}/{name}" for name in ours})


async def copy_inputs(edge: Edge, old: Task, task_id: str) -> tuple[VideoRequest, Prepared | None]:
    """Those of `old`, and what preparation made of them. Raises NotFound or OSError; then nothing stays behind."""
    async with _all_or_nothing(edge, task_id):
        asked = {name: await _copy_input(edge, getattr(old.request, name), f"{task_id}/{name}") for name in MEDIA}
        prepared = await _copy_prepared(edge, old.prepared, task_id) if old.prepared else None
    return msgspec.structs.replace(old.request, **asked), prepared


async def _copy_input(edge: Edge, address: str | None, target: str) -> str | None:
    if not address or not address.startswith("input:"):
        return address
    await edge.storage.copy(address.removeprefix("input:"), target)
    return f"input:{target}"


async def _copy_prepared(edge: Edge, prepared: Prepared, task_id: str) -> Prepared:
    copies = {}
    for name in MEDIA:
        if key := getattr(prepared, name):
            copies[name] = f"{task_id}/prepared-{name}{key[key.rfind('.') :]}"
            await edge.storage.copy(key, copies[name])
    return msgspec.structs.replace(prepared, **copies)


@asynccontextmanager
async def _all_or_nothing(edge: Edge, task_id: str) -> AsyncIterator[None]:
    try:
        yield
    except FileNotFoundError:
        await edge.storage.delete_task(task_id)
        raise NotFound("Not found! What the video is to be made from has expired this moment.") from None
    except (ProtocolError, OSError):
        await edge.storage.delete_task(task_id)
        raise

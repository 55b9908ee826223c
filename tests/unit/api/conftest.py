"""The application on a real store and storage, called over ASGI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from dalang.api.app import create_app
from dalang.api.edge import Edge
from dalang.config import Config
from dalang.storage.local import LocalStorage
from dalang.store import Outcome
from dalang.store.sqlite import SQLiteStore
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import SECRET, a_key

CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"

FOX: dict[str, Any] = {
    "model": "wan2.6-t2v",
    "input": {"prompt": "A fox runs through snow"},
    "parameters": {"size": "1280*720", "duration": 5, "seed": 7},
}

PIXEL = "data:image/png;base64,iVBORw0KGgo="

ASYNC = {"X-DashScope-Async": "enable"}

LEASE = 60_000


class Service:
    """What a client sees, and what stands behind it."""

    def __init__(self, store: SQLiteStore, storage: LocalStorage, clock: ManualClock, data: Path) -> None:
        self.store, self.storage, self.clock, self.data = store, storage, clock, data

    def client(self, peer: str = "203.0.113.9", key: str | None = SECRET, **settings: Any) -> httpx.AsyncClient:
        config = Config(data=str(self.data), **{"engine": "slate", "disk_floor": 0, **settings})
        app = create_app(Edge(config, self.store, self.storage, self.clock))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 4711))
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.AsyncClient(transport=transport, base_url="http://dalang.test:8000", headers=headers)

    async def created(self, client: httpx.AsyncClient, body: dict[str, Any] = FOX) -> str:
        reply = await client.post(CREATE, json=body, headers=ASYNC)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["output"]["task_id"])

    def get(self, task_id: str) -> Task:
        task = self.store.get(task_id)
        assert task is not None
        return task

    async def start(self) -> Task:
        (task,) = await self.store.claim("me", 1, LEASE)
        return task

    async def succeed(self, task: Task) -> None:
        key = f"{task.id}/{task.attempt}.mp4"
        await self.storage.write(key, [b"0123456789"])
        await self.store.finish(task, Outcome(TaskStatus.SUCCEEDED, result=key, usage={"duration": 5, "SR": 720}))

    async def prepare(self, task_id: str) -> None:
        image = f"{task_id}/image.png"
        await self.storage.write(image, [b"checked"])
        await self.store.prepare(task_id, Prepared(width=816, height=1104, image=image))


@pytest.fixture
async def service(store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path) -> Service:
    await store.create_key(a_key(clock, id="key-1"), SECRET)
    return Service(store, storage, clock, tmp_path)


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client() as client:
        yield client


def changed(body: dict[str, Any], **parts: Any) -> dict[str, Any]:
    copy: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(body))
    return copy | parts

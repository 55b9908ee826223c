"""The application on a real store and storage, called over ASGI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from dalang.api.app import PARTS, create_app, with_cors
from dalang.api.edge import Edge
from dalang.api.openapi import described, document
from dalang.config import Config
from dalang.moderation import Moderator
from dalang.storage.local import LocalStorage
from dalang.store import Outcome
from dalang.store.sqlite import SQLiteStore
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import ManualClock
from tests.conformity import Conformity
from tests.samples import SECRET, a_key

CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"

FOX: dict[str, Any] = {
    "model": "wan2.6-t2v",
    "input": {"prompt": "A fox runs through snow"},
    "parameters": {"size": "1280*720", "duration": 5, "seed": 7},
}

PHOTO: dict[str, Any] = {"model": "wan2.6-i2v", "input": {"img_url": "https://pictures.example/fox.png"}}

PIXEL = "data:image/png;base64,iVBORw0KGgo="

SOUND = "data:audio/wav;base64,UklGRg=="

ASYNC = {"X-DashScope-Async": "enable"}

LEASE = 60_000

ROUTES = [route for part in PARTS for route in part.routes]

DOCUMENT: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document([*ROUTES, described(ROUTES)])))

CONFORMITY = Conformity(DOCUMENT)


async def conforms(reply: httpx.Response) -> None:
    """Whatever a test is about, what it is answered must be as the document says."""
    if reply.headers.get("content-type") == "application/json":
        await reply.aread()
    assert CONFORMITY.faults(reply) == []


CANNOT_CANCEL = {
    "code": "UnsupportedOperation",
    "message": "Failed to cancel the task, please confirm if the task is in PENDING status.",
}


class Service:
    """What a client sees, and what stands behind it."""

    def __init__(self, store: SQLiteStore, storage: LocalStorage, clock: ManualClock, data: Path) -> None:
        self.store, self.storage, self.clock, self.data = store, storage, clock, data

    def edge(self, moderator: Moderator | None = None, **settings: Any) -> Edge:
        config = Config(data=str(self.data), **{"engine": "slate", "disk_floor": 0, **settings})
        return Edge(config, self.store, self.storage, self.clock, moderator=moderator or Moderator())

    def client(self, peer: str = "203.0.113.9", key: str | None = SECRET, **settings: Any) -> httpx.AsyncClient:
        return self.client_of(self.edge(**settings), peer, key)

    def client_of(self, edge: Edge, peer: str = "203.0.113.9", key: str | None = SECRET) -> httpx.AsyncClient:
        app = with_cors(create_app(edge), edge.config.cors_origins)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 4711))
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        hooks = {"response": [conforms]}
        return httpx.AsyncClient(
            transport=transport, base_url="http://dalang.test:8000", headers=headers, event_hooks=hooks
        )

    async def others(self) -> httpx.AsyncClient:
        """Another account's."""
        await self.store.create_key(a_key(self.clock, id="key-2", account="else"), "sk-someone-else")
        return self.client(key="sk-someone-else")

    async def created(self, client: httpx.AsyncClient, body: dict[str, Any] = FOX) -> str:
        reply = await client.post(CREATE, json=body, headers=ASYNC)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["output"]["task_id"])

    def get(self, task_id: str) -> Task:
        task = self.store.get(task_id)
        assert task is not None
        return task

    async def count(self) -> int:
        """Tasks, of whatever account and status."""
        return sum((await self.store.count()).values())

    def files(self) -> list[str]:
        """Storage keys of all that is kept."""
        return sorted("/".join(file.parts[-2:]) for file in (self.data / "files").rglob("*") if file.is_file())

    async def start(self) -> Task:
        (task,) = await self.store.claim("me", 1, LEASE)
        return task

    async def succeed(self, task: Task) -> None:
        key = f"{task.id}/{task.attempt}.mp4"
        await self.storage.write(key, [b"0123456789"])
        usage = {"duration": 5, "SR": 720, "video_count": 1}
        await self.store.finish(task, Outcome(TaskStatus.SUCCEEDED, result=key, usage=usage))

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


def body_of(reply: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The reply without its request id, which is checked here."""
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/json"), reply.text
    body: dict[str, Any] = reply.json()
    assert str(UUID(body["request_id"])) == body.pop("request_id")
    return body


async def query(client: httpx.AsyncClient, task_id: str, **params: str) -> dict[str, Any]:
    return body_of(await client.get(f"/api/v1/tasks/{task_id}", params=params or None))


def without_additions(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return body, body["output"].pop("dalang")


async def listing(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    return body_of(await client.get("/api/v1/tasks/", params=params))

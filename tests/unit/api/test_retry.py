"""Retry: a new task of a finished one, which owes nothing to the old one's files."""

from __future__ import annotations

import httpx

from dalang.store import Outcome
from dalang.task import TaskStatus
from tests.clock import START
from tests.unit.api.conftest import PIXEL, Service, body_of


async def test_retry_makes_a_new_task_of_the_same_request(service: Service, client: httpx.AsyncClient) -> None:
    body = {"model": "wan2.6-i2v", "input": {"img_url": PIXEL}, "parameters": {"seed": 9}}
    old = service.get(await service.created(client, body))
    await service.prepare(old.id)
    await service.store.finish(await service.start(), Outcome(TaskStatus.FAILED, code="InternalError.Algo"))
    service.clock.advance(1000)
    reply = body_of(await client.post(f"/api/v1/tasks/{old.id}/retry"))
    new = service.get(reply["output"]["task_id"])
    assert new.id != old.id
    assert (new.status, new.attempt, new.submitted) == (TaskStatus.PENDING, 0, START + 1000)
    assert (new.request.seed, new.request.prompt) == (9, old.request.prompt)
    assert new.request.image == f"input:{new.id}/image"
    assert new.prepared
    assert (new.prepared.width, new.prepared.image) == (816, f"{new.id}/prepared-image.png")
    await service.storage.delete_task(old.id)
    for name in ("image", "prepared-image.png"):
        assert (await service.storage.local(f"{new.id}/{name}")).read_bytes(), "its own copy"


async def test_only_what_has_ended_is_retried(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    assert body_of(await client.post(f"/api/v1/tasks/{task_id}/retry"), 400)["code"] == "UnsupportedOperation"
    assert body_of(await client.post("/api/v1/tasks/nonsense/retry"), 404)["code"] == "NotFound"

"""Retry: a new task of a finished one, which owes nothing to the old one's files."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dalang.store import Outcome
from dalang.task import MEDIA, Prepared, TaskStatus
from tests.clock import START
from tests.samples import a_key
from tests.unit.api.conftest import PHOTO, PIXEL, SOUND, Service, body_of, query


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


FULL: dict[str, Any] = {
    "model": "wan2.7-i2v",
    "input": {
        "media": [
            {"type": type, "url": url}
            for type, url in [("first_frame", PIXEL), ("last_frame", PIXEL), ("driving_audio", SOUND)]
        ]
    },
}

ENDINGS = {"image": ".png", "last_image": ".png", "clip": ".mp4", "audio": ".wav"}


async def test_every_medium_and_all_that_was_prepared_is_copied(service: Service, client: httpx.AsyncClient) -> None:
    old = service.get(await service.created(client, FULL))
    keys = {name: f"{old.id}/{name}-server{ending}" for name, ending in ENDINGS.items()}
    assert tuple(keys) == MEDIA
    for name, key in keys.items():
        await service.storage.write(key, [name.encode()])
    await service.store.prepare(old.id, Prepared(width=816, height=1104, clip_frames=90, prompt="longer", **keys))
    await service.store.finish(await service.start(), Outcome(TaskStatus.FAILED, code="InternalError.Algo"))
    new = service.get(body_of(await client.post(f"/api/v1/tasks/{old.id}/retry"))["output"]["task_id"])
    await service.storage.delete_task(old.id)
    assert new.prepared == Prepared(
        width=816,
        height=1104,
        clip_frames=90,
        prompt="longer",
        **{name: f"{new.id}/prepared-{name}{ending}" for name, ending in ENDINGS.items()},
    )
    for name in MEDIA:
        assert (await service.storage.local(getattr(new.prepared, name))).read_bytes() == name.encode()
    for name in ("image", "last_image", "audio"):
        assert getattr(new.request, name) == f"input:{new.id}/{name}"
        assert (await service.storage.local(f"{new.id}/{name}")).read_bytes()


async def test_a_retry_of_a_retry_is_as_good(service: Service, client: httpx.AsyncClient) -> None:
    first = await service.created(client, FULL)
    ids = [first]
    for _ in range(2):
        await service.store.cancel(ids[-1], "acme", "pending")
        ids.append(body_of(await client.post(f"/api/v1/tasks/{ids[-1]}/retry"))["output"]["task_id"])
        await service.storage.delete_task(ids[-2])
    assert service.files() == sorted(f"{ids[-1]}/{name}" for name in ("image", "last_image", "audio"))


async def test_addresses_are_fetched_anew_by_a_task_that_was_never_prepared(
    service: Service, client: httpx.AsyncClient
) -> None:
    old = await service.created(client, PHOTO)
    await service.store.refuse(old, "InvalidURL.Timeout", "Too slow.")
    new = service.get(body_of(await client.post(f"/api/v1/tasks/{old}/retry"))["output"]["task_id"])
    assert (new.request.image, new.prepared, new.code) == (PHOTO["input"]["img_url"], None, None)


@pytest.mark.parametrize("end", ["SUCCEEDED", "FAILED", "CANCELED"])
async def test_whatever_has_ended_may_be_asked_for_again(service: Service, client: httpx.AsyncClient, end: str) -> None:
    old = await service.created(client)
    task = await service.start()
    if end == "SUCCEEDED":
        await service.succeed(task)
    elif end == "FAILED":
        await service.store.finish(task, Outcome(TaskStatus.FAILED, code="InternalError.Algo", message="No."))
    else:
        await service.store.cancel(old, "acme", "any")
    reply = body_of(await client.post(f"/api/v1/tasks/{old}/retry"))
    assert (reply["output"]["task_status"], reply["output"]["dalang"]["seed"]) == ("PENDING", 7)
    assert (await query(client, old))["output"]["task_status"] == end, "the old one stays as it was"
    assert (await service.start()).id == reply["output"]["task_id"]


async def test_the_end_of_the_new_task_is_told_where_the_retry_says(
    service: Service, client: httpx.AsyncClient
) -> None:
    old = await service.created(client)
    await service.store.cancel(old, "acme", "pending")
    for url in ("nonsense", "https://hook.example/"):
        reply = await client.post(f"/api/v1/tasks/{old}/retry", headers={"X-Dalang-Callback": url})
        assert reply.status_code == (400 if url == "nonsense" else 200)
    new = reply.json()["output"]["task_id"]
    await service.store.cancel(new, "acme", "pending")
    assert [(due.task.id, due.url) for due in await service.store.due_callbacks(9, 1000)] == [(new, url)]


async def test_a_model_that_the_key_may_no_longer_use_is_not_drawn_again(
    service: Service, client: httpx.AsyncClient
) -> None:
    old = await service.created(client)
    await service.store.cancel(old, "acme", "pending")
    await service.store.create_key(a_key(service.clock, id="key-2", models=("wan2.5-*",)), "sk-narrow")
    reply = await service.client(key="sk-narrow").post(f"/api/v1/tasks/{old}/retry")
    assert body_of(reply, 403)["code"] == "Model.AccessDenied"

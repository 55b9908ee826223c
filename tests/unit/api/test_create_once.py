"""Idempotency-Key: the same request again is the same task, for as long as that is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from dalang.store import Outcome
from dalang.task import TaskStatus
from tests.unit.api.conftest import ASYNC, CREATE, FOX, PIXEL, Service, body_of, changed
from tests.unit.conftest import DAY

ONCE = {**ASYNC, "Idempotency-Key": "order-1"}

PICTURE: dict[str, Any] = {"model": "wan2.6-i2v", "input": {"img_url": PIXEL}}

OTHERWISE = {
    "code": "InvalidParameter",
    "message": "Idempotency-Key was used for another request. Use a new key for each video.",
}


async def ask(client: httpx.AsyncClient, body: dict[str, Any] = FOX, headers: dict[str, str] = ONCE) -> dict[str, Any]:
    """`output`."""
    output: dict[str, Any] = body_of(await client.post(CREATE, json=body, headers=headers))["output"]
    return output


async def test_the_same_request_again_is_the_same_task(service: Service, client: httpx.AsyncClient) -> None:
    first = await ask(client, changed(FOX, parameters={}))
    assert await ask(client, changed(FOX, parameters={})) == first, "the seed that was drawn is told again"
    assert await service.count() == 1


async def test_the_answer_tells_how_the_task_stands_by_now(service: Service, client: httpx.AsyncClient) -> None:
    task_id = (await ask(client))["task_id"]
    await service.succeed(await service.start())
    again = await ask(client)
    assert (again["task_id"], again["task_status"]) == (task_id, "SUCCEEDED")


async def test_another_request_under_the_same_key_is_refused(service: Service, client: httpx.AsyncClient) -> None:
    await ask(client)
    reply = await client.post(CREATE, json=changed(FOX, parameters={"seed": 8}), headers=ONCE)
    assert body_of(reply, 400) == OTHERWISE
    assert await service.count() == 1


async def test_creates_at_the_same_time_make_one_task_and_keep_one_picture(
    service: Service, client: httpx.AsyncClient
) -> None:
    outputs = await asyncio.gather(*(ask(client, PICTURE) for _ in range(12)))
    (task_id,) = {output["task_id"] for output in outputs}
    assert await service.count() == 1
    assert service.files() == [f"{task_id}/image"], "what the losers kept is gone"
    assert service.get(task_id).request.image == f"input:{task_id}/image"


async def test_of_different_requests_at_the_same_time_one_wins(service: Service, client: httpx.AsyncClient) -> None:
    bodies = [changed(PICTURE, parameters={"seed": seed}) for seed in range(8)]
    replies = await asyncio.gather(*(client.post(CREATE, json=body, headers=ONCE) for body in bodies))
    won = [reply for reply in replies if reply.status_code == 200]
    assert len(won) == 1
    assert all(body_of(reply, 400) == OTHERWISE for reply in replies if reply not in won)
    assert service.files() == [f"{won[0].json()['output']['task_id']}/image"]


async def test_a_key_lives_as_long_as_its_task(service: Service, client: httpx.AsyncClient) -> None:
    first = (await ask(client))["task_id"]
    await service.store.cancel(first, "acme", "pending")
    service.clock.advance(DAY - 1)
    assert (await ask(client))["task_id"] == first
    service.clock.advance(1)
    second = (await ask(client, changed(FOX, parameters={})))["task_id"]
    assert second != first, "and may then stand for another request"


async def test_a_key_is_the_account_s_own(service: Service, client: httpx.AsyncClient) -> None:
    others = await ask(await service.others(), changed(FOX, parameters={}))
    assert (await ask(client))["task_id"] != others["task_id"]


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_1_to_255_characters(service: Service, client: httpx.AsyncClient, key: str) -> None:
    reply = await client.post(CREATE, json=FOX, headers={**ASYNC, "Idempotency-Key": key})
    assert body_of(reply, 400) == {
        "code": "InvalidParameter",
        "message": "Idempotency-Key must have 1 to 255 characters.",
    }
    assert await service.count() == 0
    await ask(client, headers={**ASYNC, "Idempotency-Key": "k" * 255})


async def test_what_was_refused_uses_up_no_key(service: Service, client: httpx.AsyncClient) -> None:
    assert (await client.post(CREATE, json=changed(FOX, model="wan9"), headers=ONCE)).status_code == 400
    await ask(client)
    assert await service.count() == 1


async def test_where_bad_parameters_fail_the_task_they_fail_one_task(service: Service) -> None:
    async with service.client(like_cloud=True) as client:
        bad = changed(FOX, parameters={"size": "1*1"})
        first = await ask(client, bad)
        assert (await ask(client, bad))["task_id"] == first["task_id"]
    assert await service.count() == 1


async def test_the_first_request_s_callback_stays(service: Service, client: httpx.AsyncClient) -> None:
    for path in ("first", "second"):
        await ask(client, headers={**ONCE, "X-Dalang-Callback": f"https://hook.example/{path}"})
    await service.store.finish(await service.start(), Outcome(TaskStatus.FAILED, code="InternalError"))
    (told,) = await service.store.due_callbacks(9, 1000)
    assert told.url == "https://hook.example/first"

"""How much an account may ask for: creates and calls a second, and tasks that wait."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.api.conftest import ASYNC, CREATE, FOX, PHOTO, PIXEL, Service, body_of, changed


async def test_creates_of_an_account_and_model_have_a_rate(service: Service) -> None:
    """A second's worth may come at once."""
    client = service.client(submit_rate=2)
    await service.created(client)
    await service.created(client)
    reply = await client.post(CREATE, json=FOX, headers=ASYNC)
    assert (reply.headers["retry-after"], body_of(reply, 429)) == (
        "1",
        {"code": "Throttling.RateQuota", "message": "Requests rate limit exceeded, please try again later."},
    )
    assert await service.created(client, PHOTO), "another model's is its own"
    assert await service.count() == 3


@pytest.mark.parametrize("tail", ["", "/{}", "/{}/cancel"])
async def test_queries_lists_and_cancels_have_a_rate_each(service: Service, tail: str) -> None:
    client = service.client(query_rate=1)
    path = "/api/v1/tasks" + tail.format(await service.created(client))
    first, second = await client.get(path), await client.get(path)
    assert first.status_code == 200
    assert (second.headers["retry-after"], body_of(second, 429)["code"]) == ("1", "Throttling.RateQuota")


async def test_an_account_s_queue_is_bounded(service: Service) -> None:
    client = service.client(queue_limit=2)
    first = await service.created(client)
    await service.created(client, PHOTO)
    reply = await client.post(CREATE, json=FOX, headers=ASYNC)
    body = body_of(reply, 429)
    assert (reply.headers["retry-after"], body["code"]) == ("5", "Throttling.AllocationQuota")
    assert body["message"].startswith("Allocated quota exceeded, please increase your quota limit. 2 tasks")
    await service.others()
    assert await service.created(service.client(key="sk-someone-else", queue_limit=2)), "another account's is its own"
    await service.store.cancel(first, "acme", "pending")
    assert await service.created(client), "what has ended waits no more"


async def test_no_create_slips_past_the_bound_beside_others(service: Service) -> None:
    client = service.client(queue_limit=2)
    picture = changed(PHOTO, input={"img_url": PIXEL})
    replies = await asyncio.gather(*(client.post(CREATE, json=picture, headers=ASYNC) for _ in range(8)))
    assert sorted(reply.status_code for reply in replies) == [200] * 2 + [429] * 6
    refused = next(reply for reply in replies if reply.status_code == 429)
    assert (refused.headers["retry-after"], body_of(refused, 429)["code"]) == ("5", "Throttling.AllocationQuota")
    assert await service.count() == len(service.files()) == 2, "of the refused nothing stays"


async def test_retries_count_as_creates_do(service: Service) -> None:
    client = service.client(queue_limit=1)
    old = await service.created(client)
    await service.store.cancel(old, "acme", "pending")
    await service.created(client)
    assert body_of(await client.post(f"/api/v1/tasks/{old}/retry"), 429)["code"] == "Throttling.AllocationQuota"


async def test_an_answer_given_before_needs_no_leave(service: Service) -> None:
    once = {**ASYNC, "Idempotency-Key": "order-1"}
    client = service.client(submit_rate=1, queue_limit=1)
    first = body_of(await client.post(CREATE, json=FOX, headers=once))
    assert body_of(await client.post(CREATE, json=FOX, headers=once)) == first

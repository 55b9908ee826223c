"""List and cancel, and who sees what."""

from __future__ import annotations

import httpx
import pytest

from dalang.task import TaskStatus
from dalang.wire import wire_time
from tests.clock import START
from tests.samples import a_key, image_task, text_task
from tests.unit.api.conftest import CANNOT_CANCEL, Service, body_of, listing, query
from tests.unit.conftest import DAY

HOUR = 3_600_000


# Cancel


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("tail", ["", "/"])
@pytest.mark.parametrize("junk", [b"", b'{"model":"","parameters":{},"input":""}', b"\xff{"])
async def test_a_pending_task_is_canceled(
    service: Service, client: httpx.AsyncClient, method: str, tail: str, junk: bytes
) -> None:
    task_id = await service.created(client)
    reply = await client.request(method, f"/api/v1/tasks/{task_id}/cancel{tail}", content=junk)
    assert body_of(reply) == {}
    assert service.get(task_id).status is TaskStatus.CANCELED


@pytest.mark.parametrize("state", ["running", "ended", "unknown", "nonsense", "another's"])
async def test_what_is_not_pending_is_not_canceled(service: Service, client: httpx.AsyncClient, state: str) -> None:
    task_id = await service.created(client)
    if state == "another's":
        others = text_task(service.clock, account="else")
        await service.store.insert(others)
        task_id = others.id
    elif state == "ended":
        await service.succeed(await service.start())
    elif state == "running":
        await service.start()
    else:
        task_id = {"unknown": "0197aaaa-0000-7000-8000-000000000000", "nonsense": "nonsense"}[state]
    assert body_of(await client.post(f"/api/v1/tasks/{task_id}/cancel"), 400) == CANNOT_CANCEL


@pytest.mark.parametrize("by", ["setting", "key", "header", "none"])
async def test_a_running_task_is_canceled_where_that_is_allowed(service: Service, by: str) -> None:
    await service.store.create_key(a_key(service.clock, id="key-2", cancel="any"), "sk-any-any")
    key = {"key": "sk-any-any"} if by == "key" else {}
    client = service.client(cancel="any" if by == "setting" else "pending", **key)
    task_id = await service.created(client)
    await service.start()
    headers = {"X-Dalang-Cancel": "any"} if by == "header" else {}
    reply = await client.post(f"/api/v1/tasks/{task_id}/cancel", headers=headers)
    assert reply.status_code == (400 if by == "none" else 200)
    assert service.get(task_id).status is (TaskStatus.RUNNING if by == "none" else TaskStatus.CANCELED)


# List


async def test_the_list_is_as_documented(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    service.clock.advance(100)
    task = await service.start()
    service.clock.advance(100)
    await service.succeed(task)
    reply = await listing(client)
    reply.pop("tasks")
    assert reply == {
        "data": [
            {
                "api_key_id": "key-1",
                "caller_parent_id": "acme",
                "caller_uid": "acme",
                "gmt_create": START,
                "start_time": START + 100,
                "end_time": START + 200,
                "model_name": "wan2.6-t2v",
                "region": "local",
                "request_id": task.request_id,
                "status": "SUCCEEDED",
                "task_id": task_id,
                "user_api_unique_key": "apikey:v1:aigc:text2video:video-synthesis:wan2.6-t2v",
            }
        ],
        "total": 1,
        "total_page": 1,
        "page_no": 1,
        "page_size": 10,
    }


async def test_times_are_absent_until_they_happen(service: Service, client: httpx.AsyncClient) -> None:
    await service.store.insert(image_task(service.clock, region="cn-beijing"))
    (entry,) = (await listing(client))["data"]
    assert "start_time" not in entry
    assert "end_time" not in entry
    assert (entry["region"], entry["user_api_unique_key"]) == (
        "cn-beijing",
        "apikey:v1:aigc:image2video:video-synthesis:wan2.6-i2v",
    )


async def test_pages(service: Service, client: httpx.AsyncClient) -> None:
    ids = []
    for _ in range(12):
        service.clock.advance(1)
        ids.append(await service.created(client))
    first, second = await listing(client), await listing(client, page_no=2)
    assert [entry["task_id"] for entry in first["data"] + second["data"]] == ids[::-1]
    assert (second["total"], second["total_page"], second["page_no"], second["page_size"]) == (12, 2, 2, 10)
    assert len((await listing(client, page_size=3, page_no=4))["data"]) == 3
    beyond = await listing(client, page_no=2_000_000_000)
    assert (beyond["data"], beyond["total"]) == ([], 12)


async def test_filters(service: Service, client: httpx.AsyncClient) -> None:
    text, image = text_task(service.clock), image_task(service.clock)
    for task in (text, image, text_task(service.clock, account="else")):
        await service.store.insert(task)
    await service.store.cancel(text.id, "acme", "pending")
    for params, found in [
        ({}, {text.id, image.id}),
        ({"status": "CANCELED"}, {text.id}),
        ({"status": "UNKNOWN"}, set()),
        ({"model_name": "wan2.6-i2v"}, {image.id}),
        ({"task_id": image.id}, {image.id}),
        ({"task_id": "x' OR 1=1 --"}, set()),
        ({"api_key_id": "key-1", "region": "local"}, {text.id, image.id}),
        ({"api_key_id": "other"}, set()),
        ({"region": "cn-beijing"}, set()),
    ]:
        assert {entry["task_id"] for entry in (await listing(client, **params))["data"]} == found, params


async def test_dates_are_utc_plus_8(service: Service, client: httpx.AsyncClient) -> None:
    """START is 11:07:28.590 there."""
    await service.created(client)
    service.clock.advance(23 * HOUR)
    for params, found in [
        ({"start_time": "20250925110728"}, 1),
        ({"start_time": "20250925110729"}, 0),
        ({"start_time": "20250925110728", "end_time": "20250926110728"}, 1),
        ({"end_time": "20250925110727"}, 0),
        ({"end_time": "20250925110728"}, 1),
        ({"start_time": "20250925030728", "end_time": "20250925110000"}, 0),
    ]:
        assert (await listing(client, **params))["total"] == found, params


async def test_the_list_tells_the_same_tasks_where_the_client_object_looks_with_dates_as_text(
    service: Service, client: httpx.AsyncClient
) -> None:
    waits = await service.created(client)
    (row,) = (await listing(client))["tasks"]
    assert (row["task_id"], row["task_status"], row["submit_time"]) == (waits, "PENDING", wire_time(START))
    assert {"scheduled_time", "end_time"} & set(row) == set()
    await service.succeed(await service.start())
    (row,) = (await listing(client))["tasks"]
    assert [row["scheduled_time"], row["end_time"]] == [wire_time(START)] * 2


async def test_by_default_the_last_day_is_listed(service: Service, client: httpx.AsyncClient) -> None:
    await service.created(client)
    service.clock.advance(DAY)
    assert (await listing(client))["total"] == 1
    service.clock.advance(1)
    assert (await listing(client))["total"] == 0


@pytest.mark.parametrize(
    "params",
    [
        {"page_no": "0"},
        {"page_no": "-1"},
        {"page_no": "x"},
        {"page_no": "9" * 5000},
        {"page_size": "1.5"},
        {"page_size": "٣"},
        {"start_time": "yesterday"},
        {"start_time": "20251301000000"},
        {"start_time": "20250925000000", "end_time": "20250926000001"},
        {"status": "DONE"},
    ],
    ids=lambda params: " ".join(f"{name}={value[:14]}" for name, value in params.items()),
)
async def test_bad_filters_are_refused(client: httpx.AsyncClient, params: dict[str, str]) -> None:
    body = body_of(await client.get("/api/v1/tasks", params=params), 400)
    assert body["code"] == "InvalidParameter"


# Accounts


async def test_accounts_see_their_own_only(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    await service.store.create_key(a_key(service.clock, id="key-2", account="else"), "sk-someone-else")
    other = service.client(key="sk-someone-else")
    assert (await query(other, task_id))["output"] == {"task_id": task_id, "task_status": "UNKNOWN"}
    assert (await listing(other))["total"] == 0
    assert body_of(await other.post(f"/api/v1/tasks/{task_id}/cancel"), 400) == CANNOT_CANCEL
    assert body_of(await other.post(f"/api/v1/tasks/{task_id}/retry"), 404)["code"] == "NotFound"
    await service.store.create_key(a_key(service.clock, id="key-3"), "sk-same-account")
    same = service.client(key="sk-same-account")
    assert (await query(same, task_id))["output"]["task_status"] == "PENDING", "every key of an account sees its tasks"

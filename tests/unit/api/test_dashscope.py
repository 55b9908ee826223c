"""Replies exactly as documented; all that is ours stands in `output.dalang`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from dalang.fetch import parse_data_url
from dalang.store import Outcome
from dalang.task import TaskStatus
from dalang.wire import wire_time
from tests.clock import START
from tests.samples import a_key, image_task, text_task
from tests.unit.api.conftest import ASYNC, CREATE, FOX, PIXEL, Service, changed
from tests.unit.conftest import DAY

KF2V = "/api/v1/services/aigc/image2video/video-synthesis"

HOUR = 3_600_000

TIME = "2025-09-25 11:07:28.590"
"""START, in UTC+8."""

CANNOT_CANCEL = {
    "code": "UnsupportedOperation",
    "message": "Failed to cancel the task, please confirm if the task is in PENDING status.",
}


def body_of(reply: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The reply without its request id, which is checked here."""
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/json"), reply.text
    body: dict[str, Any] = reply.json()
    assert str(UUID(body["request_id"])) == body.pop("request_id")
    return body


async def query(client: httpx.AsyncClient, task_id: str) -> dict[str, Any]:
    return body_of(await client.get(f"/api/v1/tasks/{task_id}"))


def without_additions(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return body, body["output"].pop("dalang")


# Create


@pytest.mark.parametrize("path", [CREATE, KF2V, f"{CREATE}?size=1280*720&duration=2"])
async def test_create_answers_pending_and_an_id(service: Service, client: httpx.AsyncClient, path: str) -> None:
    reply = await client.post(path, json=FOX, headers=ASYNC)
    body, additions = without_additions(body_of(reply))
    task = service.get(body["output"]["task_id"])
    assert body == {"output": {"task_status": "PENDING", "task_id": task.id}}
    assert additions == {"engine": "slate", "seed": 7, "warnings": []}
    assert task.request_id == reply.json()["request_id"], "one id from the call to its last log line"
    assert (task.account, task.key_id, task.submitted, task.priority) == ("acme", "key-1", START, 0)


async def test_a_prompt_alone_is_ready_to_be_claimed(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    assert (await service.start()).id == task_id


async def test_a_picture_in_the_body_goes_to_storage(service: Service, client: httpx.AsyncClient) -> None:
    body = {"model": "wan2.6-i2v", "input": {"img_url": PIXEL}}
    task = service.get(await service.created(client, body))
    assert task.request.image == f"input:{task.id}/image"
    kept = await service.storage.local(f"{task.id}/image")
    assert kept.read_bytes() == parse_data_url(PIXEL)[1]
    assert task.prepared is None


async def test_a_seed_is_drawn_once(service: Service, client: httpx.AsyncClient) -> None:
    body = changed(FOX, parameters={})
    reply = body_of(await client.post(CREATE, json=body, headers=ASYNC))
    seed = reply["output"]["dalang"]["seed"]
    assert 0 <= seed < 1 << 31
    assert service.get(reply["output"]["task_id"]).request.seed == seed


ERRORS: list[tuple[str, dict[str, Any], int, str, str]] = [
    ("no key", {"headers": {"Authorization": ""}}, 401, "InvalidApiKey", "No API-key provided."),
    ("no bearer", {"headers": {"Authorization": "Basic eDp5"}}, 401, "InvalidApiKey", "No API-key provided."),
    ("wrong key", {"headers": {"Authorization": "Bearer sk-wrong"}}, 401, "InvalidApiKey", "Invalid API-key provided."),
    (
        "synchronous",
        {"headers": {"X-DashScope-Async": ""}},
        403,
        "AccessDenied",
        "current user api does not support synchronous calls.",
    ),
    ("not JSON", {"content": b"{"}, 400, "InvalidParameter", "Required body invalid, please check"),
    ("no UTF-8", {"content": b'{"model":"\xff"}'}, 400, "InvalidParameter", "Required body invalid, please check"),
    ("a list", {"json": []}, 400, "InvalidParameter", "Required body invalid, please check the request body format."),
    ("no model", {"json": {"input": {}}}, 400, "BadRequest.EmptyModel", 'Required parameter "model" missing from'),
    ("no input", {"json": {"model": "wan2.6-t2v"}}, 400, "BadRequest.EmptyInput", "Required input parameter missing"),
    (
        "input of a wrong type",
        {"json": changed(FOX, input="a fox")},
        400,
        "BadRequest.IllegalInput",
        "The input parameter requires json format.",
    ),
    (
        "a field of a wrong type",
        {"json": changed(FOX, input={"prompt": 5})},
        400,
        "InvalidParameter",
        "Required parameter(prompt) missing or invalid, please check the request parameters.",
    ),
    ("unknown model", {"json": changed(FOX, model="wan9")}, 400, "InvalidParameter", "Model not exist."),
    (
        "a blank prompt",
        {"json": changed(FOX, input={"prompt": " "})},
        400,
        "InvalidParameter",
        "prompt must contain words",
    ),
    (
        "no picture",
        {"json": {"model": "wan2.6-i2v", "input": {}}},
        400,
        "InvalidParameter",
        "img_url must be set for image to video method",
    ),
    (
        "an unusable address",
        {"json": {"model": "wan2.6-i2v", "input": {"img_url": "ftp://x/y"}}},
        400,
        "InvalidURL",
        "Invalid URL provided in your request.",
    ),
    (
        "a broken data address",
        {"json": {"model": "wan2.6-i2v", "input": {"img_url": "data:image/png;base64,?"}}},
        400,
        "InvalidURL",
        "Invalid URL provided in your request.",
    ),
]


@pytest.mark.parametrize(("sent", "status", "code", "message"), [row[1:] for row in ERRORS], ids=[r[0] for r in ERRORS])
async def test_every_documented_error_of_create(
    service: Service, client: httpx.AsyncClient, sent: dict[str, Any], status: int, code: str, message: str
) -> None:
    call = {"json": FOX} | sent if "content" not in sent else sent
    headers = {**ASYNC, **call.get("headers", {})}
    body = body_of(await client.post(CREATE, **(call | {"headers": headers})), status)
    assert set(body) == {"code", "message"}, "errors are flat"
    assert (body["code"], body["message"][: len(message)]) == (code, message)
    assert await service.store.count() == {}, "nothing was accepted"


async def test_a_revoked_key_is_no_key(service: Service, client: httpx.AsyncClient) -> None:
    await service.store.revoke_key("key-1")
    assert body_of(await client.get("/api/v1/tasks/"), 401)["message"] == "Invalid API-key provided."


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "message"),
    [
        (
            "POST",
            "/api/v1/services/aigc/text2image/image-synthesis",
            400,
            "InvalidParameter",
            "url error, please check",
        ),
        ("GET", CREATE, 400, "InvalidParameter", "Request method 'GET' is not supported."),
        ("DELETE", "/api/v1/tasks/x", 400, "InvalidParameter", "Request method 'DELETE' is not supported."),
        ("GET", "/api/v1/nothing", 404, "NotFound", "Not found!"),
        ("GET", "/", 404, "NotFound", "Not found!"),
        ("GET", "/api/v1/tasks/a/b/c", 404, "NotFound", "Not found!"),
    ],
)
async def test_paths_and_methods_that_are_not_here(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str, message: str
) -> None:
    body = body_of(await client.request(method, path), status)
    assert (body["code"], body["message"][: len(message)]) == (code, message)


async def test_a_nearly_full_disk_takes_nothing_new(service: Service) -> None:
    async with service.client(disk_floor=1 << 40) as client:
        reply = await client.post(CREATE, json=FOX, headers=ASYNC)
        assert body_of(reply, 503)["code"] == "ModelUnavailable"
        task_id = await service.created(service.client())
        await service.store.cancel(task_id, "acme", "pending")
        assert body_of(await client.post(f"/api/v1/tasks/{task_id}/retry"), 503)["code"] == "ModelUnavailable"


async def test_a_store_that_refuses_is_an_internal_error_that_says_why(
    service: Service, client: httpx.AsyncClient
) -> None:
    await service.store._write.close()
    body = body_of(await client.post(CREATE, json=FOX, headers=ASYNC), 500)
    sentence = "An internal error has occured, please try again later or contact service support."
    assert body == {"code": "InternalError", "message": f"{sentence} The store is closed."}


# Query


async def test_pending(service: Service, client: httpx.AsyncClient) -> None:
    first, second = await service.created(client), await service.created(client)
    behind = max(first, second)
    body, additions = without_additions(await query(client, behind))
    assert body == {"output": {"task_id": behind, "task_status": "PENDING", "submit_time": TIME}}
    assert additions == {"engine": "slate", "seed": 7, "attempt": 0, "warnings": [], "progress": 0, "queue_position": 1}


async def test_running(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    service.clock.advance(5)
    task = await service.start()
    service.clock.advance(2000)
    body, additions = without_additions(await query(client, task_id))
    assert body["output"] == {
        "task_id": task_id,
        "task_status": "RUNNING",
        "submit_time": TIME,
        "scheduled_time": "2025-09-25 11:07:28.595",
    }
    assert (additions["progress"], additions["eta"], additions["attempt"]) == (0, None, 1)
    await service.store.heartbeat(task, 0.25, 1000)
    assert (await query(client, task_id))["output"]["dalang"]["eta"] == 6.0


async def test_succeeded(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    task = await service.start()
    service.clock.advance(61_001)
    await service.succeed(task)
    body, additions = without_additions(await query(client, task_id))
    url = body["output"].pop("video_url")
    assert body == {
        "output": {
            "task_id": task_id,
            "task_status": "SUCCEEDED",
            "submit_time": TIME,
            "scheduled_time": TIME,
            "end_time": "2025-09-25 11:08:29.591",
            "orig_prompt": "A fox runs through snow",
        },
        "usage": {"duration": 5, "SR": 720},
    }
    assert additions == {"engine": "slate", "seed": 7, "attempt": 1, "warnings": [], "progress": 1.0}
    assert url.startswith(f"http://dalang.test:8000/files/{task_id}/1.mp4?Expires=")
    assert (await query(client, task_id))["output"]["video_url"] == url, "the same from poll to poll"


async def test_failed(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    await service.store.finish(
        await service.start(),
        Outcome(TaskStatus.FAILED, code="InternalError.Algo", message="inference internal error."),
    )
    body, _ = without_additions(await query(client, task_id))
    assert body == {
        "output": {
            "task_id": task_id,
            "task_status": "FAILED",
            "submit_time": TIME,
            "scheduled_time": TIME,
            "end_time": TIME,
            "code": "InternalError.Algo",
            "message": "inference internal error.",
        }
    }


async def test_failed_in_preparation_has_no_start(service: Service, client: httpx.AsyncClient) -> None:
    task = image_task(service.clock)
    await service.store.insert(task)
    await service.store.refuse(task.id, "InvalidURL", "No.")
    assert set((await query(client, task.id))["output"]) == {
        *("task_id", "task_status", "submit_time", "end_time", "code", "message", "dalang")
    }


async def test_canceled(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    await service.start()
    await service.store.cancel(task_id, "acme", "any")
    body, _ = without_additions(await query(client, task_id))
    assert body == {"output": {"task_id": task_id, "task_status": "CANCELED", "submit_time": TIME, "end_time": TIME}}


async def test_unknown_is_an_answer(service: Service, client: httpx.AsyncClient) -> None:
    others = text_task(service.clock, account="else")
    await service.store.insert(others)
    for task_id in (others.id, "0197aaaa-0000-7000-8000-000000000000", "nonsense", "%00", "%ff"):
        body = await query(client, task_id)
        assert set(body) == {"output"}
        assert set(body["output"]) == {"task_id", "task_status"}
        assert body["output"]["task_status"] == "UNKNOWN"


async def test_expired_is_unknown_even_before_it_is_deleted(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    await service.store.cancel(task_id, "acme", "pending")
    service.clock.advance(DAY - 1)
    assert (await query(client, task_id))["output"]["task_status"] == "CANCELED"
    service.clock.advance(1)
    assert (await query(client, task_id))["output"]["task_status"] == "UNKNOWN"


async def test_a_slash_at_the_end_and_a_query_change_nothing(service: Service, client: httpx.AsyncClient) -> None:
    task_id = await service.created(client)
    for tail in ("/", "?size=1280*720", "/?x=y"):
        assert (await query(client, task_id + tail))["output"]["task_id"] == task_id


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


async def listing(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    return body_of(await client.get("/api/v1/tasks/", params=params))


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


# Retry


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

"""The query call, and waiting without polling: by a query that waits, or by a stream of events."""

from __future__ import annotations

import httpx

from dalang.store import Outcome
from dalang.task import TaskStatus
from tests.samples import image_task, text_task
from tests.unit.api.conftest import Service, query, without_additions
from tests.unit.conftest import DAY

TIME = "2025-09-25 11:07:28.590"
"""START, in UTC+8."""


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
        "usage": {"duration": 5, "SR": 720, "video_count": 1},
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

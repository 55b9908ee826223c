"""The query call, and waiting without polling: by a query that waits, or by a stream of events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from dalang.api import query as query_module
from dalang.api import waiters
from dalang.api.app import create_app
from dalang.api.edge import Edge
from dalang.store import Outcome
from dalang.task import TaskStatus
from tests.samples import SECRET, image_task, text_task
from tests.stage import others_turn
from tests.unit.api.conftest import LEASE, Service, body_of, query, without_additions
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


# A query that waits


async def until_awaited(edge: Edge, count: int = 1) -> None:
    """So many wait or listen."""
    async with asyncio.timeout(30):
        while edge.waiters.count != count:
            await others_turn()


@pytest.mark.parametrize("end", ["SUCCEEDED", "FAILED", "CANCELED"])
async def test_a_query_that_waits_answers_when_the_task_has_ended(service: Service, end: str) -> None:
    edge = service.edge()
    client = service.client_of(edge)
    task_id = await service.created(client)
    asked = asyncio.create_task(query(client, task_id, wait="300"))
    await until_awaited(edge)
    task = await service.start()
    await service.store.heartbeat(task, 0.5, LEASE)
    assert not asked.done(), "a start and progress are no end"
    if end == "SUCCEEDED":
        await service.succeed(task)
    elif end == "FAILED":
        await service.store.finish(task, Outcome(TaskStatus.FAILED, code="InternalError", message="No."))
    else:
        await service.store.cancel(task_id, "acme", "any")
    async with asyncio.timeout(30):
        answer = await asked
    assert answer["output"]["task_status"] == end
    assert answer == await query(client, task_id), "what a poll would answer"
    assert edge.waiters.count == 0


async def test_a_query_that_waits_in_vain_answers_as_the_task_stands_then(service: Service) -> None:
    client = service.client()
    task_id = await service.created(client)
    assert (await query(client, task_id, wait="0.01"))["output"]["task_status"] == "PENDING"


async def test_nothing_is_waited_for_where_there_is_nothing_to_wait_for(service: Service) -> None:
    """With no seat free, whoever would wait is refused."""
    edge = service.edge()
    client, others = service.client_of(edge), await service.others()
    ended, waits = await service.created(client), await service.created(others)
    await service.store.cancel(ended, "acme", "pending")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiters, "AT_ONCE", 0)
        for task_id, wait, status in [
            (ended, "300", "CANCELED"),
            (waits, "300", "UNKNOWN"),
            ("nonsense", "300", "UNKNOWN"),
            (await service.created(client), "0", "PENDING"),
        ]:
            assert (await query(client, task_id, wait=wait))["output"]["task_status"] == status


@pytest.mark.parametrize("wait", ["", "-1", "300.001", "301", "1e2", "nan", "inf", "5s", " 5", "0x5", "٣", "1.0000"])
async def test_only_seconds_up_to_five_minutes_are_waited(
    service: Service, client: httpx.AsyncClient, wait: str
) -> None:
    task_id = await service.created(client)
    reply = await client.get(f"/api/v1/tasks/{task_id}", params={"wait": wait})
    assert body_of(reply, 400) == {
        "code": "InvalidParameter",
        "message": "wait must be a number of seconds from 0 to 300.",
    }


# Events


class Stream:
    """A listener, below HTTP: it sees each piece as it is sent, and may leave."""

    def __init__(self, edge: Edge, task_id: str, tail: str = "/events", query: bytes = b"") -> None:
        self._sent: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = asyncio.Event()
        self._is_asked = False
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": f"/api/v1/tasks/{task_id}{tail}",
            "query_string": query,
            "headers": [(b"host", b"dalang.test:8000"), (b"authorization", f"Bearer {SECRET}".encode())],
            "client": ("203.0.113.9", 4711),
        }
        self.reply = asyncio.create_task(create_app(edge)(scope, self._receive, self._send))  # type: ignore[arg-type]

    async def _receive(self) -> dict[str, Any]:
        if not self._is_asked:
            self._is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        elif message["body"]:
            self._sent.put_nowait(message["body"])

    async def line(self) -> str:
        """The next piece."""
        async with asyncio.timeout(30):
            return (await self._sent.get()).decode()

    async def event(self) -> tuple[str, dict[str, Any]]:
        """The next event that is no comment."""
        async with asyncio.timeout(30):
            while (text := await self.line()).startswith(":"):
                pass
        name, data, *rest = text.split("\n")
        assert rest == ["", ""]
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def leave(self) -> None:
        self._left.set()
        await self.ended()

    async def ended(self) -> None:
        async with asyncio.timeout(30):
            await self.reply


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds become hundredths."""
    monkeypatch.setattr(query_module, "PACE", 0.01)
    monkeypatch.setattr(query_module, "HEARTBEAT", 0.03)


async def test_a_stream_tells_each_step_and_last_what_a_query_would(service: Service, brisk: None) -> None:
    edge = service.edge()
    client = service.client_of(edge)
    task_id = await service.created(client)
    stream = Stream(edge, task_id)
    seen = [await stream.event()]
    task = await service.start()
    seen.append(await stream.event())
    service.clock.advance(1000)  # rows are looked at once a second
    await service.store.heartbeat(task, 0.5, LEASE)
    seen.append(await stream.event())
    await service.succeed(task)
    name, end = await stream.event()
    await stream.ended()
    told = [(event["output"]["task_status"], event["output"]["dalang"]["progress"]) for _, event in seen]
    assert told == [("PENDING", 0), ("RUNNING", 0), ("RUNNING", 0.5)]
    assert all(event.keys() == {"output"} and name == "progress" for name, event in seen)
    assert end.pop("request_id")
    assert (name, end) == ("end", await query(client, task_id))
    assert stream.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert stream.headers[b"cache-control"] == b"no-store"
    assert edge.waiters.count == 0


async def test_silence_is_broken_by_comments(service: Service, brisk: None) -> None:
    edge = service.edge()
    stream = Stream(edge, await service.created(service.client_of(edge)))
    assert (await stream.line()).startswith("event: progress")
    assert [await stream.line(), await stream.line()] == [": waiting\n\n"] * 2
    await stream.leave()


async def test_what_is_over_or_not_there_is_told_at_once(service: Service) -> None:
    edge = service.edge()
    client, others = service.client_of(edge), await service.others()
    ended, hidden = await service.created(client), await service.created(others)
    await service.store.cancel(ended, "acme", "pending")
    for task_id, status in [(ended, "CANCELED"), (hidden, "UNKNOWN"), ("nonsense", "UNKNOWN")]:
        stream = Stream(edge, task_id)
        name, end = await stream.event()
        await stream.ended()
        assert (name, end["output"]["task_status"]) == ("end", status)


@pytest.mark.parametrize(("tail", "query"), [("/events", b""), ("", b"wait=300")])
async def test_who_leaves_gives_up_the_seat(service: Service, tail: str, query: bytes) -> None:
    edge = service.edge()
    stream = Stream(edge, await service.created(service.client_of(edge)), tail, query)
    await until_awaited(edge)
    await stream.leave()
    assert edge.waiters.count == 0


@pytest.mark.parametrize(("tail", "wait"), [("/events", {}), ("", {"wait": "300"})])
async def test_when_all_seats_are_taken_whoever_would_wait_is_told_to_poll(
    service: Service, monkeypatch: pytest.MonkeyPatch, tail: str, wait: dict[str, str]
) -> None:
    assert waiters.AT_ONCE == 8000, "as docs/api.md says"
    monkeypatch.setattr(waiters, "AT_ONCE", 2)
    edge = service.edge()
    client = service.client_of(edge)
    task_id = await service.created(client)
    streams = [Stream(edge, task_id) for _ in range(2)]
    await until_awaited(edge, 2)
    reply = await client.get(f"/api/v1/tasks/{task_id}{tail}", params=wait)
    assert (reply.headers["retry-after"], body_of(reply, 429)["code"]) == ("5", "Throttling")
    assert (await query(client, task_id))["output"]["task_status"] == "PENDING", "who polls is served"
    await streams.pop().leave()
    streams.append(Stream(edge, task_id))
    await until_awaited(edge, 2)
    for stream in streams:
        await stream.leave()

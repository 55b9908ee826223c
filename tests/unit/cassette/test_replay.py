"""What a replay answers of a cassette that was recorded before, and what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from dalang.cassette.folder import read_cassette
from dalang.cassette.replay import Replay
from tests.unit.cassette.conftest import CREATE, POLICY, VIDEO, Cassette, Cloud, client_of, told

CAT = {"model": "m", "input": {"prompt": "a cat"}, "parameters": {"duration": 5}}

TASK = "/api/v1/tasks/task-1"


async def engine(scope: Scope, receive: Receive, send: Send) -> None:
    """The app behind: tells what has reached it."""
    request = Request(scope, receive)
    reply = JSONResponse({"engine": request.url.path, "body": (await request.body()).decode("latin-1")})
    await reply(scope, receive, send)


def absolute(request: Request, path: str) -> str:
    return f"https://public.example{path}"


def replay(cassette: Cassette, miss: Literal["refuse", "engine"] = "refuse") -> Replay:
    return Replay(engine, read_cassette(cassette.folder), miss, absolute)


def user(cassette: Cassette, miss: Literal["refuse", "engine"] = "refuse") -> httpx.AsyncClient:
    return client_of(replay(cassette, miss))


def state(status: str) -> httpx.Response:
    return told({"output": {"task_id": "task-1", "task_status": status}})


async def statuses(http: httpx.AsyncClient, count: int, **query: str) -> list[str]:
    replies = [await http.get(TASK, params=query) for _ in range(count)]
    return [reply.json()["output"]["task_status"] for reply in replies]


@pytest.fixture
async def polled(http: httpx.AsyncClient, cloud: Cloud) -> None:
    """A task's three states."""
    for status in ("PENDING", "RUNNING", "SUCCEEDED"):
        cloud.answers[TASK] = lambda _, status=status: state(status)  # type: ignore[misc]
        await http.get(TASK)


@pytest.mark.usefixtures("polled")
async def test_each_poll_is_one_step_and_the_last_stays(cassette: Cassette) -> None:
    assert await statuses(user(cassette), 5) == ["PENDING", "RUNNING", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]


@pytest.mark.usefixtures("polled")
async def test_a_query_that_waits_is_answered_with_the_end(cassette: Cassette) -> None:
    assert await statuses(user(cassette), 1, wait="0") == ["PENDING"]
    replaying = user(cassette)
    assert await statuses(replaying, 1, wait="0.5") == ["SUCCEEDED"]
    assert await statuses(replaying, 1) == ["SUCCEEDED"]


@pytest.mark.usefixtures("polled")
async def test_a_rewound_replay_begins_anew(cassette: Cassette) -> None:
    app = replay(cassette)
    assert await statuses(client_of(app), 2) == ["PENDING", "RUNNING"]
    app.rewind()
    assert await statuses(client_of(app), 1) == ["PENDING"]


async def record_creates(http: httpx.AsyncClient, cloud: Cloud, *replies: httpx.Response) -> None:
    for reply in replies:
        cloud.answers[CREATE] = lambda _, reply=reply: reply  # type: ignore[misc]
        await http.post(CREATE, json=CAT)


async def test_equal_creates_take_what_was_recorded_in_order_errors_too(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    busy = told({"code": "Throttling", "message": "slow", "request_id": "r"}, 429, retry_after="7")
    made = [told({"request_id": f"r-{n}", "output": {"task_id": f"task-{n}"}}) for n in (1, 2)]
    await record_creates(http, cloud, busy, *made)
    replaying = user(cassette)
    first = await replaying.post(CREATE, json=CAT)
    assert (first.status_code, first.headers["retry-after"], first.json()["code"]) == (429, "7", "Throttling")
    again = [await replaying.post(CREATE, json=CAT, headers={"Authorization": "Bearer sk-any"}) for _ in range(3)]
    assert [reply.json()["request_id"] for reply in again] == ["r-1", "r-2", "r-2"]


async def test_a_miss_names_the_nearest_and_its_differences(http: httpx.AsyncClient, cassette: Cassette) -> None:
    await http.post(CREATE, json={"model": "other"})
    await http.post(CREATE, json=CAT)
    reply = await user(cassette).post(CREATE, json={**CAT, "input": {"prompt": "a dog"}})
    assert (reply.status_code, reply.json()["code"]) == (404, "NotRecorded")
    assert set(reply.json()) == {"code", "message", "request_id"}
    assert reply.json()["message"] == (
        f"The cassette has no reply to this POST {CREATE}. The nearest that it has, 0002-create.json, differs in "
        'input.prompt (recorded "a cat", asked "a dog").'
    )


async def test_a_miss_without_anything_like_it_says_so(http: httpx.AsyncClient, cassette: Cassette) -> None:
    reply = await user(cassette).get("/api/v1/models")
    assert (reply.status_code, reply.json()["message"]) == (
        404,
        "The cassette has no reply to this GET /api/v1/models.",
    )


async def test_a_miss_can_be_left_to_the_engine_with_its_body(http: httpx.AsyncClient, cassette: Cassette) -> None:
    await http.post(CREATE, json=CAT)
    replaying = user(cassette, "engine")
    assert (await replaying.post(CREATE, json=CAT)).json()["output"]["task_id"] == "task-1"
    assert (await replaying.post(CREATE, content=b'{"model":"n"}')).json() == {
        "engine": CREATE,
        "body": '{"model":"n"}',
    }
    assert (await replaying.get("/api/v1/tasks/other")).json()["engine"] == "/api/v1/tasks/other"


@pytest.mark.parametrize("path", ["/healthz", "/files/task/1.mp4", "/dalang/test/clock"])
async def test_other_paths_are_the_apps(http: httpx.AsyncClient, cassette: Cassette, path: str) -> None:
    assert (await user(cassette).get(path)).json()["engine"] == path


# Files


async def test_links_lead_to_the_kept_file_on_the_host_that_the_client_knows(
    http: httpx.AsyncClient, cassette: Cassette
) -> None:
    await http.get((await http.get(TASK)).json()["output"]["video_url"])
    replaying = user(cassette)
    link = httpx.URL((await replaying.get(TASK)).json()["output"]["video_url"])
    assert link.host == "public.example"
    whole = await replaying.get(link.path)
    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "video/mp4", VIDEO)
    part = await replaying.get(link.path, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, VIDEO[5:10])
    bad = await replaying.get(link.path, headers={"Range": "bytes=99999-"})
    assert (bad.status_code, bad.json()["code"]) == (416, "InvalidParameter")


async def test_a_file_that_was_not_downloaded_is_told_to_be_missing(
    http: httpx.AsyncClient, cassette: Cassette
) -> None:
    link = httpx.URL((await http.get(TASK)).json()["output"]["video_url"])
    reply = await user(cassette).get(link.path)
    assert (reply.status_code, reply.json()["code"]) == (404, "NotRecorded")


async def test_no_other_file_can_be_read(http: httpx.AsyncClient, cassette: Cassette, tmp_path: Path) -> None:
    await http.get(TASK)
    (tmp_path / "secret").touch()
    for name in ("..%2Fcassette.json", "..%2F..%2Fsecret", "%2E%2E"):
        assert (await user(cassette).get(f"/cassette/files/{name}")).status_code == 404


# Uploads


async def upload(http: httpx.AsyncClient, content: bytes) -> tuple[httpx.Response, str]:
    """The reply, and the address."""
    policy: dict[str, Any] = (await http.get("/api/v1/uploads?action=getPolicy&model=m")).json()["data"]
    key = f"{policy['upload_dir']}/first.png"
    place = httpx.URL(policy["upload_host"]).path
    form = {"key": key, "policy": "p", "Signature": "s", "success_action_status": "200"}
    return await http.post(place, data=form, files={"file": ("first.png", content)}), f"oss://{key}"


def from_picture(address: str) -> dict[str, Any]:
    return {"model": "m", "input": {"img_url": address}}


async def record_upload(http: httpx.AsyncClient) -> None:
    await http.post(CREATE, json=from_picture((await upload(http, b"picture"))[1]))


async def test_creates_from_uploads_are_known_by_their_bytes(http: httpx.AsyncClient, cassette: Cassette) -> None:
    await record_upload(http)
    replaying = user(cassette)
    (first, same), (_, other) = await upload(replaying, b"picture"), await upload(replaying, b"another")
    assert (first.status_code, same == other) == (200, False)
    assert (await replaying.post(CREATE, json=from_picture(same))).json()["output"]["task_id"] == "task-1"
    missed = await replaying.post(CREATE, json=from_picture(other))
    assert (missed.status_code, "differs in input.img_url" in missed.json()["message"]) == (404, True)
    inline = await replaying.post(CREATE, json=from_picture("data:image/png;base64,cGljdHVyZQ=="))
    assert inline.json()["output"]["task_id"] == "task-1"


async def test_a_refused_upload_is_refused_again(http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette) -> None:
    refusal = "<Error><Code>EntityTooLarge</Code><Message>Too &lt;large</Message></Error>"
    cloud.answers["/put"] = lambda _: httpx.Response(400, text=refusal)
    await upload(http, b"picture")
    reply, _ = await upload(user(cassette), b"picture")
    assert reply.status_code == 400
    assert "<Code>EntityTooLarge</Code><Message>Too &lt;large</Message>" in reply.text


async def test_with_an_engine_uploads_are_its_own_and_recorded_creates_are_still_known(
    http: httpx.AsyncClient, cassette: Cassette
) -> None:
    await record_upload(http)
    replaying = user(cassette, "engine")
    assert "engine" in (await replaying.get("/api/v1/uploads?action=getPolicy&model=m")).json()
    form = {"key": "engines/folder/first.png", "policy": POLICY["policy"]}
    sent = await replaying.post("/uploads", data=form, files={"file": ("first.png", b"picture")})
    assert "picture" in sent.json()["body"]
    reply = await replaying.post(CREATE, json=from_picture("oss://engines/folder/first.png"))
    assert reply.json()["output"]["task_id"] == "task-1"


# Events


async def test_events_are_told_again(http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette) -> None:
    stream = 'event: progress\ndata: {"n":1}\n\nevent: end\ndata: plain\ndata: text\n\n'
    headers = {"content-type": "text/event-stream"}
    cloud.answers[f"{TASK}/events"] = lambda _: httpx.Response(200, text=stream, headers=headers)
    await http.get(f"{TASK}/events")
    reply = await user(cassette).get(f"{TASK}/events")
    assert (reply.headers["content-type"], reply.text) == ("text/event-stream", stream)

"""The create call: what becomes a task, who is ready at once, and every refusal. Its golden files are in tests/wire."""

from __future__ import annotations

from typing import Any, cast

import httpx
import pytest

from dalang.api.edge import Edge
from dalang.moderation import NOT_SEEN, Moderator
from dalang.moderation.http import Judge
from dalang.store import Outcome
from dalang.task import Prepared, TaskStatus
from tests.clock import START
from tests.samples import a_key
from tests.unit.api.conftest import (
    ASYNC,
    CREATE,
    FOX,
    LEASE,
    PHOTO,
    PIXEL,
    Service,
    body_of,
    changed,
    query,
    without_additions,
)

KF2V = "/api/v1/services/aigc/image2video/video-synthesis"


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


# Who may be drawn at once


def looks(service: Service, *, judge: bool = False, **settings: Any) -> Edge:
    """`judge`: a moderation service has an address."""
    distant = cast(Judge, object()) if judge else None
    mode = settings.get("moderation", "off")
    return service.edge(Moderator(judge=distant, mode=mode), **settings)


PLAIN = changed(FOX, parameters={"prompt_extend": False})
CHAT = {"extend_url": "http://127.0.0.1:1/v1", "extend_model": "chat"}
INSPECTED = {"X-DashScope-DataInspection": '{"input": "cip"}'}

READY: list[tuple[str, dict[str, Any], dict[str, str], dict[str, Any], bool]] = [
    ("a prompt, which rules extend as it is drawn", FOX, {}, {}, True),
    ("a prompt that is not extended", PLAIN, {}, {}, True),
    ("wan2.7, whose size is a tier and a ratio", changed(FOX, model="wan2.7-t2v", parameters={}), {}, {}, True),
    ("a picture", PHOTO, {}, {}, False),
    ("a sound", changed(FOX, input={"prompt": "x", "audio_url": "https://sounds.example/a.wav"}), {}, {}, False),
    ("a prompt that a chat service extends", FOX, {}, CHAT, False),
    ("a chat service, but not for this prompt", PLAIN, {}, CHAT, True),
    ("word lists look at the extended prompt too", FOX, {}, {"moderation": "words"}, False),
    ("word lists have looked at this one already", PLAIN, {}, {"moderation": "words"}, True),
    ("the header asks for a look at the extended prompt", FOX, INSPECTED, {}, False),
    ("the header asks, and there are only word lists", PLAIN, INSPECTED, {}, True),
    ("the header asks, and there is a service", PLAIN, INSPECTED, {"judge": True}, False),
    ("there is a service, and nobody asks", PLAIN, {}, {"judge": True}, True),
    ("a service looks at everything", PLAIN, {}, {"judge": True, "moderation": "http"}, False),
]


@pytest.mark.parametrize(("body", "headers", "settings", "is_ready"), [r[1:] for r in READY], ids=[r[0] for r in READY])
async def test_only_what_needs_no_preparation_is_ready(
    service: Service, body: dict[str, Any], headers: dict[str, str], settings: dict[str, Any], is_ready: bool
) -> None:
    client = service.client_of(looks(service, **settings))
    reply = body_of(await client.post(CREATE, json=body, headers={**ASYNC, **headers}))
    task = service.get(reply["output"]["task_id"])
    assert (task.prepared is not None) is is_ready
    assert [one.id for one in await service.store.claim("me", 1, LEASE)] == [task.id] * is_ready
    assert [one.id for one in await service.store.to_prepare(1)] == [task.id] * (not is_ready)


# Warnings


async def test_warnings_of_the_request_the_moderator_preparation_and_engine_come_together(
    service: Service, client: httpx.AsyncClient
) -> None:
    body = changed(PHOTO, parameters={"size": "1280*720", "resolution": "720P"})
    reply = body_of(await client.post(CREATE, json=body, headers={**ASYNC, **INSPECTED}))
    task_id, first = reply["output"]["task_id"], reply["output"]["dalang"]["warnings"]
    assert first == ["size is not a parameter of wan2.6-i2v and was ignored.", NOT_SEEN]
    await service.store.prepare(task_id, Prepared(width=1104, height=816, warnings=("Extended by rules.",)))
    outcome = Outcome(TaskStatus.SUCCEEDED, result=f"{task_id}/1.mp4", warnings=("Dim light.",))
    await service.store.finish(await service.start(), outcome)
    told = (await query(client, task_id))["output"]["dalang"]["warnings"]
    assert told == [*first, "Extended by rules.", "Dim light."]


# Callbacks


async def called_back(service: Service, client: httpx.AsyncClient, **headers: str) -> list[str]:
    """Where the end of a new task is told."""
    reply = await client.post(CREATE, json=FOX, headers={**ASYNC, **headers})
    task_id = body_of(reply)["output"]["task_id"]
    assert service.store.next_callback() is None, "nothing is told of a task that goes on"
    await service.store.cancel(task_id, "acme", "pending")
    due = await service.store.due_callbacks(9, 1000)
    for callback in due:
        await service.store.settle_callback(callback.task.id, None)
    return [callback.url for callback in due]


async def test_the_end_is_told_where_the_call_says_else_where_the_key_says(
    service: Service, client: httpx.AsyncClient
) -> None:
    key = a_key(service.clock, id="key-2", callback="https://hook.example/key")
    await service.store.create_key(key, "sk-with-callback")
    keys = service.client(key="sk-with-callback")
    here = {"X-Dalang-Callback": "https://hook.example/call"}
    assert await called_back(service, client) == []
    assert await called_back(service, client, **here) == ["https://hook.example/call"]
    assert await called_back(service, keys) == ["https://hook.example/key"]
    assert await called_back(service, keys, **here) == ["https://hook.example/call"]


@pytest.mark.parametrize(
    "url", ["", "ftp://hook.example", "hook.example", "https://hook.example/#a", "https://h/" * 999]
)
async def test_a_bad_callback_address_is_refused_before_anything_is_kept(
    service: Service, client: httpx.AsyncClient, url: str
) -> None:
    body = {"model": "wan2.6-i2v", "input": {"img_url": PIXEL}}
    reply = body_of(await client.post(CREATE, json=body, headers={**ASYNC, "X-Dalang-Callback": url}), 400)
    assert reply["code"] == "InvalidParameter"
    assert reply["message"].startswith("The callback address is not usable. ")
    assert (await service.count(), service.files()) == (0, [])

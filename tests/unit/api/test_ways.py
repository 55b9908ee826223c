"""Which engine, weights and profile a create call gets, and what it is told of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dalang.remotes import Endpoint, Remote
from dalang.routes import GPU, LOCAL, Route
from dalang.store import Outcome
from dalang.task import Task, TaskStatus
from tests.samples import a_key
from tests.unit.api.conftest import ASYNC, CREATE, FOX, LEASE, Service, body_of, changed

ROUTES = {
    "wan2.6-t2v": Route("wan", "wan2.2-ti2v-5b", "fast"),
    "wan2.7-*": Route("cloud", "wan2.7-t2v-2026-06-12"),
    "*": Route("wan", "wan2.2-t2v-a14b"),
}

CLOUD = Remote("dashscope", (Endpoint("https://cloud.example/api/v1", key="sk-1"),))

FAILED = Outcome(TaskStatus.FAILED, code="InternalError.Algo")


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client(routes=ROUTES, remotes={"cloud": CLOUD}) as client:
        yield client


async def ask(client: httpx.AsyncClient, model: str = "wan2.6-t2v", **headers: str) -> dict[str, Any]:
    """`output.dalang`, and the task's identifier."""
    headers = {f"X-Dalang-{name}": value for name, value in headers.items()}
    output = body_of(
        await client.post(CREATE, json=changed(FOX, model=model, parameters={}), headers={**ASYNC, **headers})
    )["output"]
    return {"task_id": output["task_id"], **output["dalang"]}


def way(task: Task) -> tuple[str, str | None, str | None, str]:
    return task.engine, task.checkpoint, task.profile, task.pool


async def test_the_way_stands_in_the_row(service: Service, client: httpx.AsyncClient) -> None:
    made = [
        service.get((await ask(client, model))["task_id"])
        for model in ("wan2.6-t2v", "wan2.7-t2v", "wan2.5-t2v-preview")
    ]
    assert [way(task) for task in made] == [
        ("wan", "wan2.2-ti2v-5b", "fast", GPU),
        ("cloud", "wan2.7-t2v-2026-06-12", None, "cloud"),
        ("wan", "wan2.2-t2v-a14b", "balanced", GPU),
    ]


async def test_the_draft_and_another_profile_may_be_asked_for(service: Service, client: httpx.AsyncClient) -> None:
    draft = await ask(client, Engine="animatic")
    assert way(service.get(draft["task_id"])) == ("animatic", None, None, LOCAL)
    assert (draft["engine"], "checkpoint" in draft, "profile" in draft) == ("animatic", False, False)
    better = await ask(client, Profile="quality")
    assert (better["engine"], better["checkpoint"], better["profile"]) == ("wan", "wan2.2-ti2v-5b", "quality")


@pytest.mark.parametrize(
    ("model", "headers", "sentence"),
    [
        (
            "wan2.6-t2v",
            {"Engine": "cloud"},
            "X-Dalang-Engine: this model is drawn by wan, slate, animatic, not by 'cloud'.",
        ),
        ("wan2.6-t2v", {"Profile": "best"}, "X-Dalang-Profile: there is no 'best'; take quality, balanced, fast."),
        ("wan2.7-t2v", {"Profile": "fast"}, "X-Dalang-Profile: the engine cloud has no profiles."),
        ("wan2.6-t2v", {"Engine": "slate", "Profile": "fast"}, "X-Dalang-Profile: the engine slate has no profiles."),
    ],
)
async def test_what_is_not_offered_is_refused_and_what_is_is_named(
    service: Service, client: httpx.AsyncClient, model: str, headers: dict[str, str], sentence: str
) -> None:
    named = {f"X-Dalang-{name}": value for name, value in headers.items()}
    for path in (CREATE, f"{CREATE}?dry_run=true"):
        body = (
            await client.post(path, json=changed(FOX, model=model, parameters={}), headers={**ASYNC, **named})
        ).json()
        problem = body["output"]["dalang"]["problems"][0] if "output" in body else body
        assert (problem["code"], problem["message"]) == ("InvalidParameter", sentence)
    assert await service.count() == 0


async def test_a_key_asks_for_engines_of_its_models_only(service: Service) -> None:
    await service.store.create_key(a_key(service.clock, id="key-3", models=("wan2.7-*",)), "sk-of-one-model")
    async with service.client(key="sk-of-one-model", routes=ROUTES, remotes={"cloud": CLOUD}) as client:
        reply = await client.post(CREATE, json=FOX, headers={**ASYNC, "X-Dalang-Engine": "animatic"})
        assert body_of(reply, 403)["code"] == "Model.AccessDenied"


async def test_weights_are_offered_for_the_kinds_that_they_can_make(client: httpx.AsyncClient) -> None:
    models = {model["name"]: model for model in body_of(await client.get("/api/v1/models"))["models"]}
    assert (models["wan2.6-t2v"]["engines"], models["wan2.6-t2v"]["profiles"]) == (
        ["wan", "slate", "animatic"],
        ["quality", "balanced", "fast"],
    )
    assert (models["wan2.6-i2v"]["engines"], models["wan2.6-i2v"]["profiles"]) == (["slate", "animatic"], [])
    assert models["wan2.7-t2v"]["engines"] == ["cloud", "wan", "slate", "animatic"]


async def test_a_dry_run_tells_what_would_draw_it(client: httpx.AsyncClient) -> None:
    headers = {**ASYNC, "X-Dalang-Profile": "quality"}
    found = body_of(await client.post(f"{CREATE}?dry_run=true", json=FOX, headers=headers))["output"]["dalang"]
    assert (found["engine"], found["checkpoint"], found["profile"]) == ("wan", "wan2.2-ti2v-5b", "quality")


async def test_a_query_tells_it_too(service: Service, client: httpx.AsyncClient) -> None:
    task_id = (await ask(client))["task_id"]
    about = body_of(await client.get(f"/api/v1/tasks/{task_id}"))["output"]["dalang"]
    assert (about["engine"], about["checkpoint"], about["profile"]) == ("wan", "wan2.2-ti2v-5b", "fast")


async def test_the_same_body_for_another_engine_or_profile_is_another_request(client: httpx.AsyncClient) -> None:
    once = {**ASYNC, "Idempotency-Key": "order-1", "X-Dalang-Engine": "wan"}
    first = body_of(await client.post(CREATE, json=FOX, headers=once))["output"]["task_id"]
    assert body_of(await client.post(CREATE, json=FOX, headers=once))["output"]["task_id"] == first
    for other in ({"X-Dalang-Engine": "animatic"}, {"X-Dalang-Profile": "quality"}):
        body_of(await client.post(CREATE, json=FOX, headers={**once, **other}), 400)
    without = {name: value for name, value in once.items() if name != "X-Dalang-Engine"}
    body_of(await client.post(CREATE, json=FOX, headers=without), 400)


async def ended(service: Service, client: httpx.AsyncClient, **headers: str) -> str:
    task_id = str((await ask(client, **headers))["task_id"])
    (task,) = await service.store.claim("me", 1, LEASE, None, service.get(task_id).pool)
    await service.store.finish(task, FAILED)
    return task_id


async def again(service: Service, client: httpx.AsyncClient, task_id: str, **headers: str) -> Task:
    named = {f"X-Dalang-{name}": value for name, value in headers.items()}
    reply = await client.post(f"/api/v1/tasks/{task_id}/retry", headers=named)
    return service.get(body_of(reply)["output"]["task_id"])


async def test_a_retry_goes_the_way_of_the_old_task(service: Service, client: httpx.AsyncClient) -> None:
    draft = await ended(service, client, Engine="animatic")
    assert (await again(service, client, draft)).engine == "animatic"
    good = await ended(service, client, Profile="quality")
    assert way(await again(service, client, good)) == ("wan", "wan2.2-ti2v-5b", "quality", GPU)


async def test_a_retry_may_ask_for_another_way(service: Service, client: httpx.AsyncClient) -> None:
    good, draft = [await ended(service, client, **way) for way in ({"Profile": "quality"}, {"Engine": "animatic"})]
    assert (await again(service, client, good, Profile="balanced")).profile == "balanced"
    assert way(await again(service, client, good, Engine="slate")) == ("slate", None, None, LOCAL)
    assert (await again(service, client, draft, Engine="wan")).profile == "fast", "the route's own"


async def test_a_retry_of_what_is_offered_no_more_goes_where_its_model_leads_now(
    service: Service, client: httpx.AsyncClient
) -> None:
    good = await ended(service, client, Profile="quality")
    async with service.client(routes={"*": Route("cloud")}, remotes={"cloud": CLOUD}) as later:
        assert way(await again(service, later, good)) == ("cloud", None, None, "cloud")
    own = {"house": {"like": "quality"}}
    async with service.client(routes=ROUTES, remotes={"cloud": CLOUD}, profiles=own) as earlier:
        house = await ended(service, earlier, Profile="house")
    assert (await again(service, client, house)).profile == "fast", "without the profile it is the route's own"

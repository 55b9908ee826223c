"""`like_cloud`: bad parameters are accepted and fail the task, as the cloud does; what it too refuses at create is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dalang.errors import DataInspectionFailed
from dalang.inputs import Tools
from dalang.inspectors import Inspectors
from dalang.moderation import Moderator
from dalang.preparation import Preparation
from dalang.prompt import Extension
from dalang.task import TaskStatus
from tests.samples import a_key
from tests.stage import Stage, hangs, others_turn
from tests.unit.api.conftest import ASYNC, CREATE, FOX, PHOTO, Service, body_of, changed, query


@pytest.fixture
async def cloud(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client(like_cloud=True) as client:
        yield client


class Nowhere:
    """Nothing is fetched in these tests."""

    async def fetch(self, url: str, target: Path, max_bytes: int) -> None:
        raise AssertionError(url)


async def prepared(service: Service) -> None:
    """One step of preparation, and what it began."""
    stage = Stage(hangs)
    tools = Tools(service.storage, Nowhere(), Inspectors(stage), "server")
    preparation = Preparation(service.store, tools, Moderator(), Extension(None), service.data / "scratch")
    await preparation.step()
    async with asyncio.timeout(30):
        while preparation._active:
            await others_turn()
    assert stage.commands == [], "nothing is looked at that is refused anyway"


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("size", changed(FOX, parameters={"size": "1*1"}), "InvalidParameter", "size must be in "),
    ("prompt", changed(FOX, input={"prompt": " "}), "InvalidParameter", "prompt must contain words"),
    ("picture", changed(PHOTO, input={}), "InvalidParameter", "img_url must be set for image to video method"),
    ("address", changed(PHOTO, input={"img_url": "ftp://x/y"}), "InvalidURL", "Invalid URL provided in your request."),
    ("media", {"model": "wan2.7-i2v", "input": {"img_url": "x"}}, "InvalidParameter", "Field required: input.media"),
    ("frames", {"model": "wan2.2-kf2v-flash", "input": {}}, "InvalidParameter", "video frames must be set"),
    ("seed", changed(FOX, parameters={"seed": -1}), "InvalidParameter", "seed must be between 0 and 2147483647"),
]


@pytest.mark.parametrize(("body", "code", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
async def test_a_bad_parameter_fails_the_task(
    service: Service, cloud: httpx.AsyncClient, body: dict[str, Any], code: str, message: str
) -> None:
    task_id = body_of(await cloud.post(CREATE, json=body, headers=ASYNC))["output"]["task_id"]
    assert (await query(cloud, task_id))["output"]["task_status"] == "PENDING", "it is not told before"
    assert await service.store.claim("me", 1, 1000) == [], "and never drawn"
    await prepared(service)
    output = (await query(cloud, task_id))["output"]
    assert (output["task_status"], output["code"]) == ("FAILED", code)
    assert output["message"].startswith(message)
    assert "scheduled_time" not in output


@pytest.mark.parametrize(("body", "code", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
async def test_a_retry_of_what_was_refused_fails_alike(
    service: Service, cloud: httpx.AsyncClient, body: dict[str, Any], code: str, message: str
) -> None:
    """Nobody asked for the video of default size that stands in the row."""
    old = await service.created(cloud, body)
    await prepared(service)
    new = body_of(await cloud.post(f"/api/v1/tasks/{old}/retry"))["output"]["task_id"]
    await prepared(service)
    output = (await query(cloud, new))["output"]
    assert (output["task_status"], output["code"]) == ("FAILED", code)
    assert output["message"].startswith(message)


async def test_the_word_list_s_refusal_too(service: Service) -> None:
    moderator = Moderator(mode="words")
    body = changed(FOX, input={"prompt": "pornography"})
    strict, cloud = (service.client_of(service.edge(moderator, like_cloud=like_cloud)) for like_cloud in (False, True))
    reply = body_of(await strict.post(CREATE, json=body, headers=ASYNC), 400)
    task = service.get(await service.created(cloud, body))
    assert (reply["code"], task.code) == (DataInspectionFailed.code, DataInspectionFailed.code)
    assert task.message == reply["message"]
    assert task.status is TaskStatus.PENDING


EARLY: list[tuple[str, dict[str, Any], str]] = [
    ("no model", {"input": {}}, "BadRequest.EmptyModel"),
    ("no input", {"model": "wan2.6-t2v"}, "BadRequest.EmptyInput"),
    ("input of a wrong type", changed(FOX, input="a fox"), "BadRequest.IllegalInput"),
    ("unknown model", changed(FOX, model="wan9"), "InvalidParameter"),
    ("another region's model", changed(FOX, model="wan2.1-t2v-plus"), "InvalidParameter"),
]


@pytest.mark.parametrize(("body", "code"), [row[1:] for row in EARLY], ids=[row[0] for row in EARLY])
async def test_what_the_cloud_refuses_at_create_is_refused_at_create(
    service: Service, body: dict[str, Any], code: str
) -> None:
    await service.store.create_key(a_key(service.clock, id="key-cn", region="cn-beijing"), "sk-beijing")
    async with service.client(key="sk-beijing", like_cloud=True) as cloud:
        assert body_of(await cloud.post(CREATE, json=body, headers=ASYNC), 400)["code"] == code
    assert await service.count() == 0


async def test_good_requests_are_as_ever(service: Service, cloud: httpx.AsyncClient) -> None:
    task_id = await service.created(cloud)
    assert (await service.start()).id == task_id

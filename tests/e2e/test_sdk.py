"""The official SDK, dashscope 2.0.2, against a real server: every call a user of video synthesis makes."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import dashscope
import pytest
from dashscope.aigc.video_synthesis import AioVideoSynthesis, VideoSynthesis
from dashscope.api_entities.aio_session import close_shared_aio_session

from tests.e2e.media_host import MediaHost, picture
from tests.e2e.running import KEY, SMALL_IMAGE, SMALL_TEXT, Server

TEXT: dict[str, Any] = {"model": SMALL_TEXT[0], "prompt": "a card", **SMALL_TEXT[1]}
IMAGE: dict[str, Any] = {"model": SMALL_IMAGE[0], "prompt": "a card", **SMALL_IMAGE[1]}


@pytest.fixture(scope="module", autouse=True)
def sdk(server: Server) -> Iterator[None]:
    """As the server's start message says: a base URL and a key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dashscope, "base_http_api_url", f"{server.url}/api/v1")
        patch.setattr(dashscope, "api_key", KEY)
        yield


def data_url() -> str:
    return "data:image/jpeg;base64," + base64.b64encode(picture()).decode()


@pytest.fixture(scope="module")
def calls(sdk: None) -> Iterator[dict[str, Future[Any]]]:
    """The calls that create and wait, side by side: the SDK sleeps a second at the least before it looks again."""
    with ThreadPoolExecutor(3) as threads:
        yield {
            "text": threads.submit(VideoSynthesis.call, **TEXT, seed=7),
            "image": threads.submit(VideoSynthesis.call, **IMAGE, img_url=data_url()),
            "aio": threads.submit(asyncio.run, aio_call()),
        }


async def aio_call() -> Any:
    reply = await AioVideoSynthesis.call(**TEXT)
    await close_shared_aio_session()
    return reply


@pytest.fixture
async def session() -> AsyncIterator[None]:
    """The SDK leaves its connections open; here they are closed."""
    yield
    await close_shared_aio_session()


def test_call_makes_a_video_from_text(calls: dict[str, Future[Any]]) -> None:
    reply = calls["text"].result()
    assert reply.status_code == HTTPStatus.OK
    assert reply.output.task_status == "SUCCEEDED"
    assert reply.output.video_url.startswith("http://127.0.0.1:")
    assert reply.output.orig_prompt == "a card"
    assert reply.output["dalang"]["seed"] == 7
    assert (reply.usage.video_count, reply.usage.video_duration, reply.usage.video_ratio) == (1, 5, "832*480")


def test_call_makes_a_video_from_an_image_in_the_request(calls: dict[str, Future[Any]]) -> None:
    reply = calls["image"].result()
    assert reply.output.task_status == "SUCCEEDED", reply
    assert (reply.usage.video_count, reply.usage.video_duration, reply.usage.video_ratio) == (1, 3, "standard")


def test_aio_call_makes_a_video_from_text(calls: dict[str, Future[Any]]) -> None:
    reply = calls["aio"].result()
    assert reply.output.task_status == "SUCCEEDED", reply
    assert reply.usage.video_count == 1


def test_async_call_fetch_and_wait_from_an_image_at_a_url(server: Server, media: MediaHost) -> None:
    created = VideoSynthesis.async_call(**IMAGE, img_url=media.url("/picture.jpg"))
    assert created.status_code == HTTPStatus.OK
    assert created.output.task_status == "PENDING"
    assert VideoSynthesis.fetch(created).output.task_status in ("PENDING", "RUNNING", "SUCCEEDED")
    server.succeed(created.output.task_id)
    assert (
        VideoSynthesis.wait(created).output.video_url == VideoSynthesis.fetch(created.output.task_id).output.video_url
    )


def test_a_refused_create_tells_its_code_and_sentence() -> None:
    reply = VideoSynthesis.async_call(model="wan2.6-t2v", prompt="a card", size="1*1")
    assert reply.status_code == HTTPStatus.BAD_REQUEST
    assert reply.code == "InvalidParameter"
    assert reply.message.startswith("size must be in 1280*720,")


def test_a_failed_task_tells_its_code_and_sentence(server: Server, media: MediaHost) -> None:
    created = VideoSynthesis.async_call(**IMAGE, img_url=media.url("/gone.jpg"))
    server.fail(created.output.task_id)
    reply = VideoSynthesis.wait(created)
    assert reply.status_code == HTTPStatus.OK
    assert (reply.output.task_status, reply.output.code) == ("FAILED", "InvalidURL")


def test_list_shows_the_task_in_data_beside_the_paging(server: Server) -> None:
    created = VideoSynthesis.async_call(**TEXT)
    reply = VideoSynthesis.list(model_name=TEXT["model"], page_size=100)
    rows = {row["task_id"]: row for row in reply.output["data"]}
    row = rows[created.output.task_id]
    assert (row["model_name"], row["region"]) == (TEXT["model"], "local")
    assert type(row["gmt_create"]) is int
    assert reply.output["total"] >= len(rows)
    assert (reply.output["page_no"], reply.output["page_size"]) == (1, 100)
    server.succeed(created.output.task_id)


def test_cancel_ends_a_task_that_waits_and_no_other(media: MediaHost) -> None:
    waiting = VideoSynthesis.async_call(**IMAGE, img_url=media.url("/gated.jpg"))
    assert VideoSynthesis.cancel(waiting).status_code == HTTPStatus.OK
    assert VideoSynthesis.fetch(waiting).output.task_status == "CANCELED"
    refused = VideoSynthesis.cancel(waiting)
    assert (refused.status_code, refused.code) == (HTTPStatus.BAD_REQUEST, "UnsupportedOperation")


@pytest.mark.usefixtures("session")
async def test_aio_async_call_fetch_wait_and_list_from_images(server: Server, media: MediaHost) -> None:
    created = [
        await AioVideoSynthesis.async_call(**IMAGE, img_url=url) for url in (media.url("/picture.jpg"), data_url())
    ]
    for one in created:
        assert (await AioVideoSynthesis.fetch(one)).output.task_status in ("PENDING", "RUNNING", "SUCCEEDED")
        server.succeed(one.output.task_id)
        assert (await AioVideoSynthesis.wait(one)).output.task_status == "SUCCEEDED"
    listed = await AioVideoSynthesis.list(status="SUCCEEDED", page_size=100)
    assert {one.output.task_id for one in created} <= {row["task_id"] for row in listed.output["data"]}


@pytest.mark.usefixtures("session")
async def test_aio_cancel_ends_a_task_that_waits(server: Server, media: MediaHost) -> None:
    waiting = await AioVideoSynthesis.async_call(**IMAGE, img_url=media.url("/gated.jpg"))
    assert (await AioVideoSynthesis.cancel(waiting)).status_code == HTTPStatus.OK
    assert server.status(waiting.output.task_id) == "CANCELED"


def test_a_wrong_key_is_told_as_such() -> None:
    reply = VideoSynthesis.async_call(**TEXT, api_key="sk-somebody-else")
    assert (reply.status_code, reply.code) == (HTTPStatus.UNAUTHORIZED, "InvalidApiKey")

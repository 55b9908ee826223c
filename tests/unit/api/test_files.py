"""Videos under signed links: whole, in parts, and only while they last."""

from __future__ import annotations

import httpx
import pytest

from tests.unit.api.conftest import Service
from tests.unit.conftest import DAY


@pytest.fixture
async def url(service: Service, client: httpx.AsyncClient) -> str:
    task_id = await service.created(client)
    await service.succeed(await service.start())
    return str((await client.get(f"/api/v1/tasks/{task_id}")).json()["output"]["video_url"])


async def test_a_link_needs_no_key(service: Service, url: str) -> None:
    reply = await service.client(key=None).get(url)
    assert (reply.status_code, reply.content) == (200, b"0123456789")
    assert (reply.headers["content-type"], reply.headers["accept-ranges"]) == ("video/mp4", "bytes")


async def test_head_gives_the_length(client: httpx.AsyncClient, url: str) -> None:
    reply = await client.head(url)
    assert (reply.status_code, reply.headers["content-length"], reply.content) == (200, "10", b"")


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [("bytes=2-4", 206, b"234"), ("bytes=-3", 206, b"789"), ("bytes=7-", 206, b"789"), ("bytes=50-60", 416, None)],
)
async def test_parts(client: httpx.AsyncClient, url: str, asked: str, status: int, content: bytes | None) -> None:
    reply = await client.get(url, headers={"Range": asked})
    assert reply.status_code == status
    assert content is None or reply.content == content


@pytest.mark.parametrize(
    ("asked", "status"), [("bytes=x", 400), ("lines=1-2", 400), ("bytes=6-3", 400), ("bytes=10-", 416)]
)
async def test_a_part_that_is_none_is_refused_like_all_else(
    client: httpx.AsyncClient, url: str, asked: str, status: int
) -> None:
    reply = await client.get(url, headers={"Range": asked})
    assert (reply.status_code, reply.json()["code"]) == (status, "InvalidParameter")
    assert reply.headers.get("content-range") == ("bytes */10" if status == 416 else None)


async def test_what_has_not_changed_is_not_sent_again(client: httpx.AsyncClient, url: str) -> None:
    tag = (await client.get(url)).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        reply = await client.get(url, headers={"If-None-Match": known})
        assert (reply.status_code, reply.content, reply.headers["etag"]) == (304, b"", tag)
    assert (await client.get(url, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_link_ends_with_its_task(service: Service, client: httpx.AsyncClient, url: str) -> None:
    service.clock.advance(DAY - 1000)
    assert (await client.get(url)).status_code == 200
    service.clock.advance(2000)
    reply = await client.get(url)
    assert (reply.status_code, reply.json()["code"]) == (403, "AccessDenied")


@pytest.mark.parametrize(
    "path",
    [
        "/files/../secret?Signature=x",
        "/files/..%2f..%2fsecret/1.mp4?Signature=x",
        "/files/0197aaaa-0000-7000-8000-000000000000/..?Signature=x",
        "/files/0197aaaa-0000-7000-8000-000000000000/%2e%2e?Signature=x",
        "/files/x/y",
        "/files/x/y?Expires=None&Signature=",
    ],
)
async def test_nothing_is_reached_without_a_signature(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code in (403, 404)

"""Uploads against real servers: memory, kills, broken connections, browsers. The SDK's `file://` is in `sdk/`."""

from __future__ import annotations

import asyncio
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.e2e.conftest import Launch
from tests.e2e.media_host import picture
from tests.e2e.running import SMALL_IMAGE, TRUST, Server, memory
from tests.e2e.until import until

MODEL = SMALL_IMAGE[0]

CARD: dict[str, Any] = {"model": MODEL, "prompt": "a card", **SMALL_IMAGE[1]}

LARGE = 99 << 20

MOST_MEMORY = 32 << 20
"""Bytes that one large upload, or several at once, may add to the server."""


def form(server: Server, name: str = "card.jpg") -> tuple[str, dict[str, str]]:
    """Where to post, and what beside the file."""
    reply = server.http.get("/api/v1/uploads", params={"action": "getPolicy", "model": MODEL})
    policy = reply.json()["data"]
    fields = {"policy": policy["policy"], "Signature": policy["signature"], "key": f"{policy['upload_dir']}/{name}"}
    return policy["upload_host"], {**fields, "success_action_status": "200"}


def upload(server: Server, content: bytes) -> str:
    """The `oss://` address."""
    host, fields = form(server)
    assert httpx.post(host, data=fields, files={"file": content}, trust_env=False, verify=TRUST).status_code == 200
    return f"oss://{fields['key']}"


def body(fields: dict[str, str], content: bytes) -> tuple[bytes, dict[str, str]]:
    made = httpx.Request("POST", "http://x", data=fields, files={"file": ("card.jpg", content)})
    return made.read(), {"content-type": made.headers["content-type"]}


def kept(server: Server) -> list[str]:
    return [file.name for file in server.data.glob("files/*/*/*")]


# What may go wrong


def test_a_large_upload_and_several_at_once_raise_memory_little(launch: Launch) -> None:
    server = launch()
    before, _ = memory(server.pid)

    async def send(client: httpx.AsyncClient) -> int:
        host, fields = form(server)
        head, kind = body(fields, b"FILE")
        first, _, last = head.partition(b"FILE")

        async def chunks() -> Any:
            yield first
            for _ in range(LARGE >> 20):
                yield bytes(1 << 20)
            yield last

        return (await client.post(host, content=chunks(), headers=kind)).status_code

    async def send_all() -> list[int]:
        async with httpx.AsyncClient(timeout=60, trust_env=False, verify=TRUST) as client:
            return list(await asyncio.gather(*(send(client) for _ in range(3))))

    assert asyncio.run(send_all()) == [200] * 3
    assert memory(server.pid)[1] - before < MOST_MEMORY
    assert kept(server) == ["file"] * 3


def test_an_upload_that_was_answered_is_there_after_a_kill(launch: Launch) -> None:
    first = launch()
    url, (host, fields) = upload(first, picture()), form(first)
    first.kill()
    second = launch()
    second.succeed(second.create_from(url))
    late = httpx.post(second.url + urlsplit(host).path, data=fields, files={"file": picture()}, trust_env=False)
    assert late.status_code == 200, "a policy outlives the server that signed it"


def test_an_upload_that_breaks_off_leaves_nothing_and_may_be_sent_again(launch: Launch) -> None:
    server = launch()
    host, fields = form(server)
    content, kind = body(fields, bytes(1 << 20))
    head = f"POST /uploads HTTP/1.1\r\nHost: x\r\nContent-Type: {kind['content-type']}\r\n"
    with socket.create_connection((urlsplit(host).hostname, urlsplit(host).port)) as connection:
        connection.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content[:-1000])
        until(lambda: kept(server), "the file has begun")
    until(lambda: not kept(server), "what had come is gone")
    assert httpx.post(host, content=content, headers=kind, trust_env=False).status_code == 200
    assert kept(server) == ["file"]


def test_a_refusal_reaches_a_client_that_is_still_sending(launch: Launch) -> None:
    server = launch(upload_limit="1")
    host, fields = form(server)
    refused = httpx.post(host, data=fields, files={"file": bytes(8 << 20)}, trust_env=False)
    assert refused.status_code == 400
    assert "<Code>EntityTooLarge</Code>" in refused.text
    assert kept(server) == []


def test_a_page_of_an_allowed_origin_may_upload(server: Server) -> None:
    origin = {"Origin": "https://studio.example"}
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    allowed = server.http.options("/uploads", headers=origin | asks)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://studio.example")
    host, fields = form(server)
    reply = httpx.post(host, data=fields, files={"file": picture()}, headers=origin, trust_env=False)
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, "https://studio.example")

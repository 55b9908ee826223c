"""Bodies within limits: each of its own, and all of them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from dalang.api import body as module
from dalang.api.body import BUDGET, MAX_BODY, SMALL, Bodies, discard
from dalang.errors import IllegalInput, PayloadTooLarge, Throttling
from tests.stage import others_turn
from tests.unit.api.conftest import ASYNC, CREATE, Service


def request(size: int | None, *chunks: bytes, ends: bool = True) -> Request:
    """One that announces `size` bytes and sends `chunks`."""
    headers = [(b"transfer-encoding", b"chunked")] if size is None else [(b"content-length", str(size).encode())]
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b""} if ends else {"type": "http.disconnect"})

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    return Request({"type": "http", "headers": headers}, receive)


async def hold(bodies: Bodies, account: str, size: int | None, let_go: asyncio.Event, has: asyncio.Event) -> None:
    async with bodies.read(request(size), account):
        has.set()
        await let_go.wait()


async def test_a_body_comes_whole() -> None:
    async with Bodies().read(request(6, b"abc", b"def"), "a") as body:
        assert body == b"abcdef"


async def test_without_a_body_there_is_none() -> None:
    async with Bodies().read(Request({"type": "http", "headers": []}, request(0).receive), "a") as body:
        assert body == b""


@pytest.mark.parametrize("size", [3, None])
async def test_more_than_was_announced_is_refused(size: int | None) -> None:
    chunks = [b"abcd"] if size else [bytes(MAX_BODY), b"x"]
    with pytest.raises(PayloadTooLarge):
        async with Bodies().read(request(size, *chunks), "a"):
            pass


async def test_a_body_that_breaks_off_is_refused_and_its_share_comes_back() -> None:
    bodies = Bodies()
    for _ in range(3):
        with pytest.raises(IllegalInput):
            async with bodies.read(request(MAX_BODY, b"abc", ends=False), "a"):
                pass
    async with asyncio.timeout(5), bodies.read(request(MAX_BODY), "a"), bodies.read(request(MAX_BODY), "b"):
        pass


async def test_large_bodies_wait_for_their_share_unread() -> None:
    bodies = Bodies()
    let_go, held = asyncio.Event(), [asyncio.Event() for _ in range(BUDGET // MAX_BODY)]
    holders = [asyncio.create_task(hold(bodies, f"account {n}", MAX_BODY, let_go, has)) for n, has in enumerate(held)]
    await asyncio.gather(*(has.wait() for has in held))
    got = asyncio.Event()
    waiting = asyncio.create_task(hold(bodies, "another", None, let_go, got))
    for _ in range(5):
        await others_turn()
    assert not got.is_set(), "a body of unknown length counts as the largest"
    async with bodies.read(request(SMALL), "c"):
        pass  # a small one does not wait
    let_go.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*holders, waiting)
    assert got.is_set()


async def test_who_waits_too_long_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)
    bodies = Bodies()
    async with bodies.read(request(MAX_BODY), "a"), bodies.read(request(MAX_BODY), "b"):
        with pytest.raises(Throttling):
            async with bodies.read(request(MAX_BODY), "c"):
                pass


async def test_one_account_s_bodies_leave_room_for_another_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    bodies = Bodies()
    async with bodies.read(request(MAX_BODY), "slow"):
        with pytest.raises(Throttling):
            async with bodies.read(request(SMALL + 1), "slow"):
                pass
        async with bodies.read(request(MAX_BODY), "another"):
            pass


async def test_who_sends_too_slowly_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_SECONDS", 0.01)

    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    slow = Request({"type": "http", "headers": [(b"content-length", b"5")]}, never)
    with pytest.raises(IllegalInput) as refusal:
        async with Bodies().read(slow, "a"):
            pass
    assert (refusal.value.status, refusal.value.code) == (408, "RequestTimeOut")


async def test_the_edge_says_413_and_429(
    service: Service, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(module, "BUDGET", MAX_BODY - 1)
    client = service.client()
    reply = await client.post(CREATE, content=bytes(MAX_BODY + 1), headers=ASYNC)
    assert (reply.status_code, reply.json()["code"]) == (413, "InvalidParameter")

    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    reply = await client.post(CREATE, content=pieces(), headers=ASYNC)
    assert (reply.status_code, reply.json()["code"], reply.headers["retry-after"]) == (429, "Throttling", "1")


@pytest.mark.parametrize("size", [3, SMALL, SMALL + 1])
async def test_a_refused_body_is_read_to_its_end_however_small(size: int) -> None:
    """A client that sends it after its headers would find the connection closed in its face."""
    refused = request(size, bytes(size))
    await discard(refused)
    with pytest.raises(IndexError):
        await refused.receive()


async def test_nobody_waits_for_a_body_that_was_not_announced_or_was_read() -> None:
    await discard(request(0))
    read = request(3, b"abc")
    async with Bodies().read(read, "a"):
        pass
    await discard(read)

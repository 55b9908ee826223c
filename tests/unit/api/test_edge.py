"""Where a client is told to go: `public_url`, the address it used, or what a trusted proxy says it used."""

from __future__ import annotations

import logging

import pytest

from tests.samples import SECRET
from tests.unit.api.conftest import CREATE, FOX, Service

FORWARDED = {"X-Forwarded-Host": "video.example.com", "X-Forwarded-Proto": "https"}


async def video_url(service: Service, peer: str = "203.0.113.9", **settings: object) -> str:
    async with service.client(peer, **settings) as client:
        task_id = await service.created(client)
        await service.succeed(await service.start())
        reply = await client.get(f"/api/v1/tasks/{task_id}", headers=FORWARDED)
        return str(reply.json()["output"]["video_url"])


async def test_without_a_proxy_the_address_that_was_used(service: Service) -> None:
    assert (await video_url(service)).startswith("http://dalang.test:8000/files/")


async def test_a_public_url_beats_all(service: Service) -> None:
    url = await video_url(service, "10.0.0.7", public_url="https://films.example/", trusted_proxies=("10.0.0.0/8",))
    assert url.startswith("https://films.example/files/")


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.0.2.1", "2001:db8::1"])
async def test_a_trusted_proxy_is_believed(service: Service, peer: str) -> None:
    trusted = ("10.0.0.0/8", "192.0.2.1", "2001:db8::/32")
    assert (await video_url(service, peer, trusted_proxies=trusted)).startswith("https://video.example.com/files/")


@pytest.mark.parametrize("peer", ["11.0.0.7", "192.0.2.2", "::1"])
async def test_nobody_else_is(service: Service, peer: str) -> None:
    url = await video_url(service, peer, trusted_proxies=("10.0.0.0/8", "192.0.2.1"))
    assert url.startswith("http://dalang.test:8000/files/")


async def test_pages_of_named_origins_may_call(service: Service) -> None:
    client = service.client(cors_origins=("https://studio.example",))
    for origin, allowed in (("https://studio.example", "https://studio.example"), ("https://evil.example", None)):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert (await client.options(CREATE, headers=headers)).headers.get("access-control-allow-origin") == allowed
    plain = await service.client().get("/healthz", headers={"Origin": "https://studio.example"})
    assert "access-control-allow-origin" not in plain.headers


async def test_lines_carry_the_request_id_and_no_key_or_signature(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="dalang")
    client = service.client()
    task_id = await service.created(client)
    await client.post(f"/api/v1/tasks/{task_id}/cancel")
    await client.post(f"/api/v1/tasks/{task_id}/retry")
    await client.post(CREATE, json=FOX)
    await client.get("/api/v1/tasks/", headers={"Authorization": "Bearer sk-mistyped-key"})
    await client.get(f"/files/{task_id}/1.mp4?Expires=99999999999&Signature=forged-signature")
    assert {record.getMessage() for record in caplog.records} == {"task created", "task canceled", "refused"}
    for record in caplog.records:
        assert getattr(record, "request_id", None), record.getMessage()
        text = repr(vars(record))
        assert not any(secret in text for secret in (SECRET, "sk-mistyped-key", "forged-signature"))

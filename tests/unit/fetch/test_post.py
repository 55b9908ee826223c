"""Real sockets on loopback; that no message goes where it must not, test_gate.py shows."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

from dalang.errors import InvalidURL
from dalang.fetch import Poster
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line, Times
from dalang.fetch.post import Answer, post
from tests.unit.fetch.certificate import certificate
from tests.unit.fetch.corpus import PUBLIC, TRUST, resolve
from tests.unit.fetch.site import Detour, Site, reply

HOOK = "http://photos.example/hook?token=secret"


async def posted(detour: Detour, url: str = HOOK, body: bytes = b"{}", **times: float) -> Answer:
    line = Line(parse_allow([], "DALANG_CALLBACK_ALLOW"), resolve, detour, TRUST)
    try:
        async with asyncio.timeout(10):  # so long waits only a test that fails
            return await post(line, url, body, [(b"webhook-id", b"7")], Times(**{"total": 20.0, **times}))
    finally:
        await line.close()


async def failure(detour: Detour, **times: float) -> InvalidURL:
    with pytest.raises(InvalidURL) as caught:
        await posted(detour, **times)
    assert not any(part in caught.value.message for part in ("secret", "/hook")), "paths and queries may be secrets"
    return caught.value


async def test_a_message_arrives_with_its_headers(site: Site, detour: Detour) -> None:
    site.replies["/hook"] = reply("204 No Content")
    assert await posted(detour, body=b'{"a": 1}') == Answer(204, None)
    head = site.requests[0].lower().split(b"\r\n")
    assert head[0] == b"post /hook?token=secret http/1.1"
    assert {b"host: photos.example", b"webhook-id: 7", b"content-length: 8"} <= set(head)
    assert not any(line.startswith((b"cookie", b"authorization", b"referer")) for line in head)
    assert site.bodies == [b'{"a": 1}']


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_not_followed(status: int, site: Site, detour: Detour) -> None:
    site.replies["/hook"] = reply(f"{status} Moved", Location="http://127.0.0.1/")
    assert await posted(detour) == Answer(status, None)
    assert (len(site.requests), detour.dialled) == (1, [PUBLIC])


async def test_the_wish_to_be_asked_later_is_told(site: Site, detour: Detour) -> None:
    site.replies["/hook"] = reply("503 Busy", Retry_After="120")
    assert await posted(detour) == Answer(503, "120")


@pytest.mark.parametrize("body", ["endless", "drip"])
async def test_the_body_of_an_answer_is_not_waited_for(body: str, site: Site, detour: Detour) -> None:
    site.replies["/hook"] = getattr(site, body)
    assert await posted(detour, idle=600.0) == Answer(200, None)


@pytest.mark.parametrize("limit", ["total", "head", "idle"])
async def test_a_silent_receiver_is_given_up_by_every_limit(limit: str, site: Site, detour: Detour) -> None:
    site.replies["/hook"] = site.silence
    error = await failure(detour, **{"total": 600.0, "head": 600.0, "idle": 600.0, limit: 0.02})
    assert error.code == "InvalidURL.Timeout"
    assert error.message.startswith("photos.example did not answer in time. ")


async def interim(writer: asyncio.StreamWriter) -> None:
    """Promises, for ever."""
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()


async def test_endless_interim_answers_end_with_the_time_for_a_head(site: Site, detour: Detour) -> None:
    site.replies["/hook"] = interim
    assert (await failure(detour, head=0.05)).code == "InvalidURL.Timeout"


@pytest.mark.parametrize("junk", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40000])
async def test_what_is_not_http_is_no_answer(junk: bytes, site: Site, detour: Detour) -> None:
    site.replies["/hook"] = junk
    assert "broke off" in (await failure(detour)).message


async def test_an_allowed_private_receiver_is_told(site: Site) -> None:
    site.replies["/"] = reply()
    poster = Poster(["127.0.0.1"], tls=TRUST)
    assert (await poster.post(f"http://127.0.0.1:{site.port}/", b"{}", {"webhook-id": "7"})).status == 200
    await poster.close()


async def test_tls_is_verified_against_the_name(site: Site, tmp_path: Path) -> None:
    pem = certificate(tmp_path, "photos.example")
    served, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=pem)
    served.load_cert_chain(pem)
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0, ssl=served)
    detour = Detour(server.sockets[0].getsockname()[1])
    site.replies["/"] = reply()

    async def told(url: str, tls: Any) -> int:
        poster = Poster(resolve=resolve, dial=detour, tls=tls)
        try:
            return (await poster.post(url, b"{}", {})).status
        finally:
            await poster.close()

    assert await told("https://photos.example/", trusted) == 200
    with pytest.raises(InvalidURL, match="Hostname mismatch"):
        await told("https://many.example/", trusted)
    with pytest.raises(InvalidURL, match="self-signed"):
        await told("https://photos.example/", TRUST)
    server.close()

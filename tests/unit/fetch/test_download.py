"""Real sockets on loopback; the dialler leads every public address to the one server there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dalang.errors import InvalidURL
from dalang.fetch import Fetcher
from dalang.fetch.addresses import parse_allow
from dalang.fetch.download import Limits, download
from dalang.fetch.line import Line, Times
from tests.unit.fetch import corpus
from tests.unit.fetch.certificate import certificate
from tests.unit.fetch.corpus import NO_ADDRESS, NOT_KNOWN, NOT_PUBLIC, PUBLIC, TRUST
from tests.unit.fetch.site import Detour, Site, reply

OTHERS = {"other.example": ["93.184.216.35"]}
MB = 2**20


async def resolve(host: str, port: int) -> Sequence[str]:
    return OTHERS.get(host) or await corpus.resolve(host, port)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def content(path: Path) -> bytes:
    return path.read_bytes()


def missing(path: Path) -> bool:
    return not path.exists()


async def fetched(url: str, detour: Detour, target: Path, **limits: Any) -> bytes:
    line = Line(parse_allow([], "DALANG_FETCH_ALLOW"), resolve, detour, TRUST)
    times = {name: limits.pop(name) for name in ("connect", "head", "idle") if name in limits}
    given = {"max_bytes": MB, "times": Times(total=limits.pop("total", 20.0), **times), "redirects": 3} | limits
    try:
        await download(line, url, target, Limits(**given))
    finally:
        await line.close()
    return content(target)


async def refusal(url: str, detour: Detour, target: Path, **limits: Any) -> InvalidURL:
    with pytest.raises(InvalidURL) as caught:
        await fetched(url, detour, target, **limits)
    assert missing(target), "no partial file may stay behind"
    return caught.value


async def test_a_body_arrives_whole(site: Site, detour: Detour, target: Path) -> None:
    body = bytes(range(256)) * 12_000
    site.replies["/a.png"] = reply(body=body)
    assert await fetched("http://photos.example/a.png?sig=1", detour, target, max_bytes=len(body)) == body
    assert detour.dialled == [PUBLIC]


async def test_a_chunked_body_arrives_whole(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert await fetched("http://photos.example", detour, target) == b"abcde"


async def test_the_request_is_plain_and_names_the_host(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/%C3%BC"] = reply(body=b"x", Set_Cookie="a=b")
    await fetched("http://photos.example:8080/ü?q=1#part", detour, target)
    lines = site.requests[0].lower().split(b"\r\n")
    assert lines[0] == b"get /%c3%bc?q=1 http/1.1"
    assert b"host: photos.example:8080" in lines
    assert b"accept-encoding: identity" in lines
    assert not any(line.startswith((b"cookie", b"authorization", b"referer")) for line in lines)


async def test_a_proxy_in_the_environment_is_not_asked(
    site: Site, detour: Detour, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.replies["/"] = reply(body=b"x")
    assert await fetched("http://photos.example/", detour, target) == b"x"


async def test_an_allowed_private_host_is_fetched(site: Site, target: Path) -> None:
    site.replies["/"] = reply(body=b"inside")
    fetcher = Fetcher(["127.0.0.1"])
    await fetcher.fetch(f"http://127.0.0.1:{site.port}/", target, MB)
    await fetcher.fetch(f"http://127.0.0.1:{site.port}/", target, MB)
    await fetcher.close()
    assert content(target) == b"inside"


async def test_a_fetcher_that_fetched_nothing_can_be_closed() -> None:
    await Fetcher().close()


async def test_redirects_are_followed_up_to_the_limit(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/1"] = reply("301 Moved", Location="/2")
    site.replies["/2"] = reply("307 Moved", Location="//other.example/3", Set_Cookie="a=b")
    site.replies["/3"] = reply("308 Moved", Location="http://photos.example/4")
    site.replies["/4"] = reply(body=b"there")
    assert await fetched("http://photos.example/1", detour, target) == b"there"
    assert detour.dialled == [PUBLIC, PUBLIC, "93.184.216.35", PUBLIC]
    assert not any(b"cookie" in request.lower() for request in site.requests)
    error = await refusal("http://photos.example/1", detour, target.with_name("again"), redirects=2)
    assert error.message.endswith("http://photos.example/1 redirects more than 2 times.")


async def test_a_loop_of_redirects_ends(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply("302 Found", Location="http://photos.example/")
    assert "more than 3 times" in (await refusal("http://photos.example/", detour, target)).message
    assert len(site.requests) == 4


@pytest.mark.parametrize("location", NOT_PUBLIC)
async def test_a_redirect_to_what_is_not_public_is_refused(
    location: str, site: Site, detour: Detour, target: Path
) -> None:
    site.replies["/"] = reply("302 Found", Location=location)
    error = await refusal("http://photos.example/", detour, target)
    assert "DALANG_FETCH_ALLOW=" in error.message
    assert detour.dialled == [PUBLIC], "only the first hop may be dialled"


def is_whole(url: str) -> bool:
    """Read the same in a redirect: neither relative to the first hop nor no header at all."""
    return ":/" in url and NO_ADDRESS[url] != "no host" and not set(url) & set("\r\n\0") and url == url.strip()


TRICKS = [url for url in NO_ADDRESS if is_whole(url)]


@pytest.mark.parametrize("location", [*TRICKS, *NOT_KNOWN], ids=range(len(TRICKS) + len(NOT_KNOWN)))
async def test_a_redirect_is_held_to_the_same_rules(location: str, site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply("302 Found", Location=location)
    error = await refusal("http://photos.example/", detour, target)
    assert error.code == "InvalidURL"
    assert detour.dialled == [PUBLIC], "only the first hop may be dialled"


async def test_a_redirect_without_a_location_is_refused(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply("302 Found")
    assert "answered 302" in (await refusal("http://photos.example/", detour, target)).message


async def test_a_name_that_moves_inside_between_two_hops_is_refused(site: Site, detour: Detour, target: Path) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    site.replies["/"] = reply("302 Found", Location="/again")
    fetcher = Fetcher(resolve=rebinding, dial=detour)
    with pytest.raises(InvalidURL, match="a loopback address"):
        await fetcher.fetch("http://photos.example/", target, MB)
    await fetcher.close()
    assert detour.dialled == [PUBLIC]


@pytest.mark.parametrize("status", ["404 Not Found", "204 No Content", "206 Partial Content", "500 Oops", "304 No"])
async def test_only_200_is_taken(status: str, site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply(status)
    error = await refusal("http://photos.example/", detour, target)
    assert f"photos.example answered {status[:3]}." in error.message
    assert error.code == "InvalidURL"


async def test_a_declared_size_over_the_limit_is_refused_unread(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply(Content_Length=str(MB + 1))
    assert "more than 1 MB" in (await refusal("http://photos.example/", detour, target)).message


async def test_an_endless_body_is_cut_off_at_the_limit(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = site.endless
    assert "more than 1 MB" in (await refusal("http://photos.example/", detour, target)).message


@pytest.mark.parametrize("length", ["-1", "x", "1, 2", "9" * 5000, "5, 5"])
async def test_a_nonsense_length_is_refused(length: str, site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply(Content_Length=length)
    assert (await refusal("http://photos.example/", detour, target)).code == "InvalidURL"


async def test_a_body_shorter_than_declared_is_refused(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply(body=b"abc", Content_Length="9")
    assert "broke off" in (await refusal("http://photos.example/", detour, target)).message


async def test_a_body_longer_than_declared_ends_where_declared(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply(body=b"abcdef", Content_Length="3")
    assert await fetched("http://photos.example/", detour, target) == b"abc"


async def test_a_compressed_body_is_refused(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = reply(body=b"x", Content_Encoding="gzip")
    assert "compressed" in (await refusal("http://photos.example/", detour, target)).message


@pytest.mark.parametrize("junk", [b"", b"\0\0\0", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40000])
async def test_what_is_not_http_is_refused(junk: bytes, site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = junk
    assert "broke off" in (await refusal("http://photos.example/", detour, target)).message


async def test_a_body_that_stops_times_out(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = site.drip
    error = await refusal("http://photos.example/?secret=1", detour, target, idle=0.02, total=600.0)
    assert error.code == "InvalidURL.Timeout"
    assert error.message.startswith("Download http://photos.example/ timeout, please check network connection")


async def test_a_body_that_drips_is_given_up_before_the_total_time(site: Site, detour: Detour, target: Path) -> None:
    site.replies["/"] = site.drip
    error = await refusal("http://photos.example/", detour, target, patience=0.0, slowest=1e12)
    assert error.code == "InvalidURL.Timeout"
    assert "Only 3 bytes" in error.message


@pytest.mark.parametrize("path", ["/silence", "/drip"])
async def test_the_total_time_bounds_everything(path: str, site: Site, detour: Detour, target: Path) -> None:
    site.replies = {"/silence": site.silence, "/drip": site.drip}
    error = await refusal(f"http://photos.example{path}", detour, target, total=0.05, idle=600.0)
    assert error.code == "InvalidURL.Timeout"
    assert error.message.endswith("and 0.05 s in all.")


async def test_a_target_that_cannot_be_written_is_our_own_fault(site: Site, detour: Detour, tmp_path: Path) -> None:
    site.replies["/"] = reply(body=b"x")
    with pytest.raises(FileNotFoundError):
        await fetched("http://photos.example/", detour, tmp_path / "nowhere" / "target")


async def test_tls_is_verified_against_the_name_though_an_address_is_dialled(
    site: Site, tmp_path: Path, target: Path
) -> None:
    pem = certificate(tmp_path, "photos.example")
    served, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=pem)
    served.load_cert_chain(pem)
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0, ssl=served)
    detour = Detour(server.sockets[0].getsockname()[1])
    site.replies["/"] = reply(body=b"x")
    site.replies["/down"] = reply("302 Found", Location="http://photos.example/")

    fetcher = Fetcher(resolve=resolve, dial=detour, tls=trusted)
    await fetcher.fetch("https://photos.example/", target, MB)
    assert content(target) == b"x"
    with pytest.raises(InvalidURL, match="Hostname mismatch") as caught:
        await fetcher.fetch("https://other.example/", target, MB)
    assert caught.value.code == "InvalidURL.ConnectionRefused"
    with pytest.raises(InvalidURL, match="from https to http"):
        await fetcher.fetch("https://photos.example/down", target, MB)
    stranger = Fetcher(resolve=resolve, dial=detour)
    with pytest.raises(InvalidURL, match="self-signed"):
        await stranger.fetch("https://photos.example/", target, MB)

    await fetcher.close()
    await stranger.close()
    server.close()


async def test_a_head_that_does_not_come_is_given_up_whatever_each_read_may_take(
    site: Site, detour: Detour, target: Path
) -> None:
    site.replies["/"] = site.silence
    error = await refusal("http://photos.example/", detour, target, head=0.02, idle=600.0, total=600.0)
    assert error.code == "InvalidURL.Timeout"

"""Real sockets on loopback; the dialler leads every public address to the one server there."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dalang.errors import InvalidURL
from dalang.fetch import Fetcher
from dalang.fetch.addresses import parse_allow
from dalang.fetch.download import Limits, Line, download

PUBLIC = "93.184.216.34"
NAMES = {"photos.example": [PUBLIC], "other.example": ["93.184.216.35"], "inside.example": ["10.0.0.1"]}
MB = 2**20

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def resolve(host: str, port: int) -> Sequence[str]:
    return NAMES.get(host, [host])


class Detour(httpcore.AsyncNetworkBackend):
    """Writes down who was dialled and connects to the test's server instead."""

    def __init__(self, port: int) -> None:
        self.port, self.dialled = port, list[str]()

    async def connect_tcp(self, host: str, port: int, *rest: Any, **_: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port)


class Site:
    """An HTTP server on loopback that answers each path with a scripted reply."""

    def __init__(self) -> None:
        self.replies: dict[str, bytes | Reply] = {}
        self.requests: list[bytes] = []
        self.hang = asyncio.Event()
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(request)
            reply = self.replies[request.split()[1].decode().partition("?")[0]]
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def drip(self, writer: asyncio.StreamWriter) -> None:
        """A good head, three bytes, then nothing."""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        await self.hang.wait()

    async def silence(self, writer: asyncio.StreamWriter) -> None:
        await self.hang.wait()

    async def endless(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.hang.is_set():
            writer.write(b"x" * 65536)
            await writer.drain()


def reply(status: str = "200 OK", body: bytes = b"", **fields: str) -> bytes:
    head = {"Content_Length": str(len(body))} | fields
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    site.hang.set()
    server.close()
    await server.wait_closed()


@pytest.fixture
def detour(site: Site) -> Detour:
    return Detour(site.port)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def content(path: Path) -> bytes:
    return path.read_bytes()


def missing(path: Path) -> bool:
    return not path.exists()


async def fetched(url: str, detour: Detour, target: Path, **limits: Any) -> bytes:
    line = Line(parse_allow([]), resolve, detour, ssl.create_default_context())
    settings = {"max_bytes": MB, "total_time": 20.0, "redirects": 3} | limits
    try:
        await download(line, url, target, Limits(**settings))
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


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "DALANG_FETCH_ALLOW=169.254.169.254"),
        ("http://127.0.0.1:6379/", "DALANG_FETCH_ALLOW=127.0.0.1"),
        ("http://[::1]/", "DALANG_FETCH_ALLOW=::1"),
        ("//inside.example/", "DALANG_FETCH_ALLOW=inside.example"),
        ("file:///etc/passwd", "http://"),
        ("http://user@other.example/", "user name"),
        ("http://0177.0.0.1/", "no address"),
    ],
)
async def test_a_redirect_is_held_to_the_same_rules(
    location: str, reason: str, site: Site, detour: Detour, target: Path
) -> None:
    site.replies["/"] = reply("302 Found", Location=location)
    error = await refusal("http://photos.example/", detour, target)
    assert reason in error.message
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
    error = await refusal("http://photos.example/?secret=1", detour, target, idle_time=0.02, total_time=600.0)
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
    error = await refusal(f"http://photos.example{path}", detour, target, total_time=0.05, idle_time=600.0)
    assert error.code == "InvalidURL.Timeout"
    assert error.message.endswith("and 0.05 s in all.")


async def test_a_target_that_cannot_be_written_is_our_own_fault(site: Site, detour: Detour, tmp_path: Path) -> None:
    site.replies["/"] = reply(body=b"x")
    with pytest.raises(FileNotFoundError):
        await fetched("http://photos.example/", detour, tmp_path / "nowhere" / "target")


def certificate(folder: Path, name: str) -> Path:
    """A key and a self-signed certificate for the host `name`, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "tls.pem"
    path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()) + made.public_bytes(encoding))
    return path


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


@pytest.mark.parametrize("url", ["http://xn--ls8h.example/1.png", "http://xn--/", "http://xn--n3h.example/"])
async def test_a_name_that_is_no_idna_is_refused(url: str, tmp_path: Path) -> None:
    """The host is read lazily, and raises what no other bad address does."""
    fetcher = Fetcher()
    with pytest.raises(InvalidURL):
        await fetcher.fetch(url, tmp_path / "picture", 1000)
    await fetcher.close()


async def test_a_head_that_does_not_come_is_given_up_whatever_each_read_may_take(
    site: Site, detour: Detour, target: Path
) -> None:
    site.replies["/"] = site.silence
    error = await refusal("http://photos.example/", detour, target, head_time=0.02, idle_time=600.0, total_time=600.0)
    assert error.code == "InvalidURL.Timeout"

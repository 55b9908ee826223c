from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpcore
import pytest

from dalang.errors import InvalidURL
from dalang.fetch import Fetcher
from dalang.fetch.addresses import parse_allow
from dalang.fetch.download import Limits, Line, download

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:2800:220:1::1"

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "mixed.example": [PUBLIC, "10.0.0.1"],
    "mixed6.example": [OTHER_PUBLIC, PUBLIC, "::1"],
    "last.example": [PUBLIC] * 9 + ["127.0.0.1"],
    "nat64.example": ["64:ff9b::a9fe:a9fe"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "scoped.example": ["fe80::1%eth0"],
    "photos.example": [PUBLIC],
    "two.example": [OTHER_PUBLIC, PUBLIC],
    "many.example": [f"93.184.216.{n}" for n in range(1, 60)],
}


async def resolve(host: str, port: int) -> Sequence[str]:
    """The table's names; what looks like a number, as the system reads it, with no name server asked."""
    if host in NAMES:
        return NAMES[host]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(answer[4][0]) for answer in found]


class Recorder(httpcore.AsyncNetworkBackend):
    """Writes down who was dialled; nobody answers."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        raise httpcore.ConnectError("nobody answers")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


async def refusal(url: str, recorder: Recorder, allow: Sequence[str] = ()) -> InvalidURL:
    fetcher = Fetcher(allow, resolve=resolve, dial=recorder)
    with pytest.raises(InvalidURL) as caught:
        await fetcher.fetch(url, Path("never-written"), 1000)
    await fetcher.close()
    return caught.value


NOT_PUBLIC = [
    "http://127.0.0.1/",
    "http://127.0.0.1:6379/",
    "https://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127。0。0。1/",
    "http://127.0.0．1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://10.0.0.1/",
    "http://10.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://192.168.257/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://203.0.113.9/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://mixed.example/",
    "http://mixed6.example/",
    "http://last.example/",
    "http://nat64.example/",
    "http://mapped.example/",
    "http://scoped.example/",
]


@pytest.mark.parametrize("url", NOT_PUBLIC)
async def test_an_address_that_is_not_public_is_never_dialled(url: str, recorder: Recorder) -> None:
    error = await refusal(url, recorder)
    assert recorder.dialled == []
    assert error.code == "InvalidURL"
    assert "set DALANG_FETCH_ALLOW=" in error.message


NOT_FETCHABLE = {
    "file:///etc/passwd": "http://",
    "ftp://photos.example/a": "http://",
    "gopher://photos.example/": "http://",
    "//photos.example/a": "http://",
    "photos.example/a": "http://",
    " http://photos.example/": "http://",
    "": "http://",
    "http:///a": "no host",
    "http:photos.example": "no host",
    "http://user:secret@photos.example/": "user name",
    "http://photos.example@127.0.0.1/": "user name",
    "http://photos.example\\@127.0.0.1/": "user name",
    "http://photos.example:0/": "no port 0",
    "http://photos.example:65536/": "no port 65536",
    "http://photos.example/\r\nX-Injected: 1": "cannot be read",
    "http://[::1/": "cannot be read",
    "http://[photos.example]/": "cannot be read",
    "http://0177.0.0.1/": "cannot be read",
    "http://１２７.0.0.1/": "cannot be read",
    "http://①②⑦.0.0.1/": "cannot be read",
    "http://" + "a" * 64 + ".example/": "not known",
    "http://photos.example%00.evil.example/": "not known",
    "http://nowhere.example/": "not known",
    "http://photos.example/" + "a" * 9000: "longer than 8192",
}


@pytest.mark.parametrize("url", NOT_FETCHABLE, ids=range(len(NOT_FETCHABLE)))
async def test_other_spellings_are_refused_undialled_and_say_why(url: str, recorder: Recorder) -> None:
    error = await refusal(url, recorder)
    assert recorder.dialled == []
    assert error.code == "InvalidURL"
    assert error.message.startswith("Invalid URL provided in your request. ")
    assert NOT_FETCHABLE[url] in error.message
    assert "secret" not in error.message


async def test_the_checked_address_is_dialled_not_the_name(recorder: Recorder) -> None:
    error = await refusal("http://photos.example/", recorder)
    assert recorder.dialled == [PUBLIC]
    assert error.code == "InvalidURL.ConnectionRefused"
    assert error.message.startswith("Connection to photos.example refused, please provide available URL")


async def test_every_address_gets_its_turn(recorder: Recorder) -> None:
    await refusal("http://two.example/", recorder)
    assert recorder.dialled == [OTHER_PUBLIC, PUBLIC]


async def test_a_host_of_many_addresses_is_given_up_after_four(recorder: Recorder) -> None:
    await refusal("http://many.example/", recorder)
    assert len(recorder.dialled) == 4


async def test_allowing_a_host_admits_it_alone(recorder: Recorder) -> None:
    await refusal("http://localhost/", recorder, allow=["localhost"])
    assert recorder.dialled == ["127.0.0.1", "::1"]
    await refusal("http://127.0.0.1/", recorder, allow=["localhost"])
    assert recorder.dialled == ["127.0.0.1", "::1"]


async def test_a_refusal_names_what_allows_it(recorder: Recorder) -> None:
    for url in ("http://LOCALHOST/", "http://localhost./", "http://[::1]/", "http://0x7f.1/"):
        entry = (await refusal(url, recorder)).message.partition("DALANG_FETCH_ALLOW=")[2].split()[0]
        error = await refusal(url, recorder, allow=[entry])
        assert error.code == "InvalidURL.ConnectionRefused", (url, entry)


async def test_allowing_a_network_admits_no_other_address_of_a_mixed_answer(recorder: Recorder) -> None:
    await refusal("http://localhost/", recorder, allow=["127.0.0.0/8"])
    assert recorder.dialled == []
    await refusal("http://localhost/", recorder, allow=["127.0.0.0/8", "::1"])
    assert recorder.dialled == ["127.0.0.1", "::1"]


async def test_the_name_is_looked_up_once_per_connection(recorder: Recorder) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    with pytest.raises(InvalidURL):
        await Fetcher(resolve=rebinding, dial=recorder).fetch("http://rebind.example/", Path("never-written"), 9)
    assert recorder.dialled == [PUBLIC]


async def test_a_resolver_that_hangs_is_given_up(recorder: Recorder) -> None:
    async def hanging(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    line = Line(parse_allow([]), hanging, recorder, None)
    limits = Limits(max_bytes=9, total_time=600.0, redirects=0, connect_time=0.02)
    with pytest.raises(InvalidURL) as caught:
        await download(line, "http://a.example/", Path("never-written"), limits)
    assert caught.value.code == "InvalidURL.Timeout"

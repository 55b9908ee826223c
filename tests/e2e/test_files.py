"""The video's link: signed, ranged, cached, and good for nothing when touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from dalang.clock import system_clock
from dalang.home import Home
from dalang.storage.local import LocalStorage
from tests.e2e.running import Server


@pytest.fixture(scope="module")
def link(server: Server) -> str:
    return str(server.succeed(server.create())["video_url"])


@pytest.fixture
def get(server: Server, link: str) -> httpx.Client:
    """No key: the signature is the authorization."""
    return server.client(None)


def test_the_link_is_the_same_from_poll_to_poll(server: Server, link: str) -> None:
    task = link.split("/")[4]
    assert {server.query(task)["video_url"] for _ in range(3)} == {link}


def test_get_answers_the_whole_file(get: httpx.Client, link: str) -> None:
    reply = get.get(link)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "video/mp4"
    assert reply.headers["accept-ranges"] == "bytes"
    assert len(reply.content) == int(reply.headers["content-length"])
    assert reply.content[4:8] == b"ftyp"


def test_head_answers_the_same_without_the_bytes(get: httpx.Client, link: str) -> None:
    head, whole = get.head(link), get.get(link)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "last-modified"):
        assert head.headers[name] == whole.headers[name]


def test_a_range_answers_206_with_those_bytes(get: httpx.Client, link: str) -> None:
    whole = get.get(link).content
    for asked, bytes_ in (("0-99", whole[:100]), (f"{len(whole) - 7}-", whole[-7:]), ("-50", whole[-50:])):
        reply = get.get(link, headers={"Range": f"bytes={asked}"})
        assert reply.status_code == 206
        assert reply.content == bytes_
        assert reply.headers["content-range"].endswith(f"/{len(whole)}")


def test_a_range_beyond_the_end_answers_416(get: httpx.Client, link: str) -> None:
    assert get.get(link, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_if_range_gives_the_range_only_of_the_same_file(get: httpx.Client, link: str) -> None:
    etag = get.head(link).headers["etag"]
    assert get.get(link, headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    assert get.get(link, headers={"Range": "bytes=0-9", "If-Range": '"another"'}).status_code == 200


def test_if_none_match_answers_304_without_a_body(get: httpx.Client, link: str) -> None:
    etag = get.head(link).headers["etag"]
    for sent in (etag, f'"another", {etag}', "*", f"W/{etag}"):
        reply = get.get(link, headers={"If-None-Match": sent})
        assert (reply.status_code, reply.content) == (304, b""), sent
        assert reply.headers["etag"] == etag
    assert get.get(link, headers={"If-None-Match": '"another"'}).status_code == 200


def without_expiry(link: str) -> str:
    return re.sub(r"Expires=\d+&", "", link)


def later(link: str) -> str:
    return re.sub(r"Expires=(\d+)", lambda found: f"Expires={int(found[1]) + 1}", link)


def another_signature(link: str) -> str:
    return link[:-1] + ("A" if link[-1] != "A" else "B")


def no_signature(link: str) -> str:
    return link.split("&Signature")[0]


def no_ascii(link: str) -> str:
    return link + "%C3%A9"


def no_number(link: str) -> str:
    return re.sub(r"Expires=\d+", "Expires=soon", link)


def another_file(link: str) -> str:
    return link.replace("/1.mp4", "/2.mp4")


def up_a_folder(link: str) -> str:
    return link.replace("/1.mp4", "/..%2F..%2F..%2Fsecret")


@pytest.mark.parametrize(
    "touch",
    [without_expiry, later, another_signature, no_signature, no_ascii, no_number, another_file, up_a_folder],
)
def test_a_touched_link_answers_403_or_404_and_no_byte_of_any_file(
    get: httpx.Client, link: str, touch: Callable[[str], str]
) -> None:
    reply = get.get(touch(link))
    assert reply.status_code in (403, 404), reply.text
    assert reply.json()["code"] in ("AccessDenied", "NotFound")


def test_a_link_works_until_its_time_and_no_longer(server: Server, get: httpx.Client, link: str) -> None:
    storage = LocalStorage(server.data / "files", Home(server.data).secret(), system_clock)
    key, now = link.partition("/files/")[2].partition("?")[0], system_clock()
    assert get.get(storage.url(key, now + 60_000)).status_code == 200
    assert get.get(storage.url(key, now - 1000)).status_code == 403


def test_the_secret_that_signs_is_private(server: Server) -> None:
    for name in ("secret", "env"):
        assert (Path(server.data) / name).stat().st_mode & 0o777 == 0o600

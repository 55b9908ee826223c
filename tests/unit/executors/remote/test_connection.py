"""Whether anything was sent, and what stands in no answer."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from dalang.executors.remote import connection as module
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.trouble import Lost, NotReached
from dalang.remotes import Endpoint
from tests.unit.executors.remote.replies import raw, reply

KEY = "sk-the-operator-s"


def to(answer: Callable[[httpx.Request], httpx.Response]) -> Connection:
    return Connection(Endpoint("http://farm/v1/", key=KEY), httpx.MockTransport(answer))


async def test_the_key_goes_along_and_comes_back_in_no_answer() -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        return reply(400, {"message": f"{request.headers['authorization']} is wrong"})

    answer = await to(echo).ask("GET", "/models")
    assert (answer.status, answer.content) == (400, {"message": "Bearer *** is wrong"})


async def test_paths_follow_the_base_address() -> None:
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return reply(200, [1], retry_after="3")

    answer = await to(note).ask("GET", "/models?a=b")
    assert asked == ["http://farm/v1/models?a=b"]
    assert (answer.content, answer.retry_after) == ({}, 3.0), "what is no object tells nothing"


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout])
async def test_without_a_connection_nothing_was_sent(error: type[httpx.TransportError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("no")

    with pytest.raises(NotReached):
        await to(fail).ask("POST", "/videos", content=b"x")


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError])
async def test_after_that_something_may_have_been(error: type[httpx.TransportError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("no")

    with pytest.raises(Lost):
        await to(fail).ask("POST", "/videos", content=b"x")


async def test_an_answer_without_end_is_not_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER", 100)
    with pytest.raises(Lost, match="without end"):
        await to(lambda _: raw(200, bytes(101))).ask("GET", "/models")


@pytest.mark.parametrize(
    "content",
    [b'{"a":' * 100_000, b'{"a": "\xff"}', b'{"a": "\\ud800"}', b'{"a": NaN}', b'{"a": 1e999}', b"\x1f\x8b\x08", b""],
)
async def test_what_is_no_json_tells_nothing(content: bytes) -> None:
    assert (await to(lambda _: raw(200, content)).ask("GET", "/models")).content == {}


async def test_a_word_that_stands_for_a_key_is_no_secret() -> None:
    """It would be cut out of identifiers, and an order be lost."""
    connection = Connection(
        Endpoint("http://farm/v1", key="video"), httpx.MockTransport(lambda _: reply(200, {"id": "video_1"}))
    )
    assert (await connection.ask("POST", "/videos")).content == {"id": "video_1"}


def test_no_line_of_a_log_shows_the_key() -> None:
    assert KEY not in repr(Endpoint("http://farm/v1", key=KEY))

"""A chat service is asked within limits, and whatever else it answers is one exception."""

from __future__ import annotations

import logging
import re
import socket
from typing import Any

import msgspec
import pytest
from chat_service import OK, ChatService, chat_service, reply, said
from tests.samples import IMAGE, TEXT

from dalang.models import MODELS
from dalang.prompt import Chat, ExtensionFailed
from dalang.task import VideoRequest

KEY = "secret-of-the-operator"


async def ask(service: ChatService, request: VideoRequest = TEXT, **changes: Any) -> str:
    chat = Chat(service.url, "qwen-plus", KEY, 30.0)
    try:
        return await chat.extend(msgspec.structs.replace(request, **changes))
    finally:
        await chat.close()


async def test_the_answer_is_the_extended_prompt() -> None:
    async with chat_service(said("A fox runs through snow, wide shot, cold light.")) as service:
        assert await ask(service) == "A fox runs through snow, wide shot, cold light."


async def test_it_is_asked_as_openai_documents() -> None:
    async with chat_service(said("x")) as service:
        await ask(service, seed=42)
    (head,), (body,) = service.heads, service.bodies
    assert head.startswith("POST /v1/chat/completions HTTP/1.1\r\n")
    assert f"authorization: bearer {KEY}" in head.lower()
    assert (body["model"], body["temperature"], body["seed"]) == ("qwen-plus", 0, 42)
    assert 0 < body["max_tokens"] <= 4096
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "A fox runs through snow" in body["messages"][1]["content"]


@pytest.mark.parametrize(
    ("request_", "changes", "holds"),
    [
        (TEXT, {"negative_prompt": "flowers"}, "flowers"),
        (TEXT, {"duration": 10}, "10 seconds"),
        (TEXT, {"shots": "multi"}, "at least two shots"),
        (TEXT, {"shots": "single"}, "one continuous take"),
        (TEXT, {}, "1500 characters"),
        (IMAGE, {}, "given picture"),
    ],
)
async def test_the_order_tells_all_that_binds(request_: VideoRequest, changes: dict[str, Any], holds: str) -> None:
    async with chat_service(said("x")) as service:
        await ask(service, request_, **changes)
    assert holds in service.bodies[0]["messages"][1]["content"]


async def test_without_a_key_none_is_sent() -> None:
    async with chat_service(said("x")) as service:
        chat = Chat(service.url + "/", "m", None, 30.0)
        await chat.extend(TEXT)
        await chat.close()
    assert "authorization" not in service.heads[0].lower()
    assert "/v1/chat/completions" in service.heads[0]


async def test_a_long_answer_is_cut_to_the_models_limit() -> None:
    async with chat_service(said("word " * 1000)) as service:
        assert len(await ask(service)) == MODELS[TEXT.model].limits.prompt


async def test_thoughts_are_no_part_of_the_answer() -> None:
    async with chat_service(said("<think>\nLet me see.\n</think>\n\nA fox.")) as service:
        assert await ask(service) == "A fox."


@pytest.mark.parametrize("answer", ["```\nA fox.\n```", "```text\nA fox.```"])
async def test_a_block_of_code_is_what_stands_in_it(answer: str) -> None:
    async with chat_service(said(answer)) as service:
        assert await ask(service) == "A fox."


async def test_single_makes_one_take_of_a_list_in_the_answer() -> None:
    async with chat_service(said("Shot 1: a fox. Shot 2: snow.")) as service:
        assert await ask(service, shots="single") == "a fox. snow."


async def test_it_is_not_asked_about_no_words() -> None:
    async with chat_service(said("An invention")) as service:
        assert await ask(service, IMAGE, prompt=" ") == "Gentle natural motion. The camera pushes in slowly."
    assert service.heads == []


async def test_a_lost_connection_is_tried_once_more() -> None:
    async with chat_service(said("A fox.")) as service:
        service.lost = 1
        assert await ask(service) == "A fox."


REDIRECT = reply(b"", b"HTTP/1.1 302 Found\r\nLocation: /v1/elsewhere\r\n")
COMPRESSED = reply(b"\x1f\x8b" + bytes(40), OK + b"Content-Encoding: gzip\r\n")

FAILURES = {
    "answered 500": reply(b"{}", b"HTTP/1.1 500 Oops\r\n"),
    "answered 401": reply(b"{}", b"HTTP/1.1 401 No\r\n"),
    "answered 302": REDIRECT,
    "answered without end": OK + b"\r\n",
    "gave no answer$": reply(b'{"choices": []}'),
    "gave an empty answer": said(" \n"),
    "gave an empty answer$": said(None),
    "broke off": said("A fox runs thr", "length"),
    "cannot be read": reply(b"<html>"),
    "cannot be read$": reply(b'{"error": "none"}'),
    "that cannot be read": reply(b"[" * 100_000),
    "an answer that cannot be read": COMPRESSED,
    "cannot be reached": b"garbage Content-Length\r\n\r\n",
}


@pytest.mark.parametrize("reason", FAILURES)
async def test_whatever_else_comes_is_one_exception(reason: str) -> None:
    async with chat_service(FAILURES[reason]) as service:
        with pytest.raises(ExtensionFailed) as failed:
            await ask(service)
    assert re.search(reason, failed.value.reason), failed.value.reason
    assert {head.split()[1] for head in service.heads} == {"/v1/chat/completions"}, "it went elsewhere"


async def test_its_time_is_limited() -> None:
    async with chat_service(None) as service:
        chat = Chat(service.url, "m", None, 0.05)
        with pytest.raises(ExtensionFailed, match=r"gave no answer within 0\.05 s"):
            await chat.extend(TEXT)
        await chat.close()


async def test_nobody_there() -> None:
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))
        chat = Chat(f"http://127.0.0.1:{taken.getsockname()[1]}", "m", None, 30.0)
        with pytest.raises(ExtensionFailed, match="cannot be reached"):
            await chat.extend(TEXT)
        await chat.close()


async def test_an_address_that_is_none() -> None:
    chat = Chat("http://[::1", "m", None, 30.0)
    with pytest.raises(ExtensionFailed, match="address"):
        await chat.extend(TEXT)
    await chat.close()


async def test_the_key_is_in_no_log_and_no_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with chat_service(reply(b"{}", b"HTTP/1.1 401 No\r\n")) as service:
        with pytest.raises(ExtensionFailed) as failed:
            await ask(service)
    assert service.heads, "it was not asked"
    assert KEY not in caplog.text + str(failed.value)

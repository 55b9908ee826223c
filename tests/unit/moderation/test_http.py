"""A real server on the loopback answers as a moderation service would, or as it should not."""

from __future__ import annotations

import base64
import gzip
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dalang import endpoint
from dalang.errors import ConfigError
from dalang.moderation import http
from dalang.moderation.http import Judge
from dalang.moderation.verdict import Verdict
from tests.moderation_host import Ask, ModerationHost, drip, endless, hang_up, moderation_host, results, silence

JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def host() -> Iterator[ModerationHost]:
    with moderation_host() as host:
        yield host


@pytest.fixture
async def service(host: ModerationHost) -> AsyncIterator[Judge]:
    service = Judge(host.url, "omni", "sk-moderation", limit=20.0)
    yield service
    await service.close()


@pytest.fixture
async def hurried(host: ModerationHost) -> AsyncIterator[Judge]:
    service = Judge(host.url, "omni", None, limit=0.2)
    yield service
    await service.close()


async def test_a_text_and_a_picture_are_asked_about_one_by_one(
    host: ModerationHost, service: Judge, tmp_path: Path
) -> None:
    picture = tmp_path / "still.jpg"
    picture.write_bytes(JPEG)
    assert await service.judge(["a card", picture]) == [Verdict(), Verdict()]
    parts = sorted((asked["input"] for _, _, asked in host.asked), key=lambda input: str(input[0]["type"]))
    url = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"
    assert parts == [[{"type": "image_url", "image_url": {"url": url}}], [{"type": "text", "text": "a card"}]]
    assert {asked["model"] for _, _, asked in host.asked} == {"omni"}
    assert {path for path, _, _ in host.asked} == {"/v1/moderations"}
    assert {headers["Authorization"] for _, headers, _ in host.asked} == {"Bearer sk-moderation"}


async def test_verdicts_come_in_the_order_of_what_was_asked(host: ModerationHost, service: Judge) -> None:
    def answer(ask: Ask) -> None:
        results({"flagged": ask.json["input"][0]["text"] in ("2", "5")})(ask)

    host.answer = answer
    verdicts = await service.judge([str(number) for number in range(8)])
    assert [number for number, verdict in enumerate(verdicts) if verdict.ground] == [2, 5]


@pytest.mark.parametrize(
    ("result", "ground"),
    [
        ({"flagged": False, "categories": {"violence": True}}, None),
        ({"flagged": True}, "unfit"),
        ({"flagged": True, "categories": None}, "unfit"),
        ({"flagged": True, "categories": {"violence": True, "illicit": None}}, "unfit"),
        ({"flagged": True, "categories": {"violence": False, "copyright": True}}, "ip"),
        ({"flagged": True, "categories": {"IP/characters": True}}, "ip"),
        ({"flagged": True, "categories": {"ip_infringement": True}}, "ip"),
        ({"flagged": True, "categories": {"violence": True, "copyright": True}}, "unfit"),
        ({"flagged": True, "categories": {"script kiddies": True, "copyright": False}}, "unfit"),
    ],
)
async def test_what_is_flagged_is_unfit_unless_all_that_applies_is_property(
    host: ModerationHost, service: Judge, result: dict[str, Any], ground: str | None
) -> None:
    host.answer = results(result)
    assert await service.judge(["a card"]) == [Verdict(ground)]  # type: ignore[arg-type]


async def test_one_flagged_result_of_several_counts(host: ModerationHost, service: Judge) -> None:
    host.answer = results({"flagged": False}, {"flagged": True})
    assert await service.judge(["a card"]) == [Verdict("unfit")]


UNUSABLE: dict[str, tuple[Callable[[Ask], None], str]] = {
    "a fault": (lambda ask: ask.reply(b"{}", 500), "the moderation service answered 500"),
    "a refusal": (lambda ask: ask.reply(b"{}", 429), "the moderation service answered 429"),
    "a redirect": (
        lambda ask: ask.reply(b"", 302, Location="/v1/elsewhere"),
        "the moderation service answered 302",
    ),
    "no JSON": (lambda ask: ask.reply(b"<html>"), "the moderation service gave an answer that cannot be read"),
    "no UTF-8": (
        lambda ask: ask.reply(b'{"results": [{"flagged": false, "categories": {"\xff": 1}}]}'),
        "the moderation service gave an answer that cannot be read",
    ),
    "too deep": (
        lambda ask: ask.reply(b'{"results": ' + b"[" * 100_000),
        "the moderation service gave an answer that cannot be read",
    ),
    "other JSON": (
        lambda ask: ask.reply(b'{"flagged": false}'),
        "the moderation service gave an answer that cannot be read",
    ),
    "flagged in words": (results({"flagged": "no"}), "the moderation service gave an answer that cannot be read"),
    "no result": (results(), "the moderation service gave no result"),
    "compressed": (
        lambda ask: ask.reply(gzip.compress(b'{"results": [{"flagged": false}]}'), **{"Content-Encoding": "gzip"}),
        "the moderation service gave an answer that cannot be read",
    ),
    "endless": (endless, "the moderation service answered without end"),
}


@pytest.mark.parametrize("case", UNUSABLE)
async def test_an_answer_that_says_nothing_is_no_verdict(host: ModerationHost, service: Judge, case: str) -> None:
    host.answer, failure = UNUSABLE[case]
    assert await service.judge(["a card"]) == [Verdict(failure=failure)]
    assert len(host.asked) == 1


@pytest.mark.parametrize("answer", [silence, drip])
async def test_an_answer_that_is_late_is_no_verdict(
    host: ModerationHost, hurried: Judge, answer: Callable[[Ask], None]
) -> None:
    host.answer = answer
    late = Verdict(failure="the moderation service gave no answer within 0.2 s")
    assert await hurried.judge(["a card"] * (http.AT_ONCE + 1)) == [late] * (http.AT_ONCE + 1)
    assert len(host.asked) <= http.AT_ONCE, "who waits for a turn has no more time than the others"


async def test_what_was_answered_in_time_counts_although_the_rest_is_late(host: ModerationHost, hurried: Judge) -> None:
    def answer(ask: Ask) -> None:
        (results({"flagged": True}) if ask.json["input"][0]["text"] == "bad" else silence)(ask)

    host.answer = answer
    verdicts = await hurried.judge(["good", "bad"])
    assert verdicts[0].failure
    assert verdicts[1] == Verdict("unfit")


async def test_a_broken_connection_is_tried_once_more(host: ModerationHost, service: Judge) -> None:
    host.answer = lambda ask: (hang_up if len(host.asked) == 1 else results({"flagged": True}))(ask)
    assert await service.judge(["a card"]) == [Verdict("unfit")]
    host.asked.clear()
    host.answer = hang_up
    assert await service.judge(["a card"]) == [Verdict(failure="the moderation service cannot be reached")]
    assert len(host.asked) == endpoint.TRIES


async def test_a_service_that_is_not_there_is_no_verdict(host: ModerationHost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    service = Judge(f"http://127.0.0.1:{port}", "omni", None, limit=20.0)
    assert await service.judge(["a card"]) == [Verdict(failure="the moderation service cannot be reached")]
    await service.close()


async def test_a_picture_that_is_gone_is_no_verdict(service: Judge, tmp_path: Path) -> None:
    assert await service.judge([tmp_path / "gone.jpg"]) == [
        Verdict(failure="it could not be read (No such file or directory)")
    ]


def test_an_address_that_is_none_stops_the_start() -> None:
    with pytest.raises(ConfigError, match="Setting moderation_url"):
        Judge("http://[::1", "omni", None, limit=1.0)

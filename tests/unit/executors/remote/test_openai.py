"""What a server of open weights is told, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes
from typing import Any

import httpx
import msgspec
import pytest

from dalang.errors import InvalidParameter
from dalang.events import Obtain
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.openai import OpenAI
from dalang.executors.remote.trouble import Busy, Lost, Refused
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line
from dalang.remotes import Endpoint, Remote
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import TEXT, text_task
from tests.unit.executors.remote.replies import reply

ENDPOINT = Endpoint("http://farm/v1", key="sk-farm")


def dialect(fps: int | None = None) -> OpenAI:
    return OpenAI(Remote("openai", (ENDPOINT,), fps=fps), Line(parse_allow((), "TEST")))


def answering(status: int, content: Any) -> Connection:
    return Connection(ENDPOINT, httpx.MockTransport(lambda _: reply(status, content)))


async def fields(task: Task, *, fps: int | None = None, files: Mapping[str, Any] | None = None) -> dict[str, str]:
    content = await dialect(fps).letter(answering(200, {}), Obtain(task, "out.mp4", **(files or {})))
    head = f"content-type: {dialect().envelope(task).headers['Content-Type']}\r\n\r\n".encode()
    parts = [part for part in message_from_bytes(head + content).walk() if not part.is_multipart()]
    return {str(part.get_param("name", header="content-disposition")): str(part.get_payload()) for part in parts}


async def test_text_to_video(clock: ManualClock) -> None:
    assert await fields(text_task(clock)) == {
        "model": "wan2.6-t2v",
        "prompt": "A fox runs through snow",
        "seconds": "5",
        "size": "1280x720",
        "seed": "7",
    }


async def test_what_else_is_asked(clock: ManualClock) -> None:
    asked = msgspec.structs.replace(TEXT, negative_prompt="rain")
    task = text_task(clock, request=asked, checkpoint="Wan-AI/Wan2.2", prepared=Prepared(width=832, height=480))
    told = await fields(task, fps=16)
    expected = {"model": "Wan-AI/Wan2.2", "negative_prompt": "rain", "fps": "16", "size": "832x480"}
    assert expected.items() <= told.items()


async def test_a_prompt_is_extended_here(clock: ManualClock) -> None:
    by_rules = text_task(clock, request=msgspec.structs.replace(TEXT, prompt_extend=True))
    told = await fields(by_rules)
    assert told["prompt"] == await dialect().extended(by_rules)
    assert told["prompt"].startswith(TEXT.prompt)
    assert told["prompt"] != TEXT.prompt
    by_chat = text_task(clock, prepared=Prepared(width=1280, height=720, prompt="Much longer"))
    assert (await fields(by_chat))["prompt"] == "Much longer"


@pytest.mark.parametrize("files", [{"clip": "/x/clip.mp4"}, {"image": "/x/a.png", "last_image": "/x/b.png"}])
async def test_what_it_cannot_make_is_not_ordered(clock: ManualClock, files: dict[str, str]) -> None:
    with pytest.raises(InvalidParameter, match="takes one picture"):
        await fields(text_task(clock), files=files)


def test_what_it_leaves_out_is_told() -> None:
    asked = msgspec.structs.replace(TEXT, audio="input:x/audio.wav", watermark=True)
    assert [text.split(":")[0] for text in dialect().not_done(asked)] == [
        "The server that makes this model's videos takes no sound",
        "The server that makes this model's videos draws no watermark.",
    ]
    assert dialect().not_done(TEXT) == ()


@pytest.mark.parametrize(
    ("status", "ours"),
    [("queued", "PENDING"), ("in_progress", "RUNNING"), ("completed", "SUCCEEDED"), ("cancelled", "CANCELED")],
)
async def test_how_an_order_stands(status: str, ours: str) -> None:
    seen = await dialect().look(answering(200, {"id": "video_1", "status": status, "progress": 25}), "video_1")
    assert (seen.status, seen.progress) == (TaskStatus(ours), 0.25)


@pytest.mark.parametrize(("progress", "part"), [(-5, 0.0), (250, 1.0), ("half", 0.0), (None, 0.0)])
async def test_progress_is_a_part_of_the_whole(progress: object, part: float) -> None:
    seen = await dialect().look(answering(200, {"id": "v", "status": "queued", "progress": progress}), "v")
    assert seen.progress == part


async def test_a_status_of_another_kind_is_looked_at_again() -> None:
    with pytest.raises(Busy):
        await dialect().look(answering(200, {"id": "v", "status": "dreaming"}), "v")


@pytest.mark.parametrize("name", [None, 7, "", "../videos/other", "a b", "..", "a\n", "a/b", "a?b", "é", "a" * 201])
async def test_an_order_without_a_usable_name_is_lost(clock: ManualClock, name: object) -> None:
    with pytest.raises(Lost):
        await dialect().order(answering(200, {"id": name}), dialect().envelope(text_task(clock)), b"")


@pytest.mark.parametrize("name", ["video_1", "video-68af.1:2", "0f8c9d0e-1111-4222-8333-444455556666"])
async def test_names_of_all_servers_are_usable(clock: ManualClock, name: str) -> None:
    connection = answering(200, {"id": name})
    assert await dialect().order(connection, dialect().envelope(text_task(clock)), b"") == name


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"error": {"message": "No.", "code": "bad_size"}}, "No."),
        ({"detail": "prompt is required"}, "prompt is required"),
        ({"detail": [{"loc": ["body"], "msg": "field required"}, {"msg": "wrong type"}]}, "field required; wrong type"),
        ({"object": "error", "message": "Not here."}, "Not here."),
    ],
)
async def test_refusals_of_all_shapes(clock: ManualClock, content: Any, told: str) -> None:
    with pytest.raises(Refused) as raised:
        await dialect().order(answering(422, content), dialect().envelope(text_task(clock)), b"")
    assert raised.value.problem.message == told

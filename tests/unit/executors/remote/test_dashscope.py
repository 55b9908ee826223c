"""What the cloud, or another Dalang, is told, and what its answers mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from dalang.events import Obtain
from dalang.executors.remote import dashscope
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.dashscope import DashScope
from dalang.executors.remote.trouble import Busy, Lost
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line
from dalang.remotes import Endpoint, Remote
from dalang.task import Prepared, Task, TaskStatus, VideoRequest
from tests.clock import ManualClock
from tests.samples import IMAGE, TEXT, text_task
from tests.unit.executors.remote.replies import reply

ENDPOINT = Endpoint("https://dashscope.aliyuncs.com/api/v1", key="sk-cloud")


def dialect(*, is_dalang: bool = False) -> DashScope:
    return DashScope(Remote("dashscope", (ENDPOINT,), dalang=is_dalang), Line(parse_allow((), "TEST")))


def answering(status: int, content: Any, asked: list[httpx.Request] | None = None) -> Connection:
    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        return reply(status, content)

    return Connection(ENDPOINT, httpx.MockTransport(answer))


async def letter(monkeypatch: pytest.MonkeyPatch, task: Task, **files: Any) -> dict[str, Any]:
    async def upload(*arguments: Any) -> str:
        return f"oss://{Path(arguments[3]).name}"

    monkeypatch.setattr(dashscope, "upload", upload)
    content = await dialect().letter(answering(200, {}), Obtain(task, "out.mp4", **files))
    found: dict[str, Any] = json.loads(content)
    return found


def of(clock: ManualClock, request: VideoRequest, **changes: Any) -> Task:
    return text_task(clock, request=msgspec.structs.replace(request, **changes))


def test_another_dalang_is_told_the_profile_of_the_route(clock: ManualClock) -> None:
    task = text_task(clock, engine="far", pool="far", profile="fast")
    assert dialect(is_dalang=True).envelope(task).headers["X-Dalang-Profile"] == "fast"
    assert "X-Dalang-Profile" not in dialect(is_dalang=True).envelope(text_task(clock)).headers


async def test_text_to_video(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
    asked = of(clock, TEXT, prompt_extend=True, negative_prompt="rain", shots="multi", watermark=True)
    assert await letter(monkeypatch, asked) == {
        "model": "wan2.6-t2v",
        "input": {"prompt": "A fox runs through snow", "negative_prompt": "rain"},
        "parameters": {
            "size": "1280*720",
            "duration": 5,
            "prompt_extend": True,
            "shot_type": "multi",
            "watermark": True,
            "seed": 7,
        },
    }


async def test_the_words_are_the_caller_s_whatever_we_made_of_them(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    task = msgspec.structs.replace(text_task(clock), prepared=Prepared(width=1280, height=720, prompt="Much longer"))
    assert (await letter(monkeypatch, task))["input"]["prompt"] == TEXT.prompt


async def test_the_newest_family_takes_a_ratio(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
    told = (await letter(monkeypatch, of(clock, TEXT, model="wan2.7-t2v")))["parameters"]
    assert (told["resolution"], told["ratio"]) == ("720P", "16:9")
    assert "size" not in told


async def test_image_to_video(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
    asked = of(clock, IMAGE, model="wan2.6-i2v-flash", sound=False)
    told = await letter(monkeypatch, asked, image="/x/image.png", audio="/x/audio.wav")
    assert told["input"] == {"prompt": TEXT.prompt, "img_url": "oss://image.png", "audio_url": "oss://audio.wav"}
    assert (told["parameters"]["resolution"], told["parameters"]["audio"]) == ("720P", False)


async def test_a_clip_comes_with_its_own_last_frame(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
    told = await letter(monkeypatch, of(clock, IMAGE, model="wan2.7-i2v"), image="/x/image.png", clip="/x/clip.mp4")
    assert told["input"]["media"] == [{"type": "first_clip", "url": "oss://clip.mp4"}]


async def test_key_frames_have_their_own_path(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
    task = of(clock, IMAGE, model="wan2.2-kf2v-flash", kind="kf2v")
    told = await letter(monkeypatch, task, image="/x/a.png", last_image="/x/b.png")
    assert (told["input"]["first_frame_url"], told["input"]["last_frame_url"]) == ("oss://a.png", "oss://b.png")
    assert dialect().envelope(task).path == "/services/aigc/image2video/video-synthesis"
    assert dialect().envelope(text_task(clock)).path == "/services/aigc/video-generation/video-synthesis"


async def test_an_order_carries_the_task_s_name(clock: ManualClock) -> None:
    asked: list[httpx.Request] = []
    task = text_task(clock)
    connection = answering(200, {"output": {"task_id": "abc-1", "task_status": "PENDING"}}, asked)
    assert await dialect().order(connection, dialect().envelope(task), b"{}") == "abc-1"
    (request,) = asked
    assert request.headers["idempotency-key"] == task.id
    assert request.headers["x-dashscope-async"] == "enable"
    assert request.headers["authorization"] == "Bearer sk-cloud"


@pytest.mark.parametrize("content", [{}, {"output": {}}, {"output": {"task_id": "../x", "task_status": "PENDING"}}])
async def test_an_order_without_a_name_is_lost(clock: ManualClock, content: Any) -> None:
    with pytest.raises(Lost):
        await dialect().order(answering(200, content), dialect().envelope(text_task(clock)), b"{}")


async def test_a_video_that_is_made() -> None:
    output = {"task_id": "a", "task_status": "SUCCEEDED", "video_url": "https://oss/v.mp4", "actual_prompt": "long"}
    seen = await dialect().look(answering(200, {"output": output, "usage": {"video_duration": 5}}), "a")
    assert (seen.status, seen.url, seen.prompt, seen.seconds) == (TaskStatus.SUCCEEDED, "https://oss/v.mp4", "long", 5)


@pytest.mark.parametrize("seconds", [-5, 1e300, 10**100, "5", None])
async def test_seconds_that_cannot_be_are_not_billed(seconds: object) -> None:
    output = {"task_id": "a", "task_status": "SUCCEEDED", "video_url": "https://oss/v.mp4"}
    seen = await dialect().look(answering(200, {"output": output, "usage": {"duration": seconds}}), "a")
    assert seen.seconds is None


async def test_what_is_kept_of_an_answer_has_its_bounds() -> None:
    told = {"warnings": ["w" * 10_000] * 100, "progress": -5}
    output = {"task_id": "a", "task_status": "RUNNING", "actual_prompt": "p" * 100_000, "dalang": told}
    seen = await dialect().look(answering(200, {"output": output}), "a")
    assert (seen.prompt, seen.progress) == (None, 0.0)
    assert (len(seen.warnings), len(seen.warnings[0])) == (20, 500)


async def test_one_that_failed_says_why() -> None:
    output = {"task_id": "a", "task_status": "FAILED", "code": "InvalidImage.ImageSize", "message": "Too small."}
    seen = await dialect().look(answering(200, {"output": output}), "a")
    assert seen.error is not None
    assert (seen.error.code, seen.error.message) == ("InvalidImage.ImageSize", "Too small.")


@pytest.mark.parametrize("is_dalang", [True, False])
async def test_a_dalang_is_waited_for_and_tells_its_progress(is_dalang: bool) -> None:
    asked: list[httpx.Request] = []
    output = {"task_id": "a", "task_status": "RUNNING", "dalang": {"progress": 0.25, "warnings": ["No voice."]}}
    seen = await dialect(is_dalang=is_dalang).look(answering(200, {"output": output}, asked), "a")
    assert (seen.progress, seen.warnings) == (0.25, ("No voice.",))
    assert asked[0].url.query == (b"wait=5" if is_dalang else b"")


@pytest.mark.parametrize("content", [[], {}, {"output": []}, {"output": {"task_id": "a"}}])
async def test_an_answer_of_another_kind_is_looked_at_again(content: Any) -> None:
    with pytest.raises(Lost):
        await dialect().look(answering(200, content), "a")


async def test_a_status_of_tomorrow_is_waited_out() -> None:
    with pytest.raises(Busy):
        await dialect().look(answering(200, {"output": {"task_id": "a", "task_status": "SUSPENDED"}}), "a")


async def test_only_a_dalang_is_told_to_cancel_what_runs() -> None:
    asked: list[httpx.Request] = []
    for is_dalang in (True, False):
        await dialect(is_dalang=is_dalang).cancel(answering(200, {}, asked), "a")
    assert [request.headers.get("x-dalang-cancel") for request in asked] == ["any", None]
    assert {request.url.path for request in asked} == {"/api/v1/tasks/a/cancel"}

"""The official Java SDK, by what its version 2.22.29 sends, headers, bodies and paths, and by what its classes read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.media_host import picture
from tests.e2e.running import KEY, Server
from tests.e2e.sdk.cases import Inputs

VIDEO = "/api/v1/services/aigc/video-generation/video-synthesis"
FRAMES = "/api/v1/services/aigc/image2video/video-synthesis"

HEADERS = {
    "Authorization": f"Bearer {KEY}",
    "Content-Type": "application/json",
    "Accept": "application/json; charset=utf-8",
    "User-Agent": "dashscope/2.22.29; java/17.0.15; platform/Linux; processor/amd64",
}
"""On every call, GET too."""

OUTPUT = {"task_id", "task_status", "video_url", "submit_time", "scheduled_time", "end_time", "orig_prompt", "dalang"}

WHOLE = {"video_count", "video_duration"}
"""Fields of type Integer: gson refuses a fraction there."""


@pytest.fixture(scope="module")
def java(hosting: Server) -> Iterator[httpx.Client]:
    """HTTP/1.1, as okhttp speaks it here."""
    with httpx.Client(base_url=hosting.url, headers=HEADERS, timeout=60, trust_env=False) as client:
        yield client


def create(java: httpx.Client, body: dict[str, Any], path: str = VIDEO) -> dict[str, Any]:
    reply = java.post(path, json=body, headers={"X-DashScope-Async": "enable"})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def text(**parameters: Any) -> dict[str, Any]:
    return {
        "model": "wan2.6-t2v",
        "input": {"prompt": "a card", "negative_prompt": "", "extend_prompt": True},
        "parameters": {
            "with_audio": False,
            "size": "1280*720",
            "duration": 2,
            "prompt_extend": True,
            "watermark": False,
            "seed": 12345,
            **parameters,
        },
    }


def wait(java: httpx.Client, task: str) -> dict[str, Any]:
    return dict(java.get(f"/api/v1/tasks/{task}", params={"wait": 60}).json())


def test_call_creates_and_reads_a_result_into_its_classes(java: httpx.Client) -> None:
    created = create(java, text())
    assert {"task_id", "task_status"} <= set(created["output"])
    reply = wait(java, created["output"]["task_id"])
    assert set(reply["output"]) == OUTPUT
    assert all(isinstance(value, str) for name, value in reply["output"].items() if name != "dalang")
    usage = reply["usage"]
    assert usage["size"] == "1280*720"
    assert {type(usage[name]) for name in ("duration", "input_video_duration", "output_video_duration", "SR")} == {int}
    assert {type(usage[name]) for name in WHOLE & set(usage)} == {int}


def test_the_path_of_two_frames_that_sticks_to_its_object_serves_every_model(java: httpx.Client) -> None:
    task = create(java, text(), FRAMES)["output"]["task_id"]
    (row,) = java.get("/api/v1/tasks/", params={"task_id": task}).json()["data"]
    assert row["model_name"] == "wan2.6-t2v"
    java.post(f"/api/v1/tasks/{task}/cancel")


def test_a_file_is_uploaded_by_the_form_it_sends_and_its_address_used(java: httpx.Client, hosting: Server) -> None:
    model = "wan2.1-i2v-turbo"
    policy = java.get("/api/v1/uploads", params={"action": "getPolicy", "model": model}).json()["data"]
    assert type(policy["x_oss_forbid_overwrite"]) is str, "okhttp takes strings for form fields only"
    form = {
        "OSSAccessKeyId": policy["oss_access_key_id"],
        "policy": policy["policy"],
        "Signature": policy["signature"],
        "key": f"{policy['upload_dir']}/kartu nama 雪.png",
        "x-oss-object-acl": policy["x_oss_object_acl"],
        "x-oss-forbid-overwrite": policy["x_oss_forbid_overwrite"],
        "success_action_status": "200",
        "x-oss-content-type": "image/png",
    }
    file = {"file": ("kartu nama 雪.png", picture(kind="PNG"), "image/png")}
    agent = {"User-Agent": "okhttp/4.12.0"}
    sent = httpx.post(policy["upload_host"], data=form, files=file, headers=agent, trust_env=False)
    assert sent.status_code == 200
    body = {
        "model": model,
        "input": {"prompt": "a card", "img_url": f"oss://{form['key']}", "extend_prompt": True},
        "parameters": {"with_audio": False, "resolution": "480P", "duration": 3, "prompt_extend": False},
    }
    without_its_header = create(java, body)["output"]["task_id"]
    assert hosting.succeed(without_its_header, within=60)["orig_prompt"] == "a card"


def test_media_are_read_beside_the_names_that_it_writes_in_camel_case(java: httpx.Client, inputs: Inputs) -> None:
    media = [
        {"type": "first_frame", "url": inputs.mapped("picture.png"), "referenceVoice": None},
        {"type": "driving_audio", "url": inputs.mapped("sound.mp3"), "referenceDescription": None},
    ]
    body = {
        "model": "wan2.7-i2v",
        "input": {"prompt": "a card", "media": media, "extend_prompt": True},
        "parameters": {"with_audio": False, "resolution": "720P", "duration": 2},
    }
    reply = wait(java, create(java, body)["output"]["task_id"])
    assert reply["output"]["task_status"] == "SUCCEEDED", reply


def test_cancel_with_an_empty_body_ends_a_task_that_waits(java: httpx.Client, inputs: Inputs) -> None:
    held = {"prompt": "a card", "img_url": inputs.host.url("/steady.jpg"), "extend_prompt": True}
    body = {"model": "wan2.1-i2v-turbo", "input": held, "parameters": {"with_audio": False, "resolution": "480P"}}
    task = create(java, body)["output"]["task_id"]
    ended = java.post(f"/api/v1/tasks/{task}/cancel", content=b"")
    assert (ended.status_code, set(ended.json())) == (200, {"request_id"})
    assert wait(java, task)["output"]["task_status"] == "CANCELED"
    again = java.post(f"/api/v1/tasks/{task}/cancel", content=b"")
    assert (again.status_code, again.json()["code"]) == (400, "UnsupportedOperation")


def test_list_has_what_its_classes_read(java: httpx.Client) -> None:
    reply = java.get("/api/v1/tasks/", params={"page_no": 1, "page_size": 10}).json()
    numbers = [reply[name] for name in ("total", "total_page", "page_no", "page_size")]
    assert {type(number) for number in numbers} == {int}
    for row in reply["data"]:
        times = [row[name] for name in ("gmt_create", "start_time", "end_time") if name in row]
        assert {type(time) for time in times} == {int}, "Long"


def test_an_error_has_the_flat_body_that_it_reads(java: httpx.Client) -> None:
    refused = java.post(VIDEO, json=text(size="1*1"), headers={"X-DashScope-Async": "enable"})
    assert refused.status_code == 400
    assert set(refused.json()) == {"code", "message", "request_id"}
    unknown = java.get("/api/v1/tasks/no-such-task")
    assert unknown.json()["output"] == {"task_id": "no-such-task", "task_status": "UNKNOWN"}

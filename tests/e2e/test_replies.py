"""The documented fields of every reply, and no other, for each family of models; and the video that comes with it."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.film import look_at
from tests.e2e.media_host import picture
from tests.e2e.running import CREATE, Server, task_id

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}")

IMAGE = "data:image/jpeg;base64," + base64.b64encode(picture(400, 300)).decode()

SUCCEEDED = [
    "task_id",
    "task_status",
    "submit_time",
    "scheduled_time",
    "end_time",
    "orig_prompt",
    "video_url",
    "dalang",
]

# model, parameters, usage, size, seconds, has sound
FAMILIES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[int, int], int, bool]] = [
    (
        "wan2.6-t2v",
        {"size": "1280*720", "duration": 2},
        {
            "duration": 2,
            "size": "1280*720",
            "input_video_duration": 0,
            "output_video_duration": 2,
            "video_count": 1,
            "SR": 720,
        },
        (1280, 720),
        2,
        True,
    ),
    (
        "wan2.6-i2v",
        {"resolution": "720P", "duration": 2},
        {"duration": 2, "input_video_duration": 0, "output_video_duration": 2, "video_count": 1, "SR": 720},
        (1104, 816),
        2,
        True,
    ),
    (
        "wan2.6-i2v-flash",
        {"resolution": "720P", "duration": 2, "audio": False},
        {
            "duration": 2,
            "input_video_duration": 0,
            "output_video_duration": 2,
            "video_count": 1,
            "SR": 720,
            "audio": False,
        },
        (1104, 816),
        2,
        False,
    ),
    (
        "wan2.5-t2v-preview",
        {"size": "480*832"},
        {"video_duration": 5, "video_ratio": "480*832", "video_count": 1},
        (480, 832),
        5,
        True,
    ),
    (
        "wan2.5-i2v-preview",
        {"resolution": "480P"},
        {"duration": 5, "SR": 480, "video_count": 1},
        (720, 544),
        5,
        True,
    ),
    (
        "wan2.2-t2v-plus",
        {"size": "624*624"},
        {"video_duration": 5, "video_ratio": "624*624", "video_count": 1},
        (624, 624),
        5,
        False,
    ),
    (
        "wan2.2-i2v-flash",
        {"resolution": "480P"},
        {"duration": 5, "SR": 480, "video_count": 1},
        (720, 544),
        5,
        False,
    ),
    (
        "wan2.1-i2v-turbo",
        {"resolution": "480P", "duration": 3},
        {"video_duration": 3, "video_ratio": "standard", "video_count": 1},
        (720, 544),
        3,
        False,
    ),
]


@pytest.mark.parametrize(
    ("model", "parameters", "usage", "size", "seconds", "has_sound"), FAMILIES, ids=[row[0] for row in FAMILIES]
)
def test_a_finished_task_has_its_family_s_fields_and_its_video_is_what_they_say(
    server: Server,
    model: str,
    parameters: dict[str, Any],
    usage: dict[str, Any],
    size: tuple[int, int],
    seconds: int,
    has_sound: bool,
) -> None:
    image = {"img_url": IMAGE} if "i2v" in model else {}
    task = task_id(server.post(model, parameters, prompt="a card", **image))
    output = server.succeed(task)
    reply = server.http.get(f"/api/v1/tasks/{task}").json()
    assert list(reply) == ["request_id", "output", "usage"]
    assert [name for name in output if name != "actual_prompt"] == SUCCEEDED
    assert ("actual_prompt" in output) is not model.startswith("wan2.6"), "told by every family but wan2.6"
    assert list(reply["usage"].items()) == list(usage.items()), "names, values and order"
    film = look_at(server.http.get(output["video_url"]).content)
    assert film.size == size
    assert film.fps == 30
    assert film.frames == seconds * 30
    assert film.seconds == pytest.approx(seconds, abs=0.01)
    assert film.codecs == (("h264", "aac") if has_sound else ("h264",))


def test_create_answers_pending_with_a_uuid(server: Server) -> None:
    reply = server.post("wan2.1-t2v-turbo", {"size": "832*480", "seed": 11}, prompt="a card").json()
    assert set(reply) == {"output", "request_id"}
    assert set(reply["output"]) == {"task_status", "task_id", "dalang"}
    assert reply["output"]["task_status"] == "PENDING"
    assert reply["output"]["dalang"]["seed"] == 11
    assert UUID.fullmatch(reply["output"]["task_id"])
    assert UUID.fullmatch(reply["request_id"])
    server.succeed(reply["output"]["task_id"])


def test_times_are_in_utc_plus_8_and_in_order(server: Server) -> None:
    output = server.succeed(server.create())
    times = [output[name] for name in ("submit_time", "scheduled_time", "end_time")]
    assert all(TIME.fullmatch(time) for time in times)
    assert times == sorted(times)
    there = (datetime.now(UTC) + timedelta(hours=8)).replace(tzinfo=None)
    assert abs(there - datetime.fromisoformat(times[-1])) < timedelta(minutes=1)


def test_a_failed_task_has_code_and_message_in_output_only_and_no_usage(server: Server) -> None:
    task = server.create_from("http://127.0.0.1:9/picture.jpg")
    output = server.fail(task)
    assert list(output) == ["task_id", "task_status", "submit_time", "end_time", "code", "message", "dalang"]
    assert set(server.http.get(f"/api/v1/tasks/{task}").json()) == {"request_id", "output"}


def test_an_unknown_task_is_unknown_at_200_with_nothing_else(server: Server) -> None:
    unknown = "00000000-0000-7000-8000-000000000000"
    assert server.query(unknown) == {"task_id": unknown, "task_status": "UNKNOWN"}


def test_a_cut_prompt_and_unknown_keys_are_no_error(server: Server) -> None:
    body = {
        "model": "wan2.1-t2v-turbo",
        "input": {"prompt": "字" * 2000, "extend_prompt": True, "function": "video-synthesis", "template": None},
        "parameters": {"size": "832*480", "with_audio": False, "steps": 50},
    }
    task = task_id(server.http.post(CREATE + "?size=1280*720", json=body))
    assert server.succeed(task)["orig_prompt"] == "字" * 800


def test_a_trailing_slash_and_a_query_string_change_nothing(server: Server) -> None:
    task = server.create()
    for path in (f"/api/v1/tasks/{task}/", f"/api/v1/tasks/{task}?x=1"):
        reply = server.http.get(path, follow_redirects=False)
        assert reply.status_code == 200
        assert reply.json()["output"]["task_id"] == task
    server.succeed(task)

"""Magic prompts over plain HTTP: what the documented table says comes true, and only in test mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.running import CREATE, SMALL_TEXT, Server, task_id


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("magic") / "data", test="true").start()
    yield server
    assert server.stop() == 0


def ask(server: Server, word: str) -> httpx.Response:
    model, parameters = SMALL_TEXT
    return server.post(model, parameters, prompt=f"A fox test:{word}")


def states(server: Server, word: str) -> list[str]:
    """What query after query answers, until the end."""
    task, seen = task_id(ask(server, word)), ["none"]
    while seen[-1] not in ("SUCCEEDED", "FAILED"):
        seen.append(server.status(task))
    return seen[1:]


def failure(server: Server, word: str) -> dict[str, Any]:
    return server.query(task_id(ask(server, word)))


@pytest.mark.parametrize(
    ("word", "code", "sentence", "was_running"),
    [
        ("fail=InternalError.Upload", "InternalError.Upload", "Failed to upload result.", True),
        ("fail-early=InvalidURL", "InvalidURL", "Invalid URL provided in your request.", False),
        ("moderation=output", "DataInspectionFailed", "Output data may contain inappropriate content.", True),
    ],
)
def test_a_task_fails_as_its_prompt_says(bed: Server, word: str, code: str, sentence: str, was_running: bool) -> None:
    output = failure(bed, word)
    assert (output["task_status"], output["code"], output["message"]) == ("FAILED", code, sentence)
    assert ("scheduled_time" in output) == was_running


def test_a_worker_dies_and_the_task_goes_on(bed: Server) -> None:
    output = bed.query(task_id(ask(bed, "crash=2")))
    assert (output["task_status"], output["dalang"]["attempt"]) == ("SUCCEEDED", 3)
    assert failure(bed, "crash=3")["code"] == "InternalError.Algo"


@pytest.mark.parametrize(
    ("word", "seen"),
    [
        ("pending=2", ["PENDING", "PENDING", "SUCCEEDED"]),
        ("running=2", ["RUNNING", "RUNNING", "SUCCEEDED"]),
        ("pending=1 test:running=1 test:fail=InternalError", ["PENDING", "RUNNING", "FAILED"]),
        ("unknown*2", ["UNKNOWN", "UNKNOWN", "SUCCEEDED"]),
    ],
)
def test_queries_see_the_states_that_were_asked_for(bed: Server, word: str, seen: list[str]) -> None:
    assert states(bed, word) == seen


def test_videos_in_openai_s_style_see_them_too(bed: Server) -> None:
    model, _ = SMALL_TEXT
    said = "A fox test:refuse=Throttling*1 test:unknown*1 test:running=1 test:fail=InternalError.Timeout"
    asked = {"model": model, "size": "832x480", "prompt": said}
    refused, made = (bed.http.post("/v1/videos", json=asked) for _ in range(2))
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "Throttling")
    lost, runs, failed = (bed.http.get(f"/v1/videos/{made.json()['id']}") for _ in range(3))
    assert (lost.status_code, runs.json()["status"], failed.json()["status"]) == (404, "in_progress", "failed")
    assert failed.json()["error"]["code"] == "InternalError.Timeout"


def test_seconds_go_by_the_clock_of_the_server(bed: Server) -> None:
    task = task_id(ask(bed, "pending=3600s"))
    assert bed.status(task) == "PENDING"
    assert bed.http.post("/dalang/test/clock", json={"advance": 3600}).status_code == 200
    bed.succeed(task)


def test_downloads_break_off_and_links_expire(bed: Server) -> None:
    url = bed.query(task_id(ask(bed, "truncate*1 test:expired-link*2")))["video_url"]
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        bed.http.get(url)
    assert [bed.http.get(url).status_code for _ in range(3)] == [403, 403, 200]


def test_creates_are_refused_answered_and_dropped(bed: Server) -> None:
    refused = [ask(bed, "refuse=Throttling.RateQuota*2") for _ in range(3)]
    assert [reply.status_code for reply in refused] == [429, 429, 200]
    assert refused[0].json()["message"] == "Requests rate limit exceeded, please try again later."
    moderated = ask(bed, "moderation=input")
    assert (moderated.status_code, moderated.json()["code"]) == (400, "DataInspectionFailed")
    assert moderated.json()["message"] == "Input data may contain inappropriate content."
    bare = ask(bed, "status=503")
    assert (bare.status_code, bare.content) == (503, b"")


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
def test_a_dropped_create_leaves_a_task_or_not(bed: Server, moment: str, made: int) -> None:
    bed.http.post("/dalang/test/reset")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        ask(bed, f"drop={moment}*1")
    assert bed.http.get("/api/v1/tasks").json()["total"] == made
    assert ask(bed, f"drop={moment}*1").status_code == 200, "a second try comes through"


def test_a_word_that_is_none_is_refused_with_those_there_are(bed: Server) -> None:
    reply = ask(bed, "fial=InternalError")
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")
    assert "The words are test:fail, " in reply.json()["message"]


def test_the_journal_tells_what_was_asked_and_what_befell(bed: Server) -> None:
    bed.http.post("/dalang/test/reset")
    ask(bed, "refuse=Arrearage*1")
    task = task_id(ask(bed, "refuse=Arrearage*1"))
    refused, made = bed.http.get("/dalang/test/calls").json()["calls"]
    assert (refused["number"], refused["call"], refused["status"], refused["code"]) == (1, "create", 400, "Arrearage")
    assert (made["number"], made["status"], made["task_id"], made["path"]) == (2, 200, task, CREATE)
    assert made["request"]["prompt"] == made["body"]["input"]["prompt"] == "A fox test:refuse=Arrearage*1"
    assert "authorization" not in made["headers"]


def test_outside_of_test_mode_these_are_words(server: Server) -> None:
    assert server.succeed(task_id(ask(server, "fail=InternalError")))["orig_prompt"] == "A fox test:fail=InternalError"

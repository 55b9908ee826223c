"""The official SDKs beside making films: tasks that are fetched, listed, cancelled, refused, and fail."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.sdk.cases import UNKNOWN
from tests.e2e.sdk.conftest import Reply
from tests.e2e.sdk.surfaces import CLASSIC, CLIENTS, SURFACES, Surface

Played = dict[Surface, dict[str, list[Reply]]]

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

CANNOT_CANCEL = (
    400,
    "UnsupportedOperation",
    "Failed to cancel the task, please confirm if the task is in PENDING status.",
)

ALL = pytest.mark.parametrize("surface", SURFACES, ids=str)
OF_CLASSIC = pytest.mark.parametrize("surface", CLASSIC, ids=str)
OF_CLIENTS = pytest.mark.parametrize("surface", CLIENTS, ids=str)


def refusal(reply: Reply) -> tuple[int, str, str]:
    """Status, code and sentence, from a reply or from the client object's exception."""
    raised = re.fullmatch(r"<\w+> (.*?) \| code=.*", reply["message"], re.S)
    return reply["status_code"], reply["code"], raised[1] if raised else reply["message"]


def status(reply: Reply) -> str:
    return str(reply["output"]["task_status"])


def rows(reply: Reply, surface: Surface) -> list[dict[str, Any]]:
    return list(reply["tasks"] if surface in CLIENTS else reply["output"]["data"])


@ALL
def test_a_task_is_created_fetched_awaited_and_then_no_longer_cancelled(surface: Surface, played: Played) -> None:
    created, fetched, ended, cancelled, _ = played[surface]["ended"]
    assert status(created) == "PENDING"
    assert status(fetched) in ("PENDING", "RUNNING", "SUCCEEDED")
    assert status(ended) == "SUCCEEDED"
    assert {reply["output"]["task_id"] for reply in (created, fetched, ended)} == {created["output"]["task_id"]}
    assert created["output"]["dalang"]["seed"] == 7
    assert refusal(cancelled) == CANNOT_CANCEL


@ALL
def test_every_reply_has_a_request_id_of_its_own(surface: Surface, played: Played) -> None:
    replies = [reply for case in ("ended", "cancelled", "unknown", "paged") for reply in played[surface][case]]
    ids = [reply["request_id"] for reply in replies]
    assert all(UUID.fullmatch(id) for id in ids), ids
    assert len(set(ids)) == len(ids)


@OF_CLASSIC
def test_a_task_just_created_prints_as_in_the_documentation(surface: Surface, played: Played) -> None:
    created = played[surface]["ended"][0]
    assert list(created) == ["status_code", "request_id", "code", "message", "output", "usage"]
    assert (created["status_code"], created["code"], created["message"], created["usage"]) == (200, "", "", None)
    assert set(created["output"]) == {"task_id", "task_status", "video_url", "dalang"}
    assert created["output"]["video_url"] == ""


@OF_CLIENTS
def test_a_job_of_the_client_object_knows_its_times(surface: Surface, played: Played) -> None:
    created, _, ended, *_ = played[surface]["ended"]
    assert (created["submitted_at"], created["finished_at"], created["video_url"]) == (None, None, None)
    assert ended["submitted_at"] <= ended["scheduled_at"] <= ended["finished_at"]
    assert ended["video_url"] == ended["output"]["video_url"]


@ALL
def test_a_list_holds_the_tasks_that_were_asked_for(surface: Surface, played: Played) -> None:
    created, *_, listed = played[surface]["ended"]
    found = {row["task_id"]: row for row in rows(listed, surface)}
    assert {row["model_name"] for row in found.values()} == {"wan2.1-t2v-turbo"}
    assert {row["status"] for row in found.values()} == {"SUCCEEDED"}
    assert found[created["output"]["task_id"]]["request_id"] == created["request_id"]
    waiting, listed, _ = played[surface]["listed"]
    assert waiting["output"]["task_id"] in {row["task_id"] for row in rows(listed, surface)}


@OF_CLASSIC
def test_a_list_is_in_pages_and_its_times_are_in_milliseconds(surface: Surface, played: Played) -> None:
    page = played[surface]["paged"][0]["output"]
    assert (page["page_no"], page["page_size"], page["total_page"]) == (2, 1, page["total"])
    row = played[surface]["ended"][-1]["output"]["data"][0]
    assert [type(row[name]) for name in ("gmt_create", "start_time", "end_time")] == [int] * 3


@OF_CLIENTS
def test_a_list_of_the_client_object_is_in_pages_and_its_tasks_are_jobs(surface: Surface, played: Played) -> None:
    page = played[surface]["paged"][0]
    assert (page["page_no"], page["page_size"], len(page["tasks"])) == (2, 1, 1)
    assert page["total"] > 1
    job = played[surface]["ended"][-1]["tasks"][0]
    assert job["submitted_at"] <= job["scheduled_at"] <= job["finished_at"]


@ALL
def test_a_task_that_waits_is_cancelled_once(surface: Surface, played: Played) -> None:
    created, cancelled, fetched, again = played[surface]["cancelled"]
    assert status(created) == "PENDING"
    assert "raised" not in cancelled
    assert not cancelled["code"]
    assert status(fetched) == "CANCELED"
    assert refusal(again) == CANNOT_CANCEL


@ALL
def test_a_task_that_never_was_is_unknown_to_fetch_and_wait_and_cannot_be_cancelled(
    surface: Surface, played: Played
) -> None:
    fetched, awaited, cancelled = played[surface]["unknown"]
    assert (status(fetched), status(awaited)) == ("UNKNOWN", "UNKNOWN")
    assert fetched["output"]["task_id"] == UNKNOWN
    assert refusal(cancelled) == CANNOT_CANCEL


@OF_CLASSIC
def test_a_failed_task_tells_its_code_and_sentence(surface: Surface, played: Played) -> None:
    created, awaited, fetched = played[surface]["failed"]
    assert status(created) == "PENDING"
    for reply in (awaited, fetched):
        assert (reply["status_code"], reply["code"] or None, reply["usage"]) == (200, None, None)
        output = reply["output"]
        assert (output["task_status"], output["code"], output["video_url"]) == ("FAILED", "InvalidURL", "")
        assert output["message"].startswith("Invalid URL provided in your request. localhost answered 404")


@OF_CLIENTS
def test_a_failed_task_raises_its_code_and_sentence_from_the_client_object(surface: Surface, played: Played) -> None:
    _, awaited, fetched = played[surface]["failed"]
    for reply in (awaited, fetched):
        code, sentence = refusal(reply)[1:]
        assert code == "InvalidURL"
        assert sentence.startswith("Invalid URL provided in your request. localhost answered 404")


# Refused at create

REFUSALS = {
    "bad size": (400, "InvalidParameter", "size must be in 832*480,480*832,"),
    "unknown model": (400, "InvalidParameter", "Model not exist. model must be one of "),
    "another workspace": (403, "Workspace.AccessDenied", "Workspace access denied."),
    "no such workspace": (404, "WorkSpaceNotFound", "WorkSpace can not be found."),
}


@ALL
@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_create_tells_status_code_and_sentence(surface: Surface, played: Played, case: str) -> None:
    number, code, sentence = refusal(played[surface][case][0])
    assert (number, code, sentence[: len(REFUSALS[case][2])]) == REFUSALS[case]


@OF_CLASSIC
def test_a_call_that_waits_raises_the_refusal(surface: Surface, played: Played) -> None:
    reply = played[surface]["bad size"][1]
    assert reply["raised"] == "InvalidTask"
    assert '"status_code": 400' in reply["message"]
    assert '"message": "size must be in 832*480,' in reply["message"]


@ALL
def test_a_wrong_key_is_told_as_such_by_every_call(surface: Surface, played: Played) -> None:
    replies = played[surface]["wrong key"]
    assert {refusal(reply) for reply in replies} == {(401, "InvalidApiKey", "Invalid API-key provided.")}


# Workspaces


@ALL
def test_a_key_s_own_workspace_may_be_named_by_every_call(surface: Surface, played: Played) -> None:
    created, fetched, listed, cancelled = played[surface]["workspace"]
    assert (status(created), status(fetched)) == ("PENDING", "PENDING")
    assert created["output"]["task_id"] in {row["task_id"] for row in rows(listed, surface)}
    assert "raised" not in cancelled


@pytest.mark.parametrize("surface", CLASSIC[2:], ids=str)
def test_an_address_may_hold_a_place_for_the_workspace(surface: Surface, played: Played) -> None:
    created, cancelled = played[surface]["address of a workspace"]
    assert status(created) == "PENDING"
    assert cancelled["status_code"] == 200


# Patience


@pytest.mark.parametrize("surface", CLASSIC[2:], ids=str)
def test_waiting_ends_in_time_and_the_task_is_there_still(surface: Surface, played: Played) -> None:
    _, awaited, cancelled = played[surface]["patience"]
    assert (awaited["status_code"], awaited["code"]) == (408, "WaitTaskTimeout")
    assert cancelled["status_code"] == 200


@OF_CLIENTS
def test_waiting_by_the_client_object_ends_in_time_and_the_task_is_there_still(
    surface: Surface, played: Played
) -> None:
    _, awaited, cancelled = played[surface]["patience"]
    assert "timed out after 1s" in awaited["message"]
    assert "raised" not in cancelled

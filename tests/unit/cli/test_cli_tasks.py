"""`dalang tasks` against a small service."""

import json

import pytest
from video_service import serving

from dalang.cli import main


@pytest.fixture
def service(monkeypatch):
    with serving("RUNNING") as service:
        monkeypatch.setenv("DALANG_URL", service.url)
        monkeypatch.setenv("DALANG_API_KEY", "sk-secret")
        yield service


def test_list_is_a_table_with_its_page(service, capsys):
    assert main(["tasks", "list"]) == 0
    head, row, foot = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "status", "model", "created", "started", "ended"]
    assert row.split()[:3] == ["t-1", "RUNNING", "wan2.6-t2v"]
    assert foot == "page 1 of 1, 1 tasks"


def test_list_and_show_as_json(service, capsys):
    main(["tasks", "list", "--json"])
    assert json.loads(capsys.readouterr().out)["rows"][0]["id"] == "t-1"
    main(["tasks", "show", "t-1", "--json"])
    assert json.loads(capsys.readouterr().out)["status"] == "RUNNING"


def test_show_tells_only_what_there_is(service, capsys):
    assert main(["tasks", "show", "t-1"]) == 0
    told = capsys.readouterr().out
    assert "status: RUNNING\n" in told
    assert "warnings: no quokka" in told
    assert "video_url" not in told


def test_show_of_an_unknown_task_is_status_1(service, capsys):
    service.states = ["UNKNOWN"]
    assert main(["tasks", "show", "t-9"]) == 1
    assert "status: UNKNOWN" in capsys.readouterr().out


@pytest.mark.parametrize(("end", "status"), [("SUCCEEDED", 0), ("FAILED", 1), ("CANCELED", 1), ("UNKNOWN", 1)])
def test_wait_ends_with_the_task_and_tells_it(service, capsys, end, status):
    service.states = ["PENDING", "RUNNING", end]
    assert main(["tasks", "wait", "t-1"]) == status
    told = capsys.readouterr()
    assert f"status: {end}\n" in told.out
    assert "t-1: RUNNING" in told.err.splitlines()


def test_wait_has_an_end_of_its_own(service, capsys):
    assert main(["tasks", "wait", "t-1", "--timeout", "0.1"]) == 1
    assert "was still RUNNING after 0.1 s" in capsys.readouterr().err


def test_cancel_reaches_running_tasks_too(service, capsys):
    assert main(["tasks", "cancel", "t-1", "t-2"]) == 0
    assert service.cancels == ["any", "any"]


def test_retry_prints_the_new_tasks_id(service, capsys):
    assert main(["tasks", "retry", "t-0"]) == 0
    assert service.orders == ["/api/v1/tasks/t-0/retry"]
    assert capsys.readouterr().out == "t-1\n"


def test_without_a_server_the_command_says_how_to_get_one(capsys):
    assert main(["tasks", "list"]) == 1
    assert "start one with `dalang serve`" in capsys.readouterr().err


def test_one_task_that_cannot_be_cancelled_does_not_keep_the_others_from_it(service, capsys):
    assert main(["tasks", "cancel", "ended", "t-1"]) == 1
    told = capsys.readouterr()
    assert told.out == "t-1 CANCELED\n"
    assert told.err == "dalang: ended: UnsupportedOperation: Failed to cancel the task.\n"

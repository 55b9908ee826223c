"""What a test can make of a server: its state, its clock, the pace of tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dalang import Client, testing
from dalang.client import ApiError
from dalang.task import TaskStatus
from dalang.testing import ControlRefused, Server, at_once, by_hand, polls, seconds
from tests.e2e.media_host import picture

SMALL: Any = {"model": "wan2.1-t2v-turbo", "size": "832*480"}
SMALL_IMAGE: Any = {"model": "wan2.1-i2v-turbo", "resolution": "480P", "duration": 3}


def statuses(client: Client, task: str, count: int) -> list[TaskStatus]:
    return [client.fetch(task).status for _ in range(count)]


def test_a_task_is_over_when_it_is_first_asked_for(client: Client) -> None:
    task = client.create("a fox", **SMALL)
    assert client.fetch(task.id).status is TaskStatus.SUCCEEDED


def test_a_reset_forgets_tasks_calls_faults_and_pace(server: Server, client: Client) -> None:
    server.transition(pending=by_hand)
    server.refuse("Throttling", call="list")
    server.hold()
    task = client.create("a fox", **SMALL)
    server.reset()
    assert server.calls() == []
    assert client.list().total == 0
    assert client.fetch(task.id).status is TaskStatus.UNKNOWN
    assert client.generate("a fox", **SMALL).status is TaskStatus.SUCCEEDED


def test_the_clock_is_moved_as_far_as_a_test_wants(server: Server, client: Client) -> None:
    task = client.generate("a fox", **SMALL)
    before = server.clock.now()
    server.clock.advance(timedelta(hours=1), hours=23, minutes=1)
    assert timedelta(hours=24, minutes=1) <= server.clock.now() - before < timedelta(hours=24, minutes=2)
    assert client.fetch(task.id).status is TaskStatus.UNKNOWN


def test_the_clock_stands_still_where_it_is_put(server: Server) -> None:
    moment = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
    server.clock.freeze()
    server.clock.move_to(moment)
    assert (server.clock.now(), server.clock.is_frozen) == (moment, True)
    server.clock.unfreeze()
    assert not server.clock.is_frozen


def test_a_seed_decides_the_seeds_that_are_drawn(server: Server, client: Client) -> None:
    drawn = []
    for _ in range(2):
        server.seed(7)
        drawn.append([client.create("a fox", **SMALL).seed, client.create("a fox", **SMALL).seed])
    assert drawn[0] == drawn[1]
    assert drawn[0][0] != drawn[0][1]


def test_stages_last_so_many_polls(server: Server, client: Client) -> None:
    server.transition(pending=polls(1), running=polls(2))
    task = client.create("a fox", **SMALL)
    assert statuses(client, task.id, 4) == ["PENDING", "RUNNING", "RUNNING", "SUCCEEDED"]


def test_stages_last_so_many_seconds_of_the_clock(server: Server, client: Client) -> None:
    server.clock.freeze()
    server.transition(pending=at_once, running=seconds(90))
    task = client.create("a fox", **SMALL)
    assert statuses(client, task.id, 2) == ["RUNNING", "RUNNING"]
    server.clock.advance(seconds=91)
    assert client.wait(task.id).status is TaskStatus.SUCCEEDED


def test_stages_end_by_hand(server: Server, client: Client) -> None:
    server.transition(pending=by_hand, running=by_hand)
    task = client.create("a fox", **SMALL)
    assert client.fetch(task.id).status is TaskStatus.PENDING
    server.start_task(task)
    assert client.fetch(task.id).status is TaskStatus.RUNNING
    server.finish_task(task.id)
    assert client.wait(task.id).status is TaskStatus.SUCCEEDED


def test_a_task_fails_by_hand(server: Server, client: Client) -> None:
    server.transition(running=by_hand)
    task = client.create("a fox", **SMALL)
    server.fail_task(task, "InternalError.Timeout", "too late")
    ended = client.wait(task.id)
    assert (ended.status, ended.code, ended.message) == ("FAILED", "InternalError.Timeout", "too late")


def test_what_cannot_be_done_is_refused_in_a_sentence(server: Server, client: Client) -> None:
    with pytest.raises(ControlRefused, match="no such task"):
        server.finish_task("6f6fa5b4-0000-4000-8000-000000000000")


def test_the_queue_is_held_and_released(server: Server, client: Client) -> None:
    server.hold()
    task = client.create("a fox", **SMALL)
    assert statuses(client, task.id, 2) == ["PENDING", "PENDING"]
    server.release()
    assert client.wait(task.id).status is TaskStatus.SUCCEEDED


def test_media_come_from_the_test(server: Server, client: Client, tmp_path: Path) -> None:
    url = "https://pictures.example/fox.png"
    missing = client.wait(client.create(image=url, **SMALL_IMAGE).id)
    (tmp_path / "fox.png").write_bytes(picture(kind="PNG"))
    for content in (picture(kind="PNG"), tmp_path / "fox.png", str(tmp_path / "fox.png")):
        server.reset()
        server.serve_media(url, content)
        assert client.generate(image=url, **SMALL_IMAGE).status is TaskStatus.SUCCEEDED
    assert missing.code.startswith("InvalidURL")


def test_settings_are_the_servers(tmp_path: Path) -> None:
    settings: Any = {"retention": "1h", "data": tmp_path / "kept", "hosts": {"localhost": "cn-beijing"}}
    with testing.server(**settings) as server, server.client() as client:
        task = client.generate("a fox", **SMALL)
        server.clock.advance(minutes=61)
        assert client.fetch(task.id).status is TaskStatus.UNKNOWN, "by itself it would keep tasks for a day"
    assert (tmp_path / "kept" / "dalang.db").exists()


def test_a_setting_that_does_not_fit_stops_the_start() -> None:
    with pytest.raises(testing.StartFailed, match="slots"), testing.server(slots=0):
        pass


def test_its_environment_leads_a_client_to_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    with Client() as client:
        assert client.base_url == server.base_url
        assert client.list().total == 0


def test_a_server_that_died_says_so() -> None:
    with testing.server(slots=1) as server:
        server._child.process.kill()
        with pytest.raises(testing.ServerGone, match="ended with code -9"):
            server.reset()
        assert not server.is_alive


def test_a_refused_key_is_the_callers_problem(server: Server) -> None:
    with Client(server.base_url, "sk-of-nobody") as stranger, pytest.raises(ApiError, match="InvalidApiKey"):
        stranger.create("a fox", **SMALL)
    server.assert_not_created()

"""Cancel: PENDING as documented; RUNNING too where the configuration, the key or the header says `any`."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.media_host import MediaHost, picture
from tests.e2e.running import Gate, Server, dalang, is_running, task_id
from tests.e2e.until import until

REFUSED = "Failed to cancel the task, please confirm if the task is in PENDING status."


KEPT = {"", ".png"}
"""Endings of the picture, as it came and as it was prepared: a canceled task may be ordered again, until it expires."""


class Held(Server):
    """A server whose renders wait in the middle."""

    gate: Gate

    def hold(self, task: str | None = None) -> str:
        return self.gate.hold(self, task or self.create())


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("cancel")
    gate = Gate(folder / "gate")
    server = Held(folder / "data", **gate.settings(), fetch_allow="127.0.0.1")
    server.gate = gate
    server.start()
    yield server
    server.kill()


def data_url() -> str:
    return "data:image/jpeg;base64," + base64.b64encode(picture()).decode()


def assert_gone_for_good(server: Server, task: str) -> None:
    """CANCELED, with the documented fields; nothing left of its work; and the slot takes another task."""
    output = server.query(task)
    assert list(output) == ["task_id", "task_status", "submit_time", "end_time", "dalang"]
    assert output["task_status"] == "CANCELED"
    until(lambda: {Path(name).suffix for name in server.files(task)} <= KEPT, "its files go")
    server.succeed(server.create("please"))
    assert server.query(task) == output


def test_a_waiting_task_is_canceled_as_documented(held: Held, media: MediaHost) -> None:
    task = held.create_from(media.url("/gated.jpg", "127.0.0.1"))
    reply = held.cancel(task)
    assert reply.status_code == 200
    assert set(reply.json()) == {"request_id"}
    assert_gone_for_good(held, task)


def test_a_running_task_is_not_canceled_without_any(held: Held) -> None:
    task = held.hold()
    reply = held.cancel(task)
    assert reply.status_code == 400
    assert reply.json() | {"request_id": ""} == {"code": "UnsupportedOperation", "message": REFUSED, "request_id": ""}
    assert held.status(task) == "RUNNING"
    held.cancel(task, **{"X-Dalang-Cancel": "any"})


def test_the_header_cancels_a_running_task_at_once(held: Held) -> None:
    task = held.hold(held.create_from(data_url()))
    workers = held.workers()
    assert held.cancel(task, **{"X-Dalang-Cancel": "any"}).status_code == 200
    assert_gone_for_good(held, task)
    assert held.workers() == workers, "a worker that stops when asked stays warm"


def test_a_canceled_task_can_be_ordered_again_with_its_picture(held: Held) -> None:
    task = held.hold(held.create_from(data_url()))
    held.cancel(task, **{"X-Dalang-Cancel": "any"})
    again = held.hold(task_id(held.http.post(f"/api/v1/tasks/{task}/retry")))
    assert held.query(again)["dalang"]["seed"] == held.query(task)["dalang"]["seed"]
    held.cancel(again, **{"X-Dalang-Cancel": "any"})
    assert_gone_for_good(held, again)


def test_a_key_that_may_cancels_a_running_task(held: Held) -> None:
    made = dalang("keys", "create", "--data", held.data, "--cancel", "any")
    task = held.hold()
    assert held.client(made.stdout.strip()).post(f"/api/v1/tasks/{task}/cancel/").status_code == 200
    assert_gone_for_good(held, task)


def test_the_command_line_cancels_a_running_task(held: Held) -> None:
    task = held.hold()
    done = dalang("tasks", "cancel", task, DALANG_URL=held.url)
    assert done.returncode == 0, done.stderr
    assert_gone_for_good(held, task)


@pytest.mark.parametrize("task", ["00000000-0000-7000-8000-000000000000", "no-id"])
def test_what_does_not_exist_is_not_canceled(held: Held, task: str) -> None:
    reply = held.cancel(task, **{"X-Dalang-Cancel": "any"})
    assert (reply.status_code, reply.json()["code"]) == (400, "UnsupportedOperation")


def test_a_finished_task_is_not_canceled(held: Held) -> None:
    task = held.create("please")
    output = held.succeed(task)
    assert held.cancel(task, **{"X-Dalang-Cancel": "any"}).status_code == 400
    assert held.query(task) == output


def test_the_setting_cancels_even_what_ignores_it_and_frees_the_slot(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings("ignores_cancel:IgnoresCancel"), cancel="any")
    task = gate.hold(server, server.create())
    (worker,) = server.workers()
    assert server.cancel(task).status_code == 200
    assert server.status(task) == "CANCELED"
    until(lambda: not is_running(worker), "the worker is killed", within=3)
    assert_gone_for_good(server, task)

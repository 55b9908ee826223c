"""Each fault, as an application meets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from dalang import Client
from dalang.client import ApiError, DownloadFailed, OrderUncertain
from dalang.task import TaskStatus
from dalang.testing import ControlRefused, Server

SMALL: Any = {"model": "wan2.1-t2v-turbo", "size": "832*480"}


def create(client: Client, prompt: str = "a fox") -> str:
    return client.create(prompt, **SMALL).id


def post(server: Server) -> httpx.Response:
    """Plainly, with no second try."""
    body = {"model": SMALL["model"], "input": {"prompt": "a fox"}, "parameters": {"size": SMALL["size"]}}
    headers = {"Authorization": f"Bearer {server.api_key}", "X-DashScope-Async": "enable"}
    url = f"{server.base_url}/services/aigc/video-generation/video-synthesis"
    return httpx.post(url, json=body, headers=headers, trust_env=False)


def test_creates_are_refused_and_nothing_else(server: Server, client: Client) -> None:
    server.refuse("Arrearage")
    with pytest.raises(ApiError) as refused:
        create(client)
    assert (refused.value.status, refused.value.code) == (400, "Arrearage")
    assert client.list().total == 0
    server.assert_not_created()


def test_a_refusal_may_say_when_to_come_again(server: Server) -> None:
    server.refuse("Throttling", "not now", status=429, retry_after=3)
    reply = post(server)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "3")
    assert (reply.json()["code"], reply.json()["message"]) == ("Throttling", "not now")


def test_a_fault_is_spent_after_so_many_times(server: Server) -> None:
    fault = server.refuse("Throttling.RateQuota", times=2)
    assert [post(server).status_code for _ in range(3)] == [429, 429, 200]
    assert fault.befallen == 2


def test_a_fault_ends_with_its_block(server: Server) -> None:
    with server.refuse("ModelUnavailable") as fault:
        assert post(server).status_code == 503
    assert post(server).status_code == 200
    assert fault.befallen == 1


def test_a_removed_fault_befalls_nobody(server: Server, client: Client) -> None:
    server.refuse("ModelUnavailable").remove()
    server.fail("InternalError.Algo")
    server.clear_faults()
    assert client.generate("a fox", **SMALL).status is TaskStatus.SUCCEEDED


def test_faults_befall_what_they_are_matched_to(server: Server, client: Client) -> None:
    server.fail("InternalError.Algo", prompt="w.lf", model="wan2.1-*")
    assert client.wait(create(client, "a fox")).status is TaskStatus.SUCCEEDED
    assert client.wait(create(client, "a wolf")).code == "InternalError.Algo"


def test_an_unknown_code_is_refused_in_a_sentence(server: Server) -> None:
    with pytest.raises(ControlRefused, match="NoSuchCode"):
        server.refuse("NoSuchCode")


def test_what_nothing_is_matched_by_is_an_error(server: Server) -> None:
    with pytest.raises(TypeError, match="colour"):
        server.fail("InternalError.Algo", colour="red")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="craete"):
        server.delay(1, call="craete")  # type: ignore[arg-type]


def test_any_answer_may_come(server: Server) -> None:
    server.answer(502, "<html>Bad Gateway</html>", {"Content-Type": "text/html"}, times=1)
    server.answer(201, {"output": {}}, path="*/video-synthesis")
    page, json = post(server), post(server)
    assert (page.status_code, page.headers["Content-Type"], page.text) == (502, "text/html", "<html>Bad Gateway</html>")
    assert (json.status_code, json.headers["Content-Type"], json.json()) == (201, "application/json", {"output": {}})


def test_a_reply_may_be_late(server: Server) -> None:
    server.delay(0.2, call="create")
    assert post(server).elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
def test_a_connection_breaks_before_or_after_the_task_is_made(server: Server, moment: Any, made: int) -> None:
    server.drop(moment, call="create")
    with pytest.raises(httpx.TransportError):
        post(server)
    assert len(server.requests) == made


def test_an_order_whose_connection_broke_is_uncertain(server: Server, client: Client) -> None:
    server.drop(call="create")
    with pytest.raises(OrderUncertain):
        create(client)


def test_a_download_breaks_off_and_is_resumed(server: Server, client: Client, tmp_path: Path) -> None:
    fault = server.truncate(0.25, times=1)
    client.generate("a fox", tmp_path / "fox.mp4", **SMALL)
    assert fault.befallen == 1
    assert len(server.calls(call="download")) == 2


def test_links_expire_while_the_task_lives(server: Server, client: Client, tmp_path: Path) -> None:
    task = client.generate("a fox", **SMALL)
    server.expire_links()
    with pytest.raises(DownloadFailed, match="403"):
        client.download(task, tmp_path / "fox.mp4")
    assert client.fetch(task.id).status is TaskStatus.SUCCEEDED


def test_a_task_is_forgotten(server: Server, client: Client) -> None:
    task = create(client)
    server.forget(task_id=task, times=1)
    assert client.fetch(task).status is TaskStatus.UNKNOWN
    assert client.fetch(task).status is TaskStatus.SUCCEEDED


@pytest.mark.parametrize("stage", ["preparation", "rendering"])
def test_tasks_fail(server: Server, client: Client, stage: Any) -> None:
    server.fail("InternalError.Upload", stage=stage)
    task = client.wait(create(client))
    assert (task.status, task.code, task.message) == ("FAILED", "InternalError.Upload", "Failed to upload result.")


def test_a_worker_that_dies_is_survived_but_not_thrice(server: Server, client: Client) -> None:
    server.crash(1, prompt="fox")
    server.crash(3, prompt="wolf")
    survived, lost = client.wait(create(client, "a fox")), client.wait(create(client, "a wolf"))
    assert (survived.status, survived.attempt) == ("SUCCEEDED", 2)
    assert (lost.status, lost.attempt) == ("FAILED", 3)


def test_moderation_refuses_the_input(server: Server, client: Client) -> None:
    server.reject("input")
    with pytest.raises(ApiError, match="Input data may contain inappropriate content") as refused:
        create(client)
    assert (refused.value.status, refused.value.code) == (400, "DataInspectionFailed")


def test_moderation_refuses_the_output(server: Server, client: Client) -> None:
    server.reject("output")
    task = client.wait(create(client))
    assert (task.code, task.message) == ("DataInspectionFailed", "Output data may contain inappropriate content.")

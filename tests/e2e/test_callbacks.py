from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from standardwebhooks import Webhook

from tests.e2e.conftest import Launch
from tests.e2e.hook import Hook, hook
from tests.e2e.running import CREATE, KEY, SMALL_IMAGE, SMALL_TEXT, Server, dalang, task_id
from tests.e2e.until import until


@pytest.fixture(scope="module")
def receiver() -> Iterator[Hook]:
    with hook() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may call back to `localhost`, not to the same machine under another name."""
    server = Server(tmp_path_factory.mktemp("telling") / "data", callback_allow="localhost").start()
    yield server
    assert server.stop() == 0


def ask(server: Server, callback: str | None, key: str = KEY, **input: str) -> httpx.Response:
    model, cheap = SMALL_IMAGE if input else SMALL_TEXT
    body = {"model": model, "input": {"prompt": "a card", **input}, "parameters": cheap}
    headers = {"Authorization": f"Bearer {key}"} | ({} if callback is None else {"X-Dalang-Callback": callback})
    return server.http.post(CREATE, json=body, headers=headers)


def test_the_end_of_a_task_is_told_once_and_signed(telling: Server, receiver: Hook) -> None:
    task = task_id(ask(telling, receiver.url("/?token=1")))
    (call,) = receiver.wait_for(task)
    data = call.event["data"]
    secret = dalang("keys", "webhook-secret", data["api_key_id"], "--data", telling.data).stdout.strip()
    assert Webhook(secret).verify(call.body, call.headers) == call.event
    assert call.path == "/?token=1"
    assert call.headers["content-type"] == "application/cloudevents+json"
    assert (call.event["source"], call.event["type"]) == ("acs.dashscope", "dashscope:System:AsyncTaskFinish")
    output = telling.query(task)
    assert (output["task_status"], data["task_status"], data["contain_result"]) == ("SUCCEEDED", "SUCCEEDED", True)
    assert data["end_time"] == output["end_time"].partition(".")[0]
    until(lambda: f"task_id={task}" in telling.log.partition("callback taken")[2], "it is written down as told")
    assert len(receiver.of(task)) == 1


def test_a_failure_is_told_too(telling: Server, receiver: Hook) -> None:
    task = task_id(ask(telling, receiver.url(), img_url="http://10.0.0.1/picture.jpg"))
    (call,) = receiver.wait_for(task)
    assert (call.event["data"]["task_status"], call.event["data"]["contain_result"]) == ("FAILED", False)


def test_a_key_s_own_address_is_told_unless_the_call_names_another(telling: Server, receiver: Hook) -> None:
    key = dalang("keys", "create", "--callback", receiver.url("/key"), "--data", telling.data).stdout.strip()
    assert receiver.wait_for(task_id(ask(telling, None, key)))[0].path == "/key"
    assert receiver.wait_for(task_id(ask(telling, receiver.url("/call"), key)))[0].path == "/call"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])
def test_a_private_address_is_never_called_and_the_log_says_how_to_allow_it(
    telling: Server, receiver: Hook, host: str
) -> None:
    task = task_id(ask(telling, receiver.url("/?token=secret", host)))
    telling.succeed(task)
    line = until(lambda: failures(telling, task), "the refusal is logged")[0]
    assert "DALANG_CALLBACK_ALLOW=" in line
    assert "secret" not in line
    assert receiver.of(task) == []


def test_a_redirect_is_not_followed(telling: Server, receiver: Hook) -> None:
    task = task_id(ask(telling, receiver.url("/moved")))
    line = until(lambda: failures(telling, task), "the refusal is logged")[0]
    assert "answered 307" in line
    assert [call.path for call in receiver.of(task)] == ["/moved"]


def test_gone_ends_it(telling: Server, receiver: Hook) -> None:
    task = task_id(ask(telling, receiver.url("/gone")))
    (line,) = until(lambda: failures(telling, task), "the refusal is logged")
    assert "callback given up" in line


def failures(server: Server, task: str) -> list[str]:
    lines = [line for line in server.log.splitlines() if f"task_id={task}" in line]
    return [line for line in lines if "callback failed" in line or "callback given up" in line]


@pytest.mark.parametrize("url", ["", "ftp://localhost/", "http://", "http://user@localhost/", "http://localhost/#a"])
def test_what_is_no_address_is_refused_at_create(telling: Server, url: str) -> None:
    reply = ask(telling, url)
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")
    assert reply.json()["message"].startswith("The callback address is not usable. ")


def test_what_was_not_taken_is_sent_again_after_a_kill(launch: Launch, receiver: Hook) -> None:
    server = launch(callback_allow="localhost")
    task = task_id(ask(server, receiver.url("/busy")))
    until(lambda: failures(server, task), "the first try failed")
    server.kill()
    launch(callback_allow="localhost")
    first, second = receiver.wait_for(task, calls=2, within=40)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == task
    assert first.body == second.body

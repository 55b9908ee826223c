"""Limits of real servers: how fast an account may call, how much of a model runs at once, how long its queue may be."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.conftest import Launch
from tests.e2e.running import SMALL_TEXT, Gate, Server, dalang, task_id
from tests.e2e.until import until

RATE = "Requests rate limit exceeded, please try again later."
QUOTA = "Allocated quota exceeded, please increase your quota limit."

MANY = 60
"""Calls, one after another: far more than a slow machine makes of two a second."""

OTHER_TEXT = ("wan2.2-t2v-plus", {"size": "832*480"})


def post(client: httpx.Client, model: str = SMALL_TEXT[0]) -> httpx.Response:
    body = {"model": model, "input": {"prompt": "a card"}, "parameters": {"size": "832*480"}}
    return client.post("/api/v1/services/aigc/video-generation/video-synthesis", json=body)


def new_client(server: Server, account: str) -> httpx.Client:
    made = dalang("keys", "create", "--data", server.data, "--account", account)
    assert made.returncode == 0, made.stderr
    return server.client(made.stdout.strip())


def check_refused(reply: httpx.Response, code: str, sentence: str) -> None:
    assert reply.status_code == 429
    assert set(reply.json()) == {"code", "message", "request_id"}
    assert (reply.json()["code"], reply.json()["message"][: len(sentence)]) == (code, sentence)
    assert int(reply.headers["Retry-After"]) >= 1


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Takes one create a second of each account and model, and two of each other call of each account."""
    folder = tmp_path_factory.mktemp("slow")
    server = Server(folder / "data", submit_rate="1", query_rate="2").start()
    yield server
    assert server.stop() == 0


def test_creates_over_the_rate_of_account_and_model_answer_429_until_the_wait_is_over(slow: Server) -> None:
    one = new_client(slow, "one")
    replies = [post(one) for _ in range(5)]
    assert replies[0].status_code == 200
    refused = next(reply for reply in replies if reply.status_code != 200)
    check_refused(refused, "Throttling.RateQuota", RATE)
    assert post(one, OTHER_TEXT[0]).status_code == 200, "another model has a rate of its own"
    assert post(new_client(slow, "two")).status_code == 200, "another account has a rate of its own"
    until(lambda: post(one).status_code == 200, "it may create again", within=5)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/tasks/01900000-0000-7000-8000-000000000000"),
        ("GET", "/api/v1/tasks/"),
        ("POST", "/api/v1/tasks/01900000-0000-7000-8000-000000000000/cancel"),
    ],
)
def test_queries_lists_and_cancels_over_the_rate_answer_429_each_for_itself(
    slow: Server, method: str, path: str
) -> None:
    client = new_client(slow, f"asks {method} {path[-6:]}")
    replies = [client.request(method, path) for _ in range(MANY)]
    passed = [reply for reply in replies if reply.status_code != 429]
    assert 2 <= len(passed) < MANY
    check_refused(next(reply for reply in replies if reply.status_code == 429), "Throttling.RateQuota", RATE)
    assert post(client).status_code == 200, "a create has a rate of its own"


def test_unlimited_by_default(server: Server) -> None:
    task = server.create()
    assert {server.http.get(f"/api/v1/tasks/{task}").status_code for _ in range(MANY)} == {200}


def test_like_the_cloud_two_creates_a_second_of_the_old_models(launch: Launch) -> None:
    server = launch(like_cloud="true")
    server.http.headers["Host"] = "dashscope-intl.test"
    replies = [post(server.http) for _ in range(20)]
    assert [reply.status_code for reply in replies[:2]] == [200, 200]
    check_refused(replies[-1], "Throttling.RateQuota", RATE)


def test_a_full_queue_answers_429(launch: Launch, gate: Gate) -> None:
    server = launch(queue_limit="2", **gate.settings())
    gate.hold(server, server.create())
    model, cheap = SMALL_TEXT

    def has_room() -> httpx.Response | None:
        reply = server.post(model, cheap, prompt="a card")
        return reply if reply.status_code == 200 else None

    until(has_room, "a first one may wait")
    second = task_id(until(has_room, "a second one may wait"))
    check_refused(server.post(model, cheap, prompt="a card"), "Throttling.AllocationQuota", QUOTA)
    assert post(new_client(server, "other")).status_code == 200, "another account's queue is its own"
    assert server.cancel(second).status_code == 200
    until(has_room, "there is room again")
    gate.open()


def test_no_more_of_a_model_run_at_once_than_the_limit_and_the_others_wait(launch: Launch, gate: Gate) -> None:
    server = launch(running_limit="1", **(gate.settings() | {"slots": "2"}))
    first, second = server.create(), server.create()
    gate.hold(server, first)
    other = task_id(post(server.http, OTHER_TEXT[0]))
    server.wait_for(other, "RUNNING")
    assert server.status(second) == "PENDING", "a slot was free for another model and stays closed to this one"
    gate.open()
    for task in (first, second, other):
        server.succeed(task)

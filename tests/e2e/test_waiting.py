"""Waiting without polling: queries that answer at the end, streams of what happens, and who else may end them."""

from __future__ import annotations

import json
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any

import httpx
import pytest

from dalang.client import Client
from dalang.client import Task as Seen
from tests.e2e.conftest import Launch
from tests.e2e.running import KEY, Gate, Server, dalang, free_port, task_id
from tests.e2e.until import until

LONG = 60.0
"""Seconds; more than any test here lasts, so that who answers was woken."""

ANY = {"X-Dalang-Cancel": "any"}


class Waiter:
    """A connection with one request on its way."""

    def __init__(self, server: Server, path: str, key: str = KEY) -> None:
        url = httpx.URL(server.url)
        self._socket = socket.create_connection((url.host, url.port or 80), timeout=LONG)
        head = f"GET /api/v1/tasks/{path} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n"
        self._socket.sendall(f"{head}Authorization: Bearer {key}\r\nConnection: close\r\n\r\n".encode())

    @property
    def has_answer(self) -> bool:
        return bool(select.select([self._socket], [], [], 0)[0])

    def read(self) -> tuple[int, bytes]:
        """Status and body. Raises HTTPException where the server did not send all of it."""
        with HTTPResponse(self._socket) as response, self._socket:
            response.begin()
            return response.status, response.read()

    def output(self) -> dict[str, Any]:
        status, body = self.read()
        assert status == 200, body
        return dict(json.loads(body)["output"])

    def leave(self) -> None:
        self._socket.close()


def waiting(server: Server, task: str, seconds: float = LONG, key: str = KEY) -> Waiter:
    return Waiter(server, f"{task}?wait={seconds:g}", key)


def seats(server: Server) -> int:
    text = server.http.get("/metrics").text
    return int(float(next(line.split()[1] for line in text.splitlines() if line.startswith("dalang_waiting "))))


def until_seated(server: Server, count: int) -> None:
    until(lambda: seats(server) == count, f"{count} wait")


@contextmanager
def timed(most: float) -> Iterator[None]:
    """For what must not take the whole time that it was allowed."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < most


# A query that waits


def test_an_answer_comes_when_the_task_succeeds(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    task = gate.hold(server, server.create())
    waiter = waiting(server, task)
    until_seated(server, 1)
    assert not waiter.has_answer
    gate.open()
    output = waiter.output()
    assert output["task_status"] == "SUCCEEDED"
    assert output == server.query(task), "it is what a query says"
    assert seats(server) == 0


def test_an_answer_comes_when_the_task_fails(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings("ignores_cancel:IgnoresCancel"), render_limit="2s")
    waiter = waiting(server, gate.hold(server, server.create()))
    until_seated(server, 1)
    output = waiter.output()
    assert (output["task_status"], output["code"]) == ("FAILED", "InternalError.Timeout")


def test_an_answer_comes_when_a_waiting_or_running_task_is_canceled(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    tasks = [gate.hold(server, server.create()), server.create()]
    waiters = [waiting(server, task) for task in tasks for _ in range(2)]
    until_seated(server, 4)
    for task in tasks:
        server.cancel(task, **ANY)
    assert [waiter.output()["task_status"] for waiter in waiters] == ["CANCELED"] * 4


def test_the_time_asked_for_ends_a_wait(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    task = gate.hold(server, server.create())
    started = time.monotonic()
    assert waiting(server, task, 0.4).output()["task_status"] == "RUNNING"
    assert time.monotonic() - started >= 0.4
    with timed(LONG / 2):
        assert waiting(server, task, 0).output()["task_status"] == "RUNNING"


@pytest.mark.parametrize("wait", ["-1", "301", "1e2", "nan", "x", "", "1.2345", "١"])
def test_what_is_no_time_is_refused_whatever_the_task(server: Server, wait: str) -> None:
    reply = server.http.get("/api/v1/tasks/no-id", params={"wait": wait})
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")
    assert "from 0 to 300" in reply.json()["message"]


def test_what_there_is_nothing_to_wait_for_is_answered_at_once(server: Server) -> None:
    ended = server.create()
    server.succeed(ended)
    stranger = dalang("keys", "create", "--data", server.data, "--account", "stranger").stdout.strip()
    unknown = "00000000-0000-7000-8000-000000000000"
    with timed(LONG / 2):
        assert waiting(server, ended).output()["task_status"] == "SUCCEEDED"
        for task, key in ((unknown, KEY), ("no-id", KEY), (ended, stranger)):
            assert waiting(server, task, key=key).output() == {"task_id": task, "task_status": "UNKNOWN"}


def test_another_accounts_task_is_unknown_at_once_while_it_runs(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    task = gate.hold(server, server.create())
    stranger = dalang("keys", "create", "--data", server.data, "--account", "stranger").stdout.strip()
    with timed(LONG / 2):
        assert waiting(server, task, key=stranger).output()["task_status"] == "UNKNOWN"
        assert Waiter(server, f"{task}/events", stranger).read()[1].count(b"event:") == 1


def test_who_leaves_gives_up_the_seat(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    task = gate.hold(server, server.create())
    waiters = [waiting(server, task) for _ in range(20)] + [Waiter(server, f"{task}/events") for _ in range(20)]
    until_seated(server, 40)
    for waiter in waiters:
        waiter.leave()
    until_seated(server, 0)
    assert "Traceback" not in server.log


# A stream


def events(body: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Name and data of each; comments left out."""
    blocks = [block.splitlines() for block in body.decode().split("\n\n") if block and not block.startswith(":")]
    return [(block[0].removeprefix("event: "), json.loads(block[1].removeprefix("data: "))) for block in blocks]


def test_a_stream_tells_the_queue_the_progress_and_last_the_end(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    first, second = gate.hold(server, server.create()), server.create()
    stream = Waiter(server, f"{second}/events")
    until_seated(server, 1)
    gate.open()
    server.succeed(second)
    status, body = stream.read()
    assert status == 200
    *progress, (name, end) = events(body)
    assert {name for name, _ in progress} == {"progress"}
    assert progress[0][1]["output"]["dalang"]["queue_position"] == 0
    assert "RUNNING" in [told["output"]["task_status"] for _, told in progress]
    assert name == "end"
    assert end["output"] == server.query(second)
    assert set(end) == {"request_id", "output", "usage"}
    assert events(Waiter(server, f"{first}/events").read()[1])[0][0] == "end", (
        "of an ended task there is no more to tell"
    )


# Two servers


def test_the_end_at_another_server_on_the_folder_is_heard_of(launch: Launch, gate: Gate) -> None:
    here = launch(**gate.settings())
    there = launch(**gate.settings(), api_key=KEY)
    tasks = [here.create(), here.create(), here.create()]
    waiters = [waiting(server, tasks[2]) for server in (here, there)]
    streams = [Waiter(server, f"{tasks[2]}/events") for server in (here, there)]
    until_seated(here, 2)
    until_seated(there, 2)
    there.cancel(tasks[2], **ANY)
    assert [waiter.output()["task_status"] for waiter in waiters] == ["CANCELED"] * 2
    assert [events(stream.read()[1])[-1][0] for stream in streams] == ["end"] * 2


# A server that stops


def test_a_server_that_stops_answers_all_who_wait(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings(), grace="1s")
    tasks = [gate.hold(server, server.create()), *(server.create() for _ in range(9))]
    waiters = [waiting(server, task) for task in tasks * 20]
    streams = [Waiter(server, f"{task}/events") for task in tasks * 2]
    until_seated(server, 220)
    assert server.stop(within=6) == 0
    assert {waiter.output()["task_status"] for waiter in waiters} <= {"RUNNING", "PENDING"}
    for stream in streams:
        status, body = stream.read()
        assert status == 200
        assert "end" not in [name for name, _ in events(body)], "the task has not ended: who listens comes back"
    assert "Traceback" not in server.log
    assert " error " not in server.log


def test_what_ends_within_the_grace_is_told(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings(), grace="1m")
    waiter = waiting(server, gate.hold(server, server.create()))
    until_seated(server, 1)
    server.send(signal.SIGTERM)
    until(lambda: "draining" in server.log, "the server drains")
    assert not waiter.has_answer
    gate.open()
    assert waiter.output()["task_status"] == "SUCCEEDED"
    assert server.end() == 0


@pytest.mark.parametrize("is_watched", [True, False], ids=["with updates", "without"])
@pytest.mark.parametrize("how", ["kill", "stop"])
def test_the_client_goes_on_waiting_when_the_server_starts_anew(
    launch: Launch, gate: Gate, how: str, is_watched: bool
) -> None:
    settings = {**gate.settings(), "port": str(free_port())}
    server = launch(**settings)
    task = gate.hold(server, server.create())
    ended: list[Seen] = []

    def wait() -> None:
        with Client(server.url, KEY) as client:
            ended.append(client.wait(task, on_update=(lambda _: None) if is_watched else None))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    until_seated(server, 1)
    getattr(server, how)()
    again = launch(**settings)
    gate.hold(again, task)
    gate.open()
    thread.join(LONG)
    assert [seen.status for seen in ended] == ["SUCCEEDED"]


# A new task in place of an old one


def test_a_retry_can_be_waited_for(server: Server) -> None:
    task = server.create()
    server.succeed(task)
    again = task_id(server.http.post(f"/api/v1/tasks/{task}/retry"))
    assert waiting(server, again).output()["task_status"] == "SUCCEEDED"


def test_an_order_sent_twice_with_its_key_is_one_task_and_the_command_waits_for_it(server: Server) -> None:
    with Client(server.url, KEY) as client:
        task = client.create("a card", model="wan2.1-t2v-turbo", size="832*480")
    done = dalang("tasks", "wait", task.id, "--json", DALANG_URL=server.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "SUCCEEDED"

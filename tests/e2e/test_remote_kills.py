"""kill -9 of ours at every point between an order's intent and its publication: never two orders, and every task ends.

The points are held by the other server, which withholds an answer: nothing in ours is there for the test.
"""

from __future__ import annotations

import random
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.doorway import doorway
from tests.e2e.farm import Call, Farm
from tests.e2e.running import CREATE, FINAL, Gate, Server
from tests.e2e.test_remote import ANY, dalangs, farms, film, host, one_farm  # noqa: F401  fixtures
from tests.e2e.until import until
from tests.moderation_host import Ask, moderation_host, results

UNKNOWN = "not ordered twice"


@contextmanager
def deaf() -> Iterator[str]:
    """An address to which a connection is never made: its queue of those that wait is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        yield f"http://127.0.0.1:{address[1]}/v1"
        for filler in fillers:
            filler.close()


def restarted(launch: Launch, server: Server, config: str) -> Server:
    server.kill()
    return launch(config=config)


def test_between_intent_and_order(launch: Launch) -> None:
    """Nothing was sent, and nobody can know that afterwards."""
    with deaf() as url:
        server = launch(config=farms(url))
        task = server.create()
        until(lambda: intends(server), "the intent is written")
        server = restarted(launch, server, farms(url))
        assert UNKNOWN in server.fail(task)["message"]


def intends(server: Server) -> bool:
    with closing(sqlite3.connect(server.data / "dalang.db")) as connection:
        return bool(connection.execute("SELECT 1 FROM orders WHERE remote_id IS NULL").fetchall())


def test_between_order_and_its_answer(launch: Launch, host: Farm) -> None:  # noqa: F811
    host.doors["create"].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors["create"].knocked.wait(30)
    server = restarted(launch, server, farms(host.url))
    output = server.fail(task)
    assert (output["code"], UNKNOWN in output["message"]) == ("InternalError", True)
    host.doors["create"].open.set()
    server.succeed(server.create("another"))
    assert len(host.ordered) == 2, "one of each task"


@pytest.mark.parametrize("door", ["look", "content"])
def test_between_its_answer_and_its_end(launch: Launch, host: Farm, door: str) -> None:  # noqa: F811
    host.doors[door].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors[door].knocked.wait(30)
    server = restarted(launch, server, farms(host.url))
    host.doors[door].open.set()
    assert server.succeed(task)["dalang"]["attempt"] == 2
    assert host.doors["create"].count == 1


def test_in_the_middle_of_the_download(launch: Launch, host: Farm) -> None:  # noqa: F811
    def half(call: Call) -> None:
        call.send_response(200)
        call.send_header("content-length", str(len(host.film)))
        call.end_headers()
        call.wfile.write(host.film[: len(host.film) // 2])
        call.wait_at("content")

    whole, host.doors["content"].answer = host.doors["content"].answer, half
    host.doors["content"].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors["content"].knocked.wait(30)
    server.kill()
    host.doors["content"].answer = whole
    host.doors["content"].open.set()
    server = launch(config=farms(host.url))
    assert server.http.get(server.succeed(task)["video_url"]).content == host.film
    assert host.doors["create"].count == 1


def test_between_a_cancel_and_its_passing_on(launch: Launch, host: Farm) -> None:  # noqa: F811
    host.status = "in_progress"
    host.doors["delete"].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    until(lambda: host.doors["look"].count, "it is followed")
    server.cancel(task, **ANY)
    host.doors["delete"].knocked.wait(30)
    server = restarted(launch, server, farms(host.url))
    host.doors["delete"].open.set()
    until(lambda: host.doors["delete"].count >= 2, "it is passed on again")
    until(lambda: "order canceled" in server.log, "and settled")
    assert server.status(task) == "CANCELED"
    assert host.doors["create"].count == 1


def test_a_cancel_before_the_answer_comes_is_passed_on_when_it_does(launch: Launch, host: Farm) -> None:  # noqa: F811
    host.status = "in_progress"
    host.doors["create"].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors["create"].knocked.wait(30)
    server.cancel(task, **ANY)
    host.doors["create"].open.set()
    until(lambda: host.ordered[0].deleted, "it is canceled there")
    assert server.status(task) == "CANCELED"


@pytest.mark.parametrize("door", ["look", "content"])
def test_a_cancel_reaches_it_at_each_point(launch: Launch, host: Farm, door: str) -> None:  # noqa: F811
    host.doors[door].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors[door].knocked.wait(30)
    server.cancel(task, **ANY)
    until(lambda: host.ordered[0].deleted, "it is canceled there, whatever is still asked for")
    assert server.status(task) == "CANCELED"
    assert server.stop() == 0, "nothing holds up its end"


@pytest.mark.parametrize("door", ["look", "content"])
def test_a_drain_leaves_it_alone_at_each_point(launch: Launch, host: Farm, door: str) -> None:  # noqa: F811
    host.doors[door].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors[door].knocked.wait(30)
    assert server.stop() == 0
    host.doors[door].open.set()
    server = launch(config=farms(host.url))
    server.succeed(task)
    assert (host.doors["create"].count, host.ordered[0].deleted) == (1, False)


def test_a_drain_waits_for_the_answer(launch: Launch, host: Farm) -> None:  # noqa: F811
    host.doors["create"].shut()
    server = launch(config=farms(host.url))
    task = server.create()
    host.doors["create"].knocked.wait(30)
    server.process.terminate()
    until(lambda: "draining" in server.log, "it drains")
    host.doors["create"].open.set()
    assert server.end() == 0
    server = launch(config=farms(host.url))
    server.succeed(task)
    assert host.doors["create"].count == 1


def test_another_server_waits_for_the_answer_to_one_that_is_drained(launch: Launch, host: Farm) -> None:  # noqa: F811
    """Both on one folder: the task changes hands in the middle of its order."""
    host.doors["create"].shut()
    drained = launch(config=farms(host.url))
    task = drained.create()
    host.doors["create"].knocked.wait(30)
    other = launch(config=farms(host.url))
    drained.process.terminate()
    until(lambda: "task running" in other.log, "it is the other's")
    host.doors["create"].open.set()
    assert drained.end() == 0
    assert other.succeed(task)["dalang"]["attempt"] == 2
    assert host.doors["create"].count == 1


def test_between_the_download_and_the_publication(launch: Launch, host: Farm) -> None:  # noqa: F811
    """The video is here, whole, and moderation looks at it."""
    with moderation_host() as judge:
        judge.answer = only_words
        settings = {"moderation": "http", "moderation_url": judge.url}
        server = launch(config=farms(host.url), **settings)
        task = server.create(prompt_extend=False)
        until(lambda: any("image_url" in str(asked) for _, _, asked in judge.asked), "its frames are looked at")
        server.kill()
        judge.answer = results({"flagged": False})
        server = launch(config=farms(host.url), **settings)
        output = server.succeed(task)
        assert server.http.get(output["video_url"]).content == host.film
        assert (output["dalang"]["attempt"], host.doors["create"].count) == (2, 1)


def only_words(ask: Ask) -> None:
    """Pictures are thought about for ever."""
    if "image_url" in str(ask.json):
        ask.server.closing.wait()
    else:
        results({"flagged": False})(ask)


def test_what_a_stopped_server_has_ordered_is_canceled_when_it_wakes(launch: Launch, host: Farm) -> None:  # noqa: F811
    host.status = "in_progress"
    host.doors["create"].shut()
    stopped = launch(config=farms(host.url), lease="3s")
    task = stopped.create()
    host.doors["create"].knocked.wait(30)
    stopped.send(signal.SIGSTOP)
    other = launch(config=farms(host.url), lease="3s")
    assert UNKNOWN in other.fail(task)["message"]
    host.doors["create"].open.set()
    stopped.send(signal.SIGCONT)
    until(lambda: host.ordered[0].deleted, "nobody waits for it")
    assert host.doors["create"].count == 1


# Another Dalang: an order may be repeated, and is one all the same


def there(other: Server) -> list[str]:
    return [row["task_id"] for row in other.http.get("/api/v1/tasks/").json()["data"]]


def test_between_order_and_its_answer_of_another_dalang(launch: Launch) -> None:
    other = launch(data="other")
    with doorway(other.url) as door:
        door.open.clear()
        server = launch(config=dalangs(door.url))
        task = server.create()
        until(lambda: door.came[f"POST {CREATE}"], "it is ordered")
        server = restarted(launch, server, dalangs(door.url))
        until(lambda: door.came[f"POST {CREATE}"] == 2, "it is ordered again, under the same key")
        door.open.set()
        server.succeed(task)
        assert len(there(other)) == 1


def test_the_cloud_has_no_such_keys(launch: Launch) -> None:
    other = launch(data="other")
    with doorway(other.url) as door:
        door.open.clear()
        server = launch(config=dalangs(door.url, more=""))
        task = server.create()
        until(lambda: door.came[f"POST {CREATE}"], "it is ordered")
        server = restarted(launch, server, dalangs(door.url, more=""))
        door.open.set()
        assert UNKNOWN in server.fail(task)["message"]
        assert door.came[f"POST {CREATE}"] == 1


def test_while_another_dalang_draws(launch: Launch, gate: Gate) -> None:
    other = launch(data="other", **gate.settings())
    server = launch(config=dalangs(other.url))
    task = server.create()
    (ordered,) = until(lambda: there(other), "it is ordered")
    gate.hold(other, ordered)
    server = restarted(launch, server, dalangs(other.url))
    gate.open()
    assert server.succeed(task)["dalang"]["attempt"] == 2
    assert there(other) == [ordered]


# Anywhere


@pytest.mark.parametrize("kind", ["farm", "dalang"])
def test_kills_at_random_times_never_order_twice(launch: Launch, host: Farm, kind: str) -> None:  # noqa: F811
    chance = random.Random(6)
    other = launch(data="other") if kind == "dalang" else None
    config = dalangs(other.url) if other else farms(host.url)
    server = launch(config=config)
    tasks: dict[str, str] = {}
    for life in range(4):
        for number in range(3):
            prompt = f"card {life} {number}"
            tasks[server.create(prompt, prompt_extend=False)] = prompt
        time.sleep(chance.uniform(0.0, 0.25))  # the point of it
        server = restarted(launch, server, config)
    ends = {task: server.wait_for(task, *FINAL) for task in tasks}
    assert all(end["task_status"] == "SUCCEEDED" or UNKNOWN in end["message"] for end in ends.values())
    orders = Counter(prompts_at(other) if other else [video.fields["prompt"] for video in host.ordered])
    assert max(orders.values()) == 1, orders
    made = {tasks[task] for task, end in ends.items() if end["task_status"] == "SUCCEEDED"}
    assert made <= orders.keys()
    if kind == "dalang":
        assert len(made) == len(tasks), "an order of unknown outcome is repeated"


def prompts_at(other: Server) -> list[str]:
    query = {"page_size": "100"}
    rows = other.http.get("/api/v1/tasks/", params=query).json()["data"]
    return [other.query(row["task_id"])["orig_prompt"] for row in rows if row["status"] == "SUCCEEDED"]

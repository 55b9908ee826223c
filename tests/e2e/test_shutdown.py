"""SIGTERM: no new claims, a grace period, then running tasks go back to the queue at no cost to them; exit status 0."""

from __future__ import annotations

import signal
import sqlite3

from tests.e2e.conftest import Launch
from tests.e2e.running import Gate, Server
from tests.e2e.until import until


def row(server: Server, task: str) -> tuple[str, int, int]:
    """Status, attempt and failures, as they are kept."""
    with sqlite3.connect(server.data / "dalang.db") as database:
        columns = "status, attempt, failures"
        found: tuple[str, int, int] = database.execute(f"SELECT {columns} FROM tasks WHERE id = ?", [task]).fetchone()
    return found


def test_what_ends_within_the_grace_is_kept_and_nothing_new_begins(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings(), grace="1m")
    running, waiting = gate.hold(server, server.create()), server.create()
    server.send(signal.SIGTERM)
    until(lambda: "draining" in server.log, "the server drains")
    late = server.create()
    assert server.status(running) == "RUNNING", "it answers while it drains"
    gate.open()
    assert server.end() == 0
    assert row(server, running) == ("SUCCEEDED", 1, 0)
    assert [row(server, task) for task in (waiting, late)] == [("PENDING", 0, 0)] * 2

    server = launch(**gate.settings())
    assert server.succeed(waiting)["dalang"]["attempt"] == 1
    server.succeed(late)
    assert server.stop() == 0


def test_what_outlasts_the_grace_waits_again_at_no_cost(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings(), grace="100ms")
    task = gate.hold(server, server.create())
    assert server.stop(within=5) == 0
    assert row(server, task) == ("PENDING", 1, 0)
    assert server.files(task) == set()
    assert list((server.data / "servers").iterdir()) == []

    gate.open()
    assert launch(**gate.settings()).succeed(task)["dalang"]["attempt"] == 2


def test_a_second_signal_ends_the_grace(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings(), grace="1h")
    task = gate.hold(server, server.create())
    server.send(signal.SIGTERM)
    until(lambda: "draining" in server.log, "the server drains")
    assert server.stop(within=5) == 0
    assert row(server, task) == ("PENDING", 1, 0)

"""`dalang generate` with real servers: one of its own, one that runs, and what becomes of both when it is ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.running import Gate, children, command_line, dalang, environment, is_running
from tests.e2e.until import until

SMALL = ("--model", "wan2.1-t2v-turbo", "--size", "832*480")


def own_servers(command: int) -> list[int]:
    return [pid for pid in children(command) if command_line(pid)[2:4] == ["dalang", "serve"]]


def middle(gate: Gate) -> Callable[[], bool]:
    return (Path(gate.settings()["TEST_GATE"]) / "reached").exists


def begin(*arguments: str | Path, **settings: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dalang", "generate", "a boat", *SMALL, *map(str, arguments)]
    return subprocess.Popen(command, env=environment(settings), stderr=subprocess.PIPE, text=True)


def test_without_a_server_the_command_brings_its_own(tmp_path: Path) -> None:
    data = str(tmp_path / "none")
    done = dalang("generate", "a boat", *SMALL, "-o", tmp_path / "a.mp4", data=data, engine="slate")
    assert done.returncode == 0, done.stderr
    assert "a server for this command alone" in done.stderr
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    assert not (tmp_path / "none").exists(), "the user's data folder is not touched"


def test_a_server_on_the_data_folder_is_used(launch: Launch, tmp_path: Path) -> None:
    server = launch()
    done = dalang("generate", "a boat", *SMALL, "-o", tmp_path / "a.mp4", "--json", data=str(server.data))
    assert done.returncode == 0, done.stderr
    assert f"the server on {server.data}" in done.stderr
    assert server.status(json.loads(done.stdout)["id"]) == "SUCCEEDED"


def test_a_task_can_be_listed_cancelled_and_ordered_again(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    task = gate.hold(server, server.create())
    data = str(server.data)
    assert task in dalang("tasks", "list", "--status", "RUNNING", data=data).stdout
    assert dalang("tasks", "cancel", task, data=data).returncode == 0
    assert server.status(task) == "CANCELED"
    gate.open()
    again = dalang("tasks", "retry", task, data=data)
    assert again.returncode == 0, again.stderr
    server.succeed(again.stdout.strip())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_cancels_the_task_in_the_middle(launch: Launch, gate: Gate, number: signal.Signals) -> None:
    server = launch(**gate.settings())
    with begin(data=str(server.data)) as command:
        until(middle(gate), "the task is in the middle")
        command.send_signal(number)
        _, told = command.communicate(timeout=10)
    assert command.returncode == 130
    task = told.partition("task ")[2].split()[0]
    assert server.status(task) == "CANCELED"


def test_the_commands_own_server_ends_with_it_however_it_ends(gate: Gate, tmp_path: Path) -> None:
    with begin(data=str(tmp_path / "none"), **gate.settings()) as command:
        until(middle(gate), "the task is in the middle")
        own = own_servers(command.pid)
        own += [worker for server in own for worker in children(server)]
        assert len(own) > 1
        command.kill()
    until(lambda: not any(map(is_running, own)), "server and workers are gone")


def test_a_server_that_does_not_start_is_told_in_its_own_words(tmp_path: Path) -> None:
    done = dalang("generate", "a boat", data=str(tmp_path / "none"), slots="none")
    assert done.returncode == 1
    assert "slots" in done.stderr
    assert len(done.stderr.splitlines()) == 1

"""Engines that fail in every way an engine can: the task ends with a code and a sentence, its files go, and the slot
works again. All servers of this file run side by side, since most of the time is waiting."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from tests.e2e.running import Server


class Fault(NamedTuple):
    """What becomes of a task under an engine; `attempts` it is given."""

    engine: str
    code: str
    part: str
    """Of the sentence."""
    attempts: int


FAULTS = {
    "hangs": Fault(
        "hangs:Hangs", "InternalError.Algo", "inference internal error. The worker made no progress for 1 s", 3
    ),
    "dies": Fault("dies:Dies", "InternalError.Algo", "inference internal error. The worker died: SIGKILL.", 3),
    "raises": Fault("raises:Raises", "InternalError.Algo", "inference internal error. KeyError", 3),
    "stops short": Fault("stops_short:StopsShort", "InternalError.Algo", "10 frames, not 150", 3),
    "fills the disk": Fault(
        "fills_disk:FillsDisk", "InternalError.Upload", "Failed to upload result. No space left", 1
    ),
    "outgrows its limit": Fault(
        "outgrows_limit:OutgrowsLimit", "InternalError.Upload", "Failed to upload result. File too large", 1
    ),
    "takes too long": Fault("ignores_cancel:IgnoresCancel", "InternalError.Timeout", "an internal timeout error", 1),
}

SETTINGS = {"takes too long": {"render_limit": "1s"}}


class Case(NamedTuple):
    server: Server
    task: str


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Case]]:
    """A server for each engine, and on it the task that meets its trick."""
    folder = tmp_path_factory.mktemp("workers")

    def begin(name: str) -> Case:
        engine = f"tests.engines.{FAULTS[name].engine}"
        settings = {"lease": "1s", **SETTINGS.get(name, {})}
        server = Server(folder / name.replace(" ", "-"), engine=engine, **settings).start()
        return Case(server, server.create())

    with ThreadPoolExecutor(len(FAULTS)) as threads:
        started = dict(zip(FAULTS, threads.map(begin, FAULTS), strict=True))
    yield started
    for case in started.values():
        case.server.kill()


@pytest.mark.parametrize("name", FAULTS)
def test_a_failing_engine_ends_its_task_and_not_its_server(cases: dict[str, Case], name: str) -> None:
    fault, (server, task) = FAULTS[name], cases[name]
    output = server.fail(task, within=25)
    assert output["code"] == fault.code
    assert fault.part.lower() in output["message"].lower()
    assert output["dalang"]["attempt"] == fault.attempts
    assert server.files(task) == set(), "no part of a video is left"
    assert server.succeed(server.create("please"))["dalang"]["attempt"] == 1

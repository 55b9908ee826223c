"""Real server processes. Most tests share one; those that kill or stop servers launch their own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e.faults import FAULTS, Case, begin
from tests.e2e.media_host import MediaHost, media_host
from tests.e2e.running import LIVE, Gate, Server

Launch = Callable[..., Server]

LOG_TAIL = 3000
"""Characters of each server's log that a failed test shows."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The shared one. It may fetch from `localhost`, not from the same machine under another name."""
    shared = Server(
        tmp_path_factory.mktemp("shared") / "data",
        fetch_allow="localhost",
        fetch_limit="2s",
        cors_origins="https://studio.example",
        trusted_proxies="127.0.0.1",
    ).start()
    yield shared
    assert shared.is_alive, "the server goes on, whatever was sent to it"
    assert shared.stop() == 0


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts servers of the test's own, by default all on the same folder; kills what is left of them at the end."""
    launched: list[Server] = []

    def start(*, data: str = "data", is_awaited: bool = True, **settings: str) -> Server:
        launched.append(Server(tmp_path / data, **settings))
        return launched[-1].start(is_awaited=is_awaited)

    yield start
    for one in launched:
        if one in LIVE:
            one.kill()


@pytest.fixture(scope="session")
def media() -> Iterator[MediaHost]:
    with media_host() as host:
        yield host


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Case]]:
    """Most of their time is waiting, which other processes of the suite make use of."""
    cases = begin(tmp_path_factory.mktemp("faults"))
    yield cases
    for case in cases.values():
        if case.server in LIVE:
            case.server.kill()


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        shown = [one for one in LIVE if one.data.name not in FAULTS or one.data.name in item.name]
        report.sections.extend((f"log of server {one.pid}", one.log[-LOG_TAIL:]) for one in shown)
    return report

"""The pytest plugin: `dalang_server`, a server as new for each test, with the variables set by which clients find it.

What it needs is loaded when a test first asks for a fixture: pytest loads this module in every project.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dalang.testing.session import Session
    from dalang.testing.stand_in import Server

SERVER: pytest.StashKey[Server] = pytest.StashKey()
"""Of a test that has one."""

OUTCOME: pytest.StashKey[bool] = pytest.StashKey()
"""Whether the test itself failed."""

RUNNING: pytest.StashKey[Any] = pytest.StashKey()
"""Of a session: the test that runs."""


@pytest.fixture(scope="session")
def dalang_settings() -> dict[str, Any]:
    """Settings of the server, as `dalang.testing.server` takes them. A conftest.py, a module or a class whose tests
    want any defines its own, of whatever scope; tests with the same settings share a server."""
    return {}


@pytest.fixture(scope="session")
def dalang_session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """For fixtures that outlive a test: `.server` is the one of the settings that hold where it is asked for."""
    from dalang.testing.session import Session

    with closing(Session(lambda: settings_of(request.session.stash[RUNNING]))) as session:
        yield session


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.session.stash[RUNNING] = item


def settings_of(item: Any) -> dict[str, Any]:
    """Asked of the test: what a fixture of the session was given once may be another folder's."""
    settings: dict[str, Any] = item._request.getfixturevalue("dalang_settings")
    return settings


@pytest.fixture
def dalang_server(
    dalang_session: Session,
    dalang_settings: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Server]:
    """A `dalang.testing.Server` as new, to which the DashScope SDKs and `dalang.Client` go during this test."""
    from dalang.launch import StartFailed

    try:
        server = dalang_session.fresh(dalang_settings)
    except StartFailed as error:
        pytest.fail(str(error), pytrace=False)
    node = request.node
    node.stash[SERVER] = server
    # The test's own: what it changes of these variables is undone before they are, in whatever order fixtures end.
    lead_clients(monkeypatch, server)
    yield server
    if not (server.is_alive or node.stash.get(OUTCOME, False)):
        pytest.fail(f"The Dalang server died during this test: {server.last_words}", pytrace=False)


def lead_clients(patch: pytest.MonkeyPatch, server: Server) -> None:
    """By the environment, and past any proxy."""
    for name, value in server.environment.items():
        patch.setenv(name, value)
    patch.delenv("DASHSCOPE_BASE_URL", raising=False)  # in SDK 2.x it would beat the one that is set
    for name in ("NO_PROXY", "no_proxy"):
        patch.setenv(name, "127.0.0.1,localhost", prepend=",")
    if "dashscope" in sys.modules:
        lead_sdk(patch, sys.modules["dashscope"], server)


def lead_sdk(patch: pytest.MonkeyPatch, sdk: Any, server: Server) -> None:
    """The official SDK read the environment when it was imported, and goes by what code has set since."""
    patch.setattr(sdk, "api_key", server.api_key, raising=False)
    patch.setattr(sdk, "base_http_api_url", server.base_url, raising=False)
    if settings := getattr(sdk, "settings", None):  # of SDK 2.x
        for name, value in (("api_key", server.api_key), ("base_url", server.base_url)):
            if settings.get_explicit(name):
                patch.setattr(settings, name, value)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure is told together with what the server was asked and what it wrote."""
    report = yield
    if SERVER in item.stash and report.failed and report.when != "teardown":
        from dalang.testing.section import section

        item.stash[OUTCOME] = True
        report.sections.append(("Dalang server", section(item.stash[SERVER])))
    return report

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


@pytest.fixture(scope="session")
def dalang_settings() -> dict[str, Any]:
    """Settings of the server, as `dalang.testing.server` takes them: a conftest.py that wants any defines its own."""
    return {}


@pytest.fixture(scope="session")
def dalang_session(dalang_settings: dict[str, Any]) -> Iterator[Session]:
    """The one server of this process, as `.server`, for fixtures that outlive a test."""
    from dalang.testing.session import Session

    with closing(Session(dalang_settings)) as session:
        yield session


@pytest.fixture
def dalang_server(dalang_session: Session, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A `dalang.testing.Server` as new, to which the DashScope SDKs and `dalang.Client` go during this test."""
    server = dalang_session.fresh()
    node = request.node
    node.stash[SERVER] = server
    with pytest.MonkeyPatch.context() as patch:
        lead_clients(patch, server)
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

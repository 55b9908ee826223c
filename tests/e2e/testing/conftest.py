"""One server in test mode for the tests of this folder, as new for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dalang import Client
from dalang.testing import Server
from dalang.testing.session import Session


@pytest.fixture(scope="package")
def session() -> Iterator[Session]:
    session = Session({"slots": 1})
    yield session
    session.close()


@pytest.fixture
def server(session: Session) -> Server:
    return session.fresh()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as client:
        yield client

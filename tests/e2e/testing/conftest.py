"""One server in test mode for the tests of this folder, as new for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from dalang import Client
from dalang.testing import Server
from dalang.testing.kept_server import KeptServer


@pytest.fixture(scope="package")
def kept() -> Iterator[KeptServer]:
    with closing(KeptServer({"slots": 1})) as kept:
        yield kept


@pytest.fixture
def server(kept: KeptServer) -> Server:
    return kept.fresh()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as client:
        yield client

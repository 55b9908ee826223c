from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.unit.fetch.site import Detour, Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    site.hang.set()
    server.close()
    await server.wait_closed()


@pytest.fixture
def detour(site: Site) -> Detour:
    return Detour(site.port)

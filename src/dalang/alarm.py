"""What wakes a loop that looks at the store: a change there, something of its own, or time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from dalang.store import Store


class Alarm:
    """Rings once for all that happened since `clear`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    def clear(self) -> None:
        """Before a look, so that what happens during it rings again."""
        self._rung.clear()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """A block during which every change of the store rings."""
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()

    async def wait(self, at_most: float) -> None:
        """Until it rings, or for so many seconds."""
        with suppress(TimeoutError):  # not wait_for, which in Python 3.11 may swallow a cancel
            async with asyncio.timeout(at_most):
                await self._rung.wait()

    async def _watch(self) -> None:
        version = self._store.version
        while True:
            version = await self._store.changed(version)
            self._rung.set()

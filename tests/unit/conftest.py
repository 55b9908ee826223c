"""A store and a storage in a temporary folder, under a clock that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dalang.storage.local import LocalStorage
from dalang.store import writer
from dalang.store.sqlite import SQLiteStore
from tests.clock import ManualClock

DAY = 86_400_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def small_reserve(monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes. Eight megabytes a test would wear out a disk."""
    monkeypatch.setattr(writer, "RESERVE_BYTES", 4096)
    return 4096


@pytest.fixture
async def store(tmp_path: Path, clock: ManualClock, small_reserve: int) -> AsyncIterator[SQLiteStore]:
    """What has ended is kept for a day."""
    store = SQLiteStore(tmp_path / "dalang.db", clock, DAY)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def storage(tmp_path: Path, clock: ManualClock) -> LocalStorage:
    storage = LocalStorage(tmp_path / "files", b"signing secret", clock)
    await storage.open()
    return storage

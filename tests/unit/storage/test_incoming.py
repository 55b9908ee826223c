"""A file that arrives in pieces: nothing of it is seen before it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.ids import new_id
from dalang.storage.local import BLOCK, LocalStorage
from tests.clock import ManualClock


@pytest.fixture
def key(clock: ManualClock) -> str:
    return f"{new_id(clock)}/file"


def names(root: Path) -> list[str]:
    return [file.name for file in root.rglob("*") if file.is_file()]


async def test_pieces_make_one_file_that_is_seen_once_it_is_kept(
    storage: LocalStorage, tmp_path: Path, key: str
) -> None:
    pieces = [b"a", b"b" * BLOCK, b"", b"c" * (BLOCK - 1), b"d"]
    target = await storage.local(key)
    async with storage.receive(key) as file:
        for piece in pieces:
            await file.write(piece)
        assert not target.exists()
        await file.keep()
        assert target.read_bytes() == b"".join(pieces)
    assert names(tmp_path / "files") == ["file"]


async def test_what_is_not_kept_is_gone(storage: LocalStorage, tmp_path: Path, key: str) -> None:
    async with storage.receive(key) as file:
        await file.write(b"half" * BLOCK)
        assert len(names(tmp_path / "files")) == 1
    assert names(tmp_path / "files") == []


async def test_what_fails_on_the_way_is_gone(storage: LocalStorage, tmp_path: Path, key: str) -> None:
    async def breaks() -> None:
        async with storage.receive(key) as file:
            await file.write(b"half" * BLOCK)
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        await breaks()
    assert names(tmp_path / "files") == []


async def test_a_file_that_is_there_is_not_replaced(storage: LocalStorage, tmp_path: Path, key: str) -> None:
    async with storage.receive(key) as first, storage.receive(key) as second:
        await first.write(b"first")
        await second.write(b"second")
        await first.keep()
        with pytest.raises(FileExistsError):
            await second.keep()
    assert (await storage.local(key)).read_bytes() == b"first"
    assert names(tmp_path / "files") == ["file"]

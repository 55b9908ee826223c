"""What waits for the disk, in what order, and that nothing does where nobody would miss it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalang.storage.disk import Disk


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was waited for: the path as it was then, below the test's own folder."""
    waited: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        waited.append(str(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(tmp_path)))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return waited


def made(folder: Path) -> Path:
    file = folder / "made"
    file.write_bytes(b"film")
    return file


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_it_is_done(
    tmp_path: Path, waits: list[str]
) -> None:
    Disk(is_durable=True).move(made(tmp_path), tmp_path / "files" / "task" / "1.mp4")
    assert waits == ["files", ".", "made", "files/task"]


def test_what_nobody_would_miss_waits_for_nothing(tmp_path: Path, waits: list[str]) -> None:
    disk, target = Disk(is_durable=False), tmp_path / "files" / "task"
    disk.move(made(tmp_path), target / "1.mp4")
    disk.write(target / "2.mp4", [b"fi", b"lm"])
    disk.link(target / "1.mp4", target / "3.mp4")
    assert {file.name: file.read_bytes() for file in target.iterdir()} == dict.fromkeys(
        ("1.mp4", "2.mp4", "3.mp4"), b"film"
    )
    assert waits == []


def test_a_writer_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"fi"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Disk(is_durable=True).write(tmp_path / "1.mp4", breaking())
    assert list(tmp_path.iterdir()) == []

"""Whose folder is cleared away, and whose is not."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from dalang.testing.folder import LOCK, PREFIX, own_folder

LONG_AGO = (0.0, 0.0)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_in(place: Path, name: str) -> Path:
    """As a process leaves it that was killed long ago."""
    folder = place / name
    (folder / "data").mkdir(parents=True)
    (folder / LOCK).touch()
    os.utime(folder / LOCK, LONG_AGO)
    return folder


def test_a_folder_is_gone_with_its_owner(place: Path) -> None:
    with own_folder() as folder:
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_what_was_left_is_cleared_away(place: Path) -> None:
    left = left_in(place, f"{PREFIX}1")
    with own_folder():
        assert not left.exists()


def test_what_may_be_somebodys_is_left_alone(place: Path) -> None:
    another, unlocked, young = left_in(place, "another"), left_in(place, f"{PREFIX}1"), left_in(place, f"{PREFIX}2")
    (unlocked / LOCK).unlink()
    os.utime(young / LOCK)
    with own_folder():
        assert all(folder.exists() for folder in (another, unlocked, young))


def test_a_folder_that_is_old_and_in_use_is_left_alone() -> None:
    with own_folder() as old:
        os.utime(old / LOCK, LONG_AGO)
        with own_folder():
            assert old.exists()

"""The folder of a server: temporary, and cleared away later by another if this process is killed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

PREFIX, LOCK = "dalang-test-", "owner.lock"

YOUNG = 3600.0
"""Seconds. So long a folder is left alone: its owner may be about to lock it."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """Locked as long as its owner lives, and gone at the end."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        clear_abandoned(folder.parent)
        with FileLock(folder / LOCK):
            yield folder


def clear_abandoned(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        if is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def is_abandoned(folder: Path) -> bool:
    """Whether its owner has been killed."""
    lock = folder / LOCK
    try:
        if time.time() - lock.stat().st_mtime < YOUNG:
            return False
        with FileLock(lock, blocking=False):
            return True
    except OSError:  # there is no lock, it is held, or it is another user's
        return False

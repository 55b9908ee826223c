"""Which servers on a data folder are alive: each holds a lock on a file of its own, which the kernel frees when the
process ends, however it ends. A stopped process still holds it; that is what leases are for."""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock, Timeout

LOOK = 5.0
"""Seconds after which a neighbour that looks whether we live, and holds our lock for that moment, has let it go."""


class Liveness:
    """`me` names this server; its scratch folder lives and dies with its lock."""

    def __init__(self, folder: Path, me: str) -> None:
        self._folder = folder
        self.me = me
        self._lock = FileLock(self._lock_file(me), timeout=LOOK)

    @property
    def scratch(self) -> Path:
        return self._folder / self.me

    def open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        while not self._lock_file(self.me).exists():  # a server that looked before we held it took it for a dead one's
            self._lock.release()
            self._lock.acquire()
        self.scratch.mkdir()
        self.others()  # for what it clears away

    def close(self) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)
        self._lock.release()
        self._lock_file(self.me).unlink(missing_ok=True)

    def is_alive(self, server: str) -> bool:
        """Also clears away what a dead one left."""
        file = self._lock_file(server)
        if server == self.me:
            return True
        if not file.exists():
            return False
        lock = FileLock(file, blocking=False)
        try:
            lock.acquire()
        except Timeout:
            return True
        shutil.rmtree(self._folder / server, ignore_errors=True)
        for left in (file, file.with_suffix(".json")):
            left.unlink(missing_ok=True)
        lock.release()
        return False

    def others(self) -> list[str]:
        """The other servers that are alive."""
        names = [file.stem for file in self._folder.glob("*.lock") if file.stem != self.me]
        return [name for name in names if self.is_alive(name)]

    def _lock_file(self, server: str) -> Path:
        return self._folder / f"{server}.lock"

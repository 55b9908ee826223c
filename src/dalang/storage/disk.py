"""Files that are whole under their names or not there, also after the machine lost its power."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """Without `is_durable` nothing waits until the disk has it: the system writes it when it likes."""

    is_durable: bool

    def move(self, source: Path, target: Path) -> None:
        """Durable before it is visible: the bytes first, then the name."""
        self.make_folder(target.parent)
        with source.open("rb") as file:
            self.keep(file.fileno())
        source.replace(target)
        self.keep_folder(target.parent)

    def write(self, target: Path, chunks: Iterable[bytes]) -> None:
        partial = target.with_name(target.name + ".partial")
        self.make_folder(target.parent)
        try:
            with partial.open("wb") as file:
                file.writelines(chunks)
            self.move(partial, target)
        finally:
            partial.unlink(missing_ok=True)

    def link(self, source: Path, target: Path) -> None:
        self.make_folder(target.parent)
        try:
            os.link(source, target)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            shutil.copyfile(source, target)
        self.keep_folder(target.parent)

    def make_folder(self, folder: Path) -> None:
        """Its name, and that of the folder it is in, on the disk like what will be put there."""
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self.keep_folder(folder.parent)
            self.keep_folder(folder.parent.parent)

    def keep(self, descriptor: int) -> None:
        if self.is_durable:
            os.fsync(descriptor)

    def keep_folder(self, folder: Path) -> None:
        if os.name == "nt" or not self.is_durable:  # Windows has no such thing and needs none
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

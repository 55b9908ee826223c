"""Fetches weights so that what is not whole never looks whole, and what is here is not fetched twice.

Each file grows under a name of its own, `….part`, takes its name once its checksum is right, and then stands in the
manifest. `model_index.json`, by which a checkpoint counts as whole, comes last.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import filelock

from dalang.errors import WeightsError
from dalang.weights.listing import INDEX, Listed, Listing
from dalang.weights.manifest import Manifest, digest_of, read_manifest, write_manifest
from dalang.weights.origin import Interrupted, Origin, Want
from dalang.weights.place import Place

TRIES = 5
"""In a row without a byte."""


class Moved(NamedTuple):
    """How far a pull has come."""

    path: str
    """Of the file that is being fetched."""
    done: int
    """Bytes of all files, those that were here before included."""
    total: int


def pull(want: Want, origin: Origin, weights: Path, pause: Callable[[float], None] = time.sleep) -> Iterator[Moved]:
    """Fetch what is missing of `want` into the folder `weights`; `pause` waits some seconds before another try.

    Raises WeightsError: no room, a checksum that is wrong, a source that does not answer, another pull at work.
    """
    where = Place.of(want, weights)
    where.folder.mkdir(parents=True, exist_ok=True)
    with _alone(where):
        yield from _Pull(where, origin, _patiently(lambda: origin.listing(want), pause), pause).run()


@contextmanager
def _alone(where: Place) -> Iterator[None]:
    try:
        with filelock.FileLock(where.folder / f".{where.want.name}.lock", timeout=0):
            yield
    except filelock.Timeout:
        raise WeightsError(f"Another pull of {where.want.name} is at work in {where.folder}.") from None


class _Pull:
    def __init__(self, where: Place, origin: Origin, listing: Listing, pause: Callable[[float], None]) -> None:
        self._where = where
        self._origin = origin
        self._listing = listing
        self._pause = pause
        old = read_manifest(where.manifest)
        self._files = old.files if old else {}
        self._done = 0

    def run(self) -> Iterator[Moved]:
        self._check_inside(self._where.manifest)
        missing = self._missing()
        self._done = self._listing.size - sum(file.size for file in missing)
        self._check_room(missing)
        yield self._moved("", 0)
        if missing:
            self._where.mark.unlink(missing_ok=True)  # what is being replaced is not whole
        for file in missing:
            for size in self._fetch(file):
                yield self._moved(file.path, size)
            self._done += file.size
        self._tidy()
        self._note()

    def _moved(self, path: str, size: int) -> Moved:
        return Moved(path, self._done + size, self._listing.size)

    def _missing(self) -> list[Listed]:
        missing = [file for file in self._listing.files if not self._is_here(file)]
        last = [file for file in self._listing.files if file.path == INDEX and missing and file not in missing]
        return missing + last

    def _is_here(self, listed: Listed) -> bool:
        """As the manifest says; what it does not know, or knows to be another's, is read."""
        file = self._where.file(listed.path)
        if not file.is_file() or file.stat().st_size != listed.size:
            return False
        sha256 = self._files.get(self._key(file))
        if sha256 and listed.digest in (None, f"sha256:{sha256}"):
            return True
        if listed.digest and (digest := digest_of(file, listed.digest)).is_right:
            self._files[self._key(file)] = digest.sha256
            return True
        return False

    def _key(self, file: Path) -> str:
        """Of the manifest."""
        return file.relative_to(self._where.folder).as_posix()

    def _check_room(self, missing: list[Listed]) -> None:
        needed = sum(file.size - _size(self._part(file)) for file in missing)
        free = shutil.disk_usage(self._where.folder).free
        if needed > free:
            raise WeightsError(
                f"{self._where.want.name} needs {needed / 1e9:.1f} GB more and {self._where.folder} has "
                f"{free / 1e9:.1f} GB left: make room, or name another folder with --weights."
            )

    def _part(self, listed: Listed) -> Path:
        """Named by content too, so that another revision's is not gone on with."""
        file = self._where.file(listed.path)
        content = listed.digest.partition(":")[2][:12] if listed.digest else "unknown"
        return file.with_name(f"{file.name}.{content}.part")

    def _fetch(self, listed: Listed) -> Iterator[int]:
        """The size that it has come to, again and again."""
        file, part = self._where.file(listed.path), self._part(listed)
        file.parent.mkdir(parents=True, exist_ok=True)
        self._check_inside(file, part)
        if not listed.digest:  # nothing would tell that it goes on as it began
            part.unlink(missing_ok=True)
        idle = 0
        while (before := _size(part)) < listed.size or not part.exists():
            try:
                yield from self._go_on(listed, part)
            except Interrupted as error:
                idle = 0 if _size(part) > before else idle + 1
                if idle == TRIES:
                    raise WeightsError(
                        f"{listed.path} broke off ({error}). The same command goes on from there."
                    ) from error
                self._pause(2.0**idle)
        self._accept(listed, part, file)

    def _go_on(self, listed: Listed, part: Path) -> Iterator[int]:
        """Raises Interrupted where it ends early, OSError when the disk is full."""
        had, revision = _size(part), self._listing.revision
        with (
            self._origin.pieces(self._where.want, revision, listed.path, had) as (start, pieces),
            part.open("r+b" if had else "wb") as stream,
        ):
            if start not in (0, had):
                raise Interrupted("it began elsewhere")
            stream.truncate(start)
            stream.seek(start)
            for piece in pieces:
                if stream.tell() + len(piece) > listed.size:
                    raise WeightsError(f"{self._origin} sends more of {listed.path} than there is.")
                stream.write(piece)
                yield stream.tell()
        if _size(part) < listed.size:
            raise Interrupted("it ended early")

    def _accept(self, listed: Listed, part: Path, file: Path) -> None:
        digest = digest_of(part, listed.digest)
        if not digest.is_right:
            part.unlink()
            raise WeightsError(
                f"{listed.path} of {self._where.want.name} is not what was published: its checksum is wrong. It was "
                "thrown away; the same command fetches it again."
            )
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(file)
        self._files[self._key(file)] = digest.sha256
        self._note()

    def _check_inside(self, *files: Path) -> None:
        """Whatever links somebody has laid there."""
        home = self._where.folder.parent.resolve() / self._where.folder.name
        for file in files:
            if file.is_symlink() or not file.parent.resolve().is_relative_to(home):
                raise WeightsError(f"{file} leads out of {self._where.folder}: nothing is written through links.")

    def _note(self) -> None:
        write_manifest(self._where.manifest, Manifest(self._where.want.repository, self._listing.revision, self._files))

    def _tidy(self) -> None:
        for listed in self._listing.files:
            file = self._where.file(listed.path)
            for part in file.parent.glob(f"{file.name}.*.part"):
                part.unlink()


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _patiently(ask: Callable[[], Listing], pause: Callable[[float], None]) -> Listing:
    for tried in range(1, TRIES):
        try:
            return ask()
        except Interrupted:
            pause(2.0**tried)
    try:
        return ask()
    except Interrupted as error:
        raise WeightsError(f"{error}. Is it up? `--from` names another mirror, or a folder.") from error

"""What a repository of weights is said to hold, before anything of it is believed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from dalang.errors import WeightsError

SUFFIXES = (".safetensors", ".json", ".txt", ".model")
"""Weights, configurations and tokenizers. Nothing that is a program or a pickle is ever fetched."""

PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}\Z")

DEPTH = 4

INDEX = "model_index.json"
"""Names the parts of a checkpoint; where it lies, the checkpoint is whole."""

MANIFEST = "dalang.json"
"""Ours, in each folder."""

COMMIT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\Z")


class Listed(NamedTuple):
    """One file of a repository."""

    path: str
    """Relative, its folders parted by slashes."""
    size: int
    """Bytes."""
    digest: str | None
    """`sha256:…`, or `blob:…`, which is the SHA-1 that git gives a file's content; None: none is known."""


class Listing(NamedTuple):
    revision: str
    """What to ask for the files by, so that all are of one state."""
    files: tuple[Listed, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def wanted(files: Iterable[Listed], only: str | None = None) -> tuple[Listed, ...]:
    """Those that a checkpoint is made of, or the one file `only`; the one by which a checkpoint counts as whole comes
    last.

    Raises WeightsError for a name that leads elsewhere, for one that stands twice, and where nothing is left.
    """
    found = [file for file in files if file.path == (only or file.path) and _is_weights(file.path)]
    for file in found:
        check_path(file.path)
    if len({file.path.lower() for file in found}) < len(found):
        raise WeightsError("The listing names a file twice.")
    if not any(file.path == (only or INDEX) for file in found):
        raise WeightsError(f"There is no {only or INDEX} there.")
    return tuple(sorted(found, key=lambda file: (file.path == INDEX, file.path)))


def _is_weights(path: str) -> bool:
    return path.endswith(SUFFIXES) and path != MANIFEST


def check_path(path: str) -> None:
    """Raises WeightsError for one that is not plainly a file somewhere below a folder."""
    parts = path.split("/")
    if len(parts) > DEPTH or not all(PART.match(part) for part in parts):
        raise WeightsError(f"The listing names {path[:200]!r}, which may not become a file here.")


class Digest:
    """Of a file that is read piece by piece."""

    def __init__(self, told: str | None, size: int) -> None:
        """`told` is what a listing says of it."""
        self._told = told
        self._sha256 = hashlib.sha256()
        is_blob = told is not None and told.startswith("blob:")
        self._blob = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False) if is_blob else None

    def update(self, piece: bytes) -> None:
        self._sha256.update(piece)
        if self._blob:
            self._blob.update(piece)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def is_right(self) -> bool:
        """Whether it is what was told, if anything was."""
        found = f"blob:{self._blob.hexdigest()}" if self._blob else f"sha256:{self.sha256}"
        return self._told in (None, found)

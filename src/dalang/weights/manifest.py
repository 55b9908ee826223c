"""What lies in a folder of weights, and where it came from: `dalang.json`, beside the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from dalang.weights.listing import Digest

PIECE = 1 << 20
"""Bytes that are read at once."""


class Manifest(msgspec.Struct, frozen=True):
    repository: str
    revision: str
    files: dict[str, str]
    """SHA-256 by path, of those that are here and whole."""


def read_manifest(file: Path) -> Manifest | None:
    """None where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write_manifest(file: Path, manifest: Manifest) -> None:
    """At once: a reader sees the old one or the new."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    beside.replace(file)


def faults(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str | None]]:
    """Each file, once it has been read again, with what is wrong with it."""
    for path, sha256 in manifest.files.items():
        yield path, _fault(folder / path, sha256)


def _fault(file: Path, sha256: str) -> str | None:
    if not file.is_file():
        return "is missing"
    return None if digest_of(file, f"sha256:{sha256}").is_right else "is not what was fetched"


def digest_of(file: Path, told: str | None) -> Digest:
    digest = Digest(told, file.stat().st_size)
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest

"""Weights from a folder of this machine: a checkpoint, or several, by our names or by the hub's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dalang.errors import NoSuchWeightsError, WeightsError
from dalang.weights.listing import INDEX, MANIFEST, Listed, Listing, wanted
from dalang.weights.manifest import PIECE, read_manifest
from dalang.weights.origin import Want


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def __str__(self) -> str:
        return str(self._root)

    def listing(self, want: Want) -> Listing:
        """With the checksums of the manifest there, if a `pull` has left one. Raises WeightsError where it says that
        these are other weights."""
        home = self._home(want)
        manifest = None if want.path else read_manifest(home / MANIFEST)
        if manifest and manifest.repository != want.repository:
            raise WeightsError(f"{home} holds {manifest.repository}, and not {want.repository}.")
        known = manifest.files if manifest else {}
        files = [home / want.path] if want.path else list(_visible(home))
        listed = (_listed(home, file, known) for file in files)
        return Listing(manifest.revision if manifest else "folder", wanted(listed, want.path))

    @contextmanager
    def pieces(self, want: Want, revision: str, path: str, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        with (self._home(want) / path).open("rb") as stream:
            stream.seek(start)
            yield start, iter(lambda: stream.read(PIECE), b"")

    def _home(self, want: Want) -> Path:
        """Raises NoSuchWeightsError where the folder has nothing of that name."""
        places = [self._root / want.name, self._root / want.repository, self._root / Path(want.repository).name]
        for place in (*places, self._root):
            if (place / (want.path or INDEX)).is_file():
                return place
        raise NoSuchWeightsError(f"{self._root} has no {want.name}: it would be in {' or '.join(map(str, places))}.")


def _visible(home: Path) -> Iterator[Path]:
    for file in home.rglob("*"):
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(home).parts):
            yield file


def _listed(home: Path, file: Path, known: dict[str, str]) -> Listed:
    path = file.relative_to(home).as_posix()
    return Listed(path, file.stat().st_size, f"sha256:{known[path]}" if path in known else None)

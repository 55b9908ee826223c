"""Where in the folder of the weights something comes to lie, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from dalang.errors import WeightsError
from dalang.weights.library import LORAS
from dalang.weights.listing import INDEX, MANIFEST
from dalang.weights.manifest import faults, read_manifest
from dalang.weights.origin import Want


class Place(NamedTuple):
    """A checkpoint has a folder of its own, LoRA weights are one file among the others."""

    want: Want
    folder: Path
    manifest: Path

    @classmethod
    def of(cls, want: Want, weights: Path) -> Self:
        if want.path:
            return cls(want, weights / LORAS, weights / LORAS / f"{want.name}.json")
        return cls(want, weights / want.name, weights / want.name / MANIFEST)

    def file(self, path: str) -> Path:
        """Of a path in the repository."""
        return self.folder / (f"{self.want.name}.safetensors" if self.want.path else path)

    @property
    def mark(self) -> Path:
        """Where it lies, all is whole."""
        return self.file(self.want.path or INDEX)

    @property
    def is_here(self) -> bool:
        return self.mark.is_file()

    @property
    def is_begun(self) -> bool:
        parts = f"{self.mark.name}.*.part" if self.want.path else "*.part"
        return self.manifest.is_file() or any(self.folder.rglob(parts))

    def check(self) -> Iterator[tuple[str, str | None]]:
        """Each file, once it has been read again, with what is wrong with it, if anything is.

        Raises WeightsError where no `pull` has written down what it should be.
        """
        manifest = read_manifest(self.manifest)
        if manifest is None:
            raise WeightsError(f"{self.want.name} was not pulled into {self.folder}: nothing says what it should be.")
        return faults(self.folder, manifest)

"""The weights of this machine: a folder, and what the operator says about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dalang.errors import InternalError
from dalang.weights.checkpoint import find_checkpoint
from dalang.weights.profile import find_profile
from dalang.weights.setup import Lora, Setup

LORAS = "loras"
"""The folder of all LoRA files, beside those of the checkpoints."""


class Library(NamedTuple):
    folder: Path
    profiles: Mapping[str, Mapping[str, Any]] = {}
    loras: Mapping[str, Lora] = {}
    checkpoints: Mapping[str, Mapping[str, Any]] = {}

    def setup(self, checkpoint: str, profile: str) -> Setup:
        """Raises InternalError (InternalError.Algo) for weights that are not here, ConfigError for a bad profile."""
        folder = self.folder / checkpoint
        if not (folder / "model_index.json").is_file():
            raise InternalError(
                f"The weights {checkpoint} are not on this machine: `dalang pull {checkpoint}` fetches them.",
                code="InternalError.Algo",
            )
        row = find_checkpoint(checkpoint, self.checkpoints)
        found = find_profile(profile, row, self.profiles)
        return Setup(row, str(folder), found, tuple(self._lora(alias) for alias in found.loras))

    def _lora(self, alias: str) -> Lora:
        lora = self.loras[alias]
        return msgspec.structs.replace(lora, file=str(self.folder / LORAS / lora.file))

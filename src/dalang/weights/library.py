"""The weights of this machine: a folder, and what the operator says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dalang.errors import ConfigError, InternalError
from dalang.weights.checkpoint import Checkpoint, find_checkpoint
from dalang.weights.listing import INDEX
from dalang.weights.lora import Lora, open_loras
from dalang.weights.profile import Profile, find_profile, profile_names
from dalang.weights.setup import Setup, setup_name

LORAS = "loras"
"""The folder of all LoRA files, beside those of the checkpoints."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
"""Of a folder of a checkpoint, and of a LoRA file."""


class Library(NamedTuple):
    folder: Path
    profiles: Mapping[str, Mapping[str, Any]] = {}
    loras: Mapping[str, Lora] = {}
    checkpoints: Mapping[str, Mapping[str, Any]] = {}
    parallel: int = 1
    """GPUs that share one render."""

    def setup(self, checkpoint: str, profile: str) -> Setup:
        """Raises InternalError (InternalError.Algo) for weights that are not here, ConfigError for what `check` would
        have refused."""
        row = find_checkpoint(checkpoint, self.checkpoints)
        folder = self.folder / checkpoint
        if not (folder / INDEX).is_file():
            raise missing(f"weights {checkpoint}", checkpoint, self.checkpoints)
        self._check_inside(folder)
        found = self._profile(profile, row)
        loras = tuple(self._lora_file(alias) for alias in found.loras)
        return Setup(row, str(folder), found, loras, self.parallel, setup_name(checkpoint, profile))

    def check(self, checkpoints: Iterable[str]) -> None:
        """Hold what the operator says against itself, for each of `checkpoints` that routes name; no file is looked at.

        Raises ConfigError for a name that is no folder's, for a checkpoint, profile or alias that is not.
        """
        for name in self.checkpoints:
            if name == LORAS or not NAME.match(name):
                raise ConfigError(f"Checkpoint {name!r}: the name must be able to name a folder other than {LORAS}.")
        for alias, lora in self.loras.items():
            if not (NAME.match(lora.file) and lora.file.endswith(".safetensors")):
                raise ConfigError(
                    f"LoRA {alias}: its file is named alone, without a folder, and ends in .safetensors; it lies in "
                    f"{self.folder / LORAS}."
                )
        for checkpoint in dict.fromkeys((*checkpoints, *self.checkpoints)):
            row = find_checkpoint(checkpoint, self.checkpoints)
            for profile in profile_names(self.profiles):
                self._profile(profile, row)
                self._check_special(profile)

    def _profile(self, name: str, checkpoint: Checkpoint) -> Profile:
        """Raises ConfigError."""
        profile = find_profile(name, checkpoint, self.profiles)
        for alias in profile.loras:
            if alias not in self._aliases:
                known = ", ".join(self._aliases)
                raise ConfigError(f"Profile {name}: there is no LoRA {alias!r}; take {known}, or add it to `loras`.")
        return profile

    def _check_special(self, name: str) -> None:
        """Of a profile that is one: the checkpoints of which it says something more. Raises ConfigError."""
        for checkpoint in self.profiles.get(name, {}).get("checkpoints", {}):
            try:
                find_checkpoint(checkpoint, self.checkpoints)
            except ConfigError as error:
                raise ConfigError(f"Profile {name}: {error}") from error

    @property
    def _aliases(self) -> dict[str, Lora]:
        return {alias: row.lora for alias, row in open_loras().items()} | dict(self.loras)

    def _lora_file(self, alias: str) -> Lora:
        lora = self._aliases[alias]
        file = self.folder / LORAS / lora.file
        if not file.is_file():
            raise missing(f"LoRA weights {alias}", alias, self.loras)
        self._check_inside(file)
        return msgspec.structs.replace(lora, file=str(file))

    def _check_inside(self, path: Path) -> None:
        if not path.resolve().is_relative_to(self.folder.resolve()):
            message = f"{path.name} is a link that leads out of the folder of the weights."
            raise InternalError(message, code="InternalError.Algo")


def missing(what: str, name: str, own: Mapping[str, object]) -> InternalError:
    """Says how to mend it: only the open ones can be pulled."""
    mend = "lay them into its folder of weights" if name in own else f"`dalang pull {name}` fetches them"
    return InternalError(f"The {what} are not on this machine: {mend}.", code="InternalError.Algo")

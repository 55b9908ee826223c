"""LoRA weights: low-rank changes of a checkpoint, published or an operator's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec


class Lora(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Low-rank weights beside a checkpoint's own."""

    file: str
    """A safetensors file: in the config by its name in the folder `loras` of the weights, in a `Setup` by its path."""
    scale: float = 1.0
    expert: Annotated[int, msgspec.Meta(ge=1, le=2)] | None = None
    """Of a checkpoint with two experts the one that it is for, 1 (high noise) or 2 (low noise); None: both."""


class OpenLora(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Published ones: a row of `loras.toml`."""

    alias: str
    """By which profiles name it."""
    repository: str
    """On the hub."""
    path: str
    """Of the one file, in the repository."""
    checkpoints: tuple[str, ...]
    """That it was made for, and with which it is pulled."""
    gigabytes: float
    """As published."""
    expert: int | None = None
    """As in `Lora`."""
    scale: float = 1.0

    @property
    def lora(self) -> Lora:
        """As it is once it has been pulled."""
        return Lora(f"{self.alias}.safetensors", self.scale, self.expert)


@cache
def open_loras() -> dict[str, OpenLora]:
    """Every row by its alias, in the order of the file."""
    rows = tomllib.loads((files(__package__) / "loras.toml").read_text())
    return {alias: msgspec.convert({"alias": alias, **row}, OpenLora) for alias, row in rows.items()}

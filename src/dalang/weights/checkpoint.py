"""The open checkpoints by name: what each makes, and what it needs."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from dalang.task import Kind


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long one clip of the checkpoint's own length was said to take; never measured here."""

    gpu: str
    gpus: int
    tier: str
    seconds: float
    source: str
    """Who published it, and where."""


class Memory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """GPU memory in GB for one clip of the largest tier, by how the weights are held."""

    full: float
    """All of them on the GPU."""
    model: float
    """One part of the pipeline at a time."""
    group: float
    """A few layers at a time."""
    quantised: float
    """All on the GPU, the transformers in 8 bits."""
    source: str


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Open weights in the form of diffusers: a row of `checkpoints.toml`."""

    name: str
    repository: str
    """On the hub."""
    kinds: tuple[Kind, ...]
    """What can be asked of it."""
    tiers: tuple[str, ...]
    """Resolution tiers that it was trained for, the smallest first; larger ones are scaled up from the last."""
    fps: int
    """Frames a second as it was trained."""
    frames: int
    """The most in one go: 4k + 1."""
    multiple: int
    """Pixels that both sides are a multiple of."""
    parameters: float
    """Billions, of the transformers together."""
    gigabytes: float
    """On disk, as published."""
    memory: Memory
    speeds: tuple[Speed, ...] = ()


@cache
def checkpoints() -> dict[str, Checkpoint]:
    """Every row by its name, in the order of the file."""
    rows = tomllib.loads((files(__package__) / "checkpoints.toml").read_text())
    return {name: msgspec.convert({"name": name, **row}, Checkpoint) for name, row in rows.items()}

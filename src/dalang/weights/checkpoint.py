"""The open checkpoints by name: what each makes, and what it needs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import msgspec

from dalang.errors import ConfigError

Kind = Literal["t2v", "i2v", "kf2v"]
"""Text to video, image to video, first and last key frame to video."""

Tier = Literal["480P", "720P", "1080P"]

Count = Annotated[int, msgspec.Meta(ge=1)]

LATENT = 4
"""Frames to a latent one, but for the first of all."""


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
    """Open weights in the form of diffusers: a row of `checkpoints.toml`, or of the config."""

    name: str
    """Also of its folder."""
    repository: str
    """On the hub."""
    kinds: tuple[Kind, ...]
    """What can be asked of it."""
    tiers: Annotated[tuple[Tier, ...], msgspec.Meta(min_length=1)]
    """Resolution tiers that it was trained for, the smallest first; larger ones are scaled up from the last."""
    fps: Count
    """Frames a second as it was trained."""
    frames: Annotated[int, msgspec.Meta(ge=13)]
    """The most in one go: 4k + 1, and more than the 9 with which one segment begins as another ended."""
    multiple: Count
    """Pixels that both sides are a multiple of."""
    parameters: float
    """Billions, of the transformers together."""
    gigabytes: float
    """On disk, as published."""
    memory: Memory
    speeds: tuple[Speed, ...] = ()
    like: str | None = None
    """The open checkpoint that an operator's own comes from: profiles hold for both."""


Own = Mapping[str, Mapping[str, Any]]
"""The config's checkpoints: each names one that it is `like`, and says what differs."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "checkpoints.toml").read_text())


@cache
def checkpoints() -> dict[str, Checkpoint]:
    """Every open one by its name, in the order of the file."""
    return {name: msgspec.convert({"name": name, **row}, Checkpoint) for name, row in _tables().items()}


def find_checkpoint(name: str, own: Own) -> Checkpoint:
    """The checkpoint `name`, of `own` or of the open ones.

    Raises ConfigError for a name that is neither, and for one of `own` that is like none of the open ones or says what
    no checkpoint has.
    """
    if name not in own:
        return _open(name, (*checkpoints(), *own))
    like = own[name].get("like")
    if not isinstance(like, str) or like not in checkpoints():
        raise ConfigError(f"Checkpoint {name}: say which it is `like`: one of {', '.join(checkpoints())}.")
    try:
        row = msgspec.convert({**_tables()[like], **own[name], "name": name}, Checkpoint)
    except msgspec.ValidationError as error:
        raise ConfigError(f"Checkpoint {name}: {error}.") from error
    if row.frames % LATENT != 1:
        raise ConfigError(f"Checkpoint {name}: its frames are {LATENT}k + 1, as 81; {row.frames} are not.")
    return row


def _open(name: str, names: tuple[str, ...]) -> Checkpoint:
    if name not in checkpoints():
        raise ConfigError(f"There is no checkpoint {name!r}; take {', '.join(names)}.")
    return checkpoints()[name]

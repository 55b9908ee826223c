"""Profiles: how fast and how well a checkpoint renders, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import msgspec

from dalang.errors import ConfigError
from dalang.weights.checkpoint import Checkpoint

Offload = Literal["none", "model", "group"]
"""Weights on the GPU: all; one part of the pipeline at a time; a few layers at a time."""

OFFLOADS: tuple[Offload, ...] = ("none", "model", "group")
"""Each tighter than the one before it."""

Cache = Literal["none", "first_block", "taylorseer", "mag"]
"""What of a step may stand for the next one, by diffusers' names: FirstBlockCache, TaylorSeerCache, MagCache."""

Attention = Literal["native", "flash", "flash_3", "sage", "xformers"]
"""Kernel of the attention, by diffusers' names; all but `native` want their own package."""

Quantisation = Literal["none", "fp8"]
"""How the transformers' weights are stored."""

Resampler = Literal["lanczos", "bicubic", "area"]
"""How frames come from the model's size to the one that was asked for."""

Interpolator = Literal["flow", "blend", "nearest"]
"""How frames come from the model's rate to the one that was asked for: along the optical flow, faded, or repeated."""

Positive = Annotated[float, msgspec.Meta(gt=0)]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a request is rendered with beside its own words: a table of `profiles.toml` or of the config."""

    steps: Annotated[int, msgspec.Meta(ge=1)]
    guidance: float
    """Scale of classifier-free guidance; 1 does without, at half the time."""
    guidance_2: float | None = None
    """Of the second expert (low noise), where the checkpoint has two; None: as the first."""
    negative_prompt: str = ""
    """What must not be drawn where the request names nothing; without guidance it has no effect."""
    flow_shift: Mapping[str, Positive]
    """By resolution tier."""
    cache: Cache = "none"
    cache_threshold: Positive | None = None
    """How much error the cache may make; None: diffusers' own."""
    attention: Attention = "native"
    compile: bool = False
    dtype: Literal["bfloat16", "float16", "float32"] = "bfloat16"
    quantisation: Quantisation = "none"
    offload: Offload = "none"
    vae_tiling: bool = False
    vae_slicing: bool = False
    loras: tuple[str, ...] = ()
    """Aliases of the config's `loras`."""
    resampler: Resampler = "lanczos"
    interpolator: Interpolator = "flow"
    native: bool = False
    """Keep the model's own size and rate."""
    gives_up: str
    """What is lost against `quality`, in a sentence."""


@cache
def _shipped() -> dict[str, Any]:
    tables: dict[str, Any] = tomllib.loads((files(__package__) / "profiles.toml").read_text())
    return tables


def profile_names(own: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The shipped ones, and the operator's `own`."""
    return (*_shipped(), *(name for name in own if name not in _shipped()))


def find_profile(name: str, checkpoint: Checkpoint, own: Mapping[str, Mapping[str, Any]]) -> Profile:
    """The profile `name` for `checkpoint`. Of `own` tables one may name the profile it is `like`, and say what differs.

    Raises ConfigError for a name that is not, and for a table that does not fit.
    """
    try:
        profile = msgspec.convert(_table(name, checkpoint, own), Profile)
    except msgspec.ValidationError as error:
        raise ConfigError(f"Profile {name}: {error}.") from error
    if missing := [tier for tier in checkpoint.tiers if tier not in profile.flow_shift]:
        raise ConfigError(f"Profile {name}: {checkpoint.name} needs a flow_shift for {' and '.join(missing)}.")
    return profile


class Basis(msgspec.Struct, frozen=True):
    """What a table says beside the fields of a profile."""

    like: str | None = None
    """The profile from which it differs."""
    checkpoints: Mapping[str, Mapping[str, Any]] = {}
    """What holds for one checkpoint, and those that are like it."""


def _table(name: str, checkpoint: Checkpoint, own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What holds for all checkpoints, over it what holds for the one that this one is like, and for itself. Raises
    msgspec.ValidationError."""
    tables = own if name in own else _shipped()
    if name not in tables:
        raise ConfigError(f"There is no profile {name!r}; take {', '.join(profile_names(own))}.")
    basis = msgspec.convert(tables[name], Basis)
    others = {other: row for other, row in own.items() if other != name}  # one like itself is like the shipped one
    beneath = _table(basis.like, checkpoint, others) if basis.like else {}
    plain = {key: value for key, value in tables[name].items() if key not in Basis.__struct_fields__}
    names = filter(None, (checkpoint.like, checkpoint.name))
    special = {key: value for name in names for key, value in basis.checkpoints.get(name, {}).items()}
    return {**beneath, **plain, **special}

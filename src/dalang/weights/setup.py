"""What one request is rendered with: the weights, where they lie, and how they are run."""

from __future__ import annotations

import msgspec

from dalang.weights.checkpoint import Checkpoint
from dalang.weights.profile import Profile


class Lora(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Low-rank weights beside a checkpoint's own."""

    file: str
    """A safetensors file: in the config by its name in the folder `loras` of the weights, in a `Setup` by its path."""
    scale: float = 1.0
    expert: int | None = None
    """Of a checkpoint with two experts the one that it is for, 1 (high noise) or 2 (low noise); None: both."""


class Setup(msgspec.Struct, frozen=True):
    """For engines that have weights."""

    checkpoint: Checkpoint
    folder: str
    """Path of its files, in the form of diffusers."""
    profile: Profile
    loras: tuple[Lora, ...] = ()
    """The profile's, by their paths."""

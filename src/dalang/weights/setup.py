"""What one request is rendered with: the weights, where they lie, and how they are run."""

from __future__ import annotations

import msgspec

from dalang.weights.checkpoint import Checkpoint
from dalang.weights.lora import Lora as Lora
from dalang.weights.profile import Profile


class Setup(msgspec.Struct, frozen=True):
    """For engines that have weights."""

    checkpoint: Checkpoint
    folder: str
    """Path of its files, in the form of diffusers."""
    profile: Profile
    loras: tuple[Lora, ...] = ()
    """The profile's, by their paths."""
    parallel: int = 1
    """GPUs that share the render, or processes where it is computed on the processor."""
    name: str = ""
    """As `setup_name`: what a slot that has it all loaded is kept for."""


def setup_name(checkpoint: str, profile: str) -> str:
    """By the names of both; `store.claim` puts it together in the same way."""
    return f"{checkpoint} {profile}"

"""Memory: how much there is, what a lack of it looks like, and what would fit."""

from __future__ import annotations

import gc
from typing import NamedTuple

import msgspec
import psutil
import torch

from dalang.errors import CannotRender
from dalang.weights.checkpoint import Checkpoint, checkpoints
from dalang.weights.profile import OFFLOADS, Profile

GB = 1e9


class Room(NamedTuple):
    """Bytes of a device's memory."""

    free: int
    total: int


def room(device: torch.device) -> Room:
    """Of the GPU, or of this machine for its processor."""
    if device.type == "cuda":
        return Room(*torch.cuda.mem_get_info(device))
    memory = psutil.virtual_memory()
    return Room(memory.available, memory.total)


def release() -> None:
    """Give back what nobody refers to any more: modules and their hooks refer to each other in circles."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def is_lack(error: BaseException) -> bool:
    """Of memory. On the processor torch has no class for it: the allocator's sentence tells."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )


def tighter(profile: Profile) -> Profile | None:
    """The same with the next offload and the VAE in tiles; None where nothing tighter is left."""
    level = OFFLOADS.index(profile.offload) + 1
    if level == len(OFFLOADS) and profile.vae_tiling:
        return None
    offload = OFFLOADS[min(level, len(OFFLOADS) - 1)]
    return msgspec.structs.replace(profile, offload=offload, vae_tiling=True)


def does_not_fit(checkpoint: Checkpoint, profile: Profile, total: int) -> CannotRender:
    """What to say when also `profile` was too much for a device of `total` bytes."""
    least = checkpoint.memory.group
    size = f"{total / GB:.0f} GB"
    said = f"Out of memory: {checkpoint.name} did not fit into {size} with offload {profile.offload}."
    if profile.offload != OFFLOADS[-1] and least * GB <= total:
        return CannotRender(f"{said} Offload group takes about {least:g} GB.")
    smaller = fitting(checkpoint, total)
    return CannotRender(f"{said} {_what_would(smaller)}")


def fitting(checkpoint: Checkpoint, total: int) -> tuple[str, ...]:
    """Open checkpoints that need less than `checkpoint`, make something that it makes and fit into `total` bytes."""
    return tuple(
        other.name
        for other in checkpoints().values()
        if set(other.kinds) & set(checkpoint.kinds)
        and other.memory.group < checkpoint.memory.group
        and other.memory.group * GB <= total
    )


def _what_would(names: tuple[str, ...]) -> str:
    if names:
        return f"Smaller ones that would fit: {', '.join(names)}."
    return "A shorter or smaller video may fit."

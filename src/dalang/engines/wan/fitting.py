"""What to try, and what to say, when memory does not do. Pure."""

from __future__ import annotations

import msgspec

from dalang.errors import CannotRender
from dalang.weights.checkpoint import Checkpoint, checkpoints
from dalang.weights.profile import OFFLOADS, Offload, Profile

GB = 1e9


def next_offload(profile: Profile) -> Offload | None:
    """Tighter than the profile's; the tightest again where only the VAE was not in tiles; None: there is none left."""
    level = OFFLOADS.index(profile.offload) + 1
    if level < len(OFFLOADS):
        return OFFLOADS[level]
    return None if profile.vae_tiling else OFFLOADS[-1]


def with_offload(profile: Profile, offload: Offload) -> Profile:
    """The same, tighter; the VAE then works in tiles too."""
    return msgspec.structs.replace(profile, offload=offload, vae_tiling=True)


def tighter(profile: Profile) -> Profile | None:
    """The next offload, with the VAE in tiles; None where nothing is left to try."""
    offload = next_offload(profile)
    return with_offload(profile, offload) if offload else None


def does_not_fit(checkpoint: Checkpoint, profile: Profile, total: int) -> CannotRender:
    """What to say when `profile`, the last that was tried, was too much for a device of `total` bytes."""
    said = f"Out of memory: {checkpoint.name} did not fit into {total / GB:.0f} GB with offload {profile.offload}."
    return CannotRender(f"{said} {_advice(checkpoint, profile, total)}")


def _advice(checkpoint: Checkpoint, profile: Profile, total: int) -> str:
    least = checkpoint.memory.group
    if profile.offload != OFFLOADS[-1] and least * GB <= total:
        return f"With offload {OFFLOADS[-1]} it takes about {least:g} GB."
    if names := smaller(checkpoint, total):
        return f"Smaller checkpoints that would fit: {', '.join(names)}."
    return "A smaller or shorter video may fit."


def smaller(checkpoint: Checkpoint, total: int) -> tuple[str, ...]:
    """Open checkpoints that take less than `checkpoint`, make something that it makes, and fit into `total` bytes."""
    return tuple(
        other.name
        for other in checkpoints().values()
        if set(other.kinds) & set(checkpoint.kinds)
        and other.memory.group < checkpoint.memory.group
        and other.memory.group * GB <= total
    )

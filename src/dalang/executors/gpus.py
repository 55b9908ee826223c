"""Which GPUs each slot's worker sees."""

from __future__ import annotations

from collections.abc import Sequence

from dalang.errors import ConfigError


def gpu_slots(found: Sequence[str], gpus: int | None, parallel: int) -> list[str]:
    """CUDA_VISIBLE_DEVICES of each slot: `parallel` of the `gpus` first of those `found`; by default of all. What does
    not fill a slot stays idle. Without any there is one slot, which sees none and renders on the processor.

    Raises ConfigError where there are fewer than are asked for, or instances of a divided GPU are to share a render:
    CUDA shows a process the first of them alone (NVIDIA's MIG guide, "CUDA device enumeration").
    """
    asked = len(found) if gpus is None else gpus
    if asked > len(found):
        raise ConfigError(f"Setting gpus: {asked} are to render, and this machine shows {len(found)}.")
    if parallel > max(asked, 1) and gpus != 0:
        raise ConfigError(f"Setting parallel: {parallel} GPUs are to share a render, and there are {asked}.")
    if parallel > 1 and any(name.startswith("MIG-") for name in found[:asked]):
        raise ConfigError("Setting parallel: instances of a divided GPU (MIG) cannot share a render; it must be 1.")
    groups = [found[first : first + parallel] for first in range(0, asked - parallel + 1, parallel)]
    return [",".join(group) for group in groups] or [""]

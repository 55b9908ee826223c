"""Which GPUs each slot's worker sees."""

from __future__ import annotations

from collections.abc import Sequence

from dalang.errors import ConfigError


def gpu_slots(found: Sequence[str], gpus: int | None, parallel: int) -> list[str]:
    """CUDA_VISIBLE_DEVICES of each slot: `parallel` of the `gpus` first of those `found`; by default of all. What does
    not fill a slot stays idle. Without any there is one slot, which sees none and renders on the processor.

    Raises ConfigError where there are fewer than are asked for.
    """
    asked = len(found) if gpus is None else gpus
    if asked > len(found):
        raise ConfigError(f"Setting gpus: {asked} are to render, and this machine shows {len(found)}.")
    if parallel > max(asked, 1) and gpus != 0:
        raise ConfigError(f"Setting parallel: {parallel} GPUs are to share a render, and there are {asked}.")
    groups = [found[first : first + parallel] for first in range(0, asked - parallel + 1, parallel)]
    return [",".join(group) for group in groups] or [""]

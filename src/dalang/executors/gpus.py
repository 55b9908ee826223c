"""Which GPUs each slot's worker sees."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from dalang.errors import ConfigError

ASK_SECONDS = 20
"""For a driver that has to wake its GPUs first."""


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


def find_gpus() -> list[str]:
    """Their indices, as the NVIDIA driver's own command counts them: to load torch for it would take seconds."""
    try:
        listed = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, text=True, timeout=ASK_SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):  # no such GPU, or none that would answer torch either
        return []
    return [str(number) for number, _ in enumerate(line for line in listed.splitlines() if line.startswith("GPU "))]

"""How a checkpoint fits into a machine. Pure."""

from __future__ import annotations

from typing import Literal

from dalang.weights.checkpoint import Checkpoint, Speed
from dalang.weights.machine import Gpu

Fit = Literal["full", "offload model", "quantised", "offload group", "not"]
"""As `Memory` tells them apart, the fastest first; `not` at all."""

TEXT_ENCODER = 12
"""GB, beside the transformers, that wait in RAM while something else is on the GPU."""


def fit(checkpoint: Checkpoint, gpu: Gpu | None, ram: float | None) -> Fit:
    """The first way that one GPU of this kind and so much RAM, in GB, have room for."""
    memory, held = checkpoint.memory, held_in_ram(checkpoint)
    ways: tuple[tuple[Fit, float, float], ...] = (
        ("full", memory.full, 0),
        ("offload model", memory.model, held),
        ("quantised", memory.quantised, 0),
        ("offload group", memory.group, held),
    )
    for way, needed, waiting in ways:
        if gpu and needed <= gpu.gigabytes and (ram is None or waiting <= ram):
            return way
    return "not"


def held_in_ram(checkpoint: Checkpoint) -> float:
    """GB of RAM that offloading takes: all weights in 16 bits."""
    return 2 * checkpoint.parameters + TEXT_ENCODER


def published(checkpoint: Checkpoint, gpu: Gpu | None, count: int) -> tuple[Speed, ...]:
    """What others said of such a GPU, and of no more of them than there are."""
    return tuple(speed for speed in checkpoint.speeds if gpu and speed.gpu in gpu.name and speed.gpus <= count)

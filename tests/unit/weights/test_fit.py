"""How weights fit: the fastest way that both memories have room for."""

from __future__ import annotations

import pytest

from dalang.weights.checkpoint import Checkpoint, checkpoints
from dalang.weights.fit import Fit, fit, held_in_ram, published
from dalang.weights.machine import Gpu

A14B = checkpoints()["wan2.2-t2v-a14b"]


def gpu(gigabytes: float, name: str = "NVIDIA H100 80GB HBM3") -> Gpu:
    return Gpu("GPU-a", name, gigabytes, "570.00")


@pytest.mark.parametrize(
    ("gigabytes", "ram", "way"),
    [
        (A14B.memory.full, 0, "full"),
        (A14B.memory.full - 1, 512, "offload model"),
        (A14B.memory.full - 1, 32, "quantised"),
        (A14B.memory.model, 512, "offload model"),
        (A14B.memory.model - 1, 512, "offload group"),
        (A14B.memory.group, held_in_ram(A14B), "offload group"),
        (A14B.memory.group, held_in_ram(A14B) - 1, "not"),
        (A14B.memory.group - 1, 512, "not"),
        (A14B.memory.group, None, "offload group"),
    ],
)
def test_the_fastest_way_with_room_is_taken(gigabytes: float, ram: float | None, way: Fit) -> None:
    assert fit(A14B, gpu(gigabytes), ram) == way


def test_without_a_gpu_nothing_fits() -> None:
    assert {fit(row, None, 512) for row in checkpoints().values()} == {"not"}


def test_only_what_was_said_of_such_gpus_and_so_many_counts() -> None:
    assert [speed.seconds for speed in published(A14B, gpu(80), 1)] == [1041]
    assert [speed.seconds for speed in published(A14B, gpu(80), 8)] == [1041, 155]
    assert published(A14B, gpu(24, "NVIDIA GeForce RTX 3060"), 8) == ()
    assert published(A14B, None, 0) == ()


@pytest.mark.parametrize("row", checkpoints().values(), ids=lambda row: row.name)
def test_rows_hold_together(row: Checkpoint) -> None:
    memory = row.memory
    assert memory.full > memory.quantised > memory.group
    assert memory.full > memory.model > memory.group
    assert row.frames % 4 == 1
    assert row.gigabytes > 2 * row.parameters, "the hub's are at least in 16 bits"
    assert row.kinds
    assert all(speed.source and speed.tier in row.tiers for speed in row.speeds), "what is published says by whom"

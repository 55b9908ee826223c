"""A render worker whose weights really ask for more memory than there is when a video is wider than NARROW pixels. Run
as a file."""

from __future__ import annotations

import sys
from typing import Any

import torch
from diffusers import WanTransformer3DModel

from dalang.worker import Worker, renderer

NARROW = 64
ENORMOUS = 1 << 60


def starve(compute: Any) -> Any:
    def forward(self: WanTransformer3DModel, hidden_states: torch.Tensor, **rest: Any) -> Any:
        if hidden_states.shape[-1] > NARROW // 8:
            torch.empty(ENORMOUS, dtype=torch.uint8)
        return compute(self, hidden_states=hidden_states, **rest)

    return forward


if __name__ == "__main__":
    torch.set_num_threads(1)
    WanTransformer3DModel.forward = starve(WanTransformer3DModel.forward)
    worker = Worker(sys.stdin.buffer, sys.stdout.buffer)
    worker.serve(renderer(worker, "wan"))

"""What the pipelines of a checkpoint make, without the engine about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from PIL import Image
from torch import nn

from dalang.engines.wan.loaded import Loaded

SIDE, FRAMES = 64, 5


def take(loaded: Loaded, tier: str = "480P", frames: int = FRAMES, picture: bool = False) -> torch.Tensor:
    """The frames, of shape (1, frames, 3, height, width), 0..1; the same every time."""
    loaded.begin(tier)
    asked: dict[str, Any] = {
        "prompt": "a cat walks on the grass",
        "negative_prompt": "rain",
        "height": SIDE,
        "width": SIDE,
        "num_frames": frames,
        "num_inference_steps": loaded.profile.steps,
        "guidance_scale": loaded.profile.guidance,
        "generator": torch.Generator().manual_seed(1),
        "output_type": "pt",
    }
    if picture or loaded.text is None:
        assert loaded.picture
        asked["image"] = Image.new("RGB", (SIDE, SIDE), (200, 30, 60))
        asked["prompt"] = "the cat runs"
    frames_made: torch.Tensor = (loaded.picture if "image" in asked else loaded.text)(**asked).frames
    return frames_made


def is_same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """To the eye of 8 bits: sums may be taken in another order."""
    return bool((one - other).abs().max() < 1 / 512)


@contextmanager
def counted(module: nn.Module) -> Iterator[list[None]]:
    """As many as there were calls that computed it."""
    calls: list[None] = []
    hook = module.register_forward_hook(lambda *_: calls.append(None))
    yield calls
    hook.remove()

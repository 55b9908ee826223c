"""The tiny checkpoints, made once a session, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from dalang.task import RenderRequest
from dalang.weights.library import LORAS, Library
from dalang.weights.setup import Lora, Setup
from tests.wan.adapters import write_adapters
from tests.wan.tiny import write_checkpoints

TINY = {"like": "quality", "steps": 3, "dtype": "float32", "cache": "none", "quantisation": "none"}
"""The profile `tiny`: frames that can be compared, in a moment."""

ADAPTERS = {name: Lora(f"{name}.safetensors") for name in ("diffusers", "lightx2v")}

MakeSetup = Callable[..., Setup]
MakeRequest = Callable[..., RenderRequest]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Sums come out the same, whoever else is at work."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the setting `weights` names it: all checkpoints, and the LoRA files of ADAPTERS."""
    folder = tmp_path_factory.mktemp("weights")
    write_checkpoints(folder)
    write_adapters(folder / LORAS)
    return folder


@pytest.fixture
def setup(weights: Path) -> MakeSetup:
    """Of a checkpoint and a profile, by default TINY, but for the `changes` of the profile."""

    def make(checkpoint: str, profile: str = "tiny", **changes: Any) -> Setup:
        profiles = {"tiny": TINY, "changed": {"like": profile, **changes}}
        return Library(weights, profiles, ADAPTERS).setup(checkpoint, "changed")

    return make


@pytest.fixture
def request_of() -> MakeRequest:
    """A second of 64x64 at the rate of most checkpoints, but for the `changes`."""

    def make(setup: Setup, **changes: Any) -> RenderRequest:
        plain: dict[str, Any] = {
            "model": "wan2.2-t2v-plus",
            "prompt": "a cat walks on the grass",
            "width": 64,
            "height": 64,
            "duration": 1,
            "fps": 16,
            "seed": 1,
            "sound": False,
            "setup": setup,
        }
        return RenderRequest(**plain | changes)

    return make

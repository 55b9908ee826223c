"""The tiny checkpoints stand for the open ones: the pipelines of diffusers take them, and heed what they are given."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline
from numpy.typing import NDArray
from PIL import Image

from dalang.weights.checkpoint import checkpoints
from dalang.weights.library import LORAS
from tests.wan.conftest import ADAPTERS
from tests.wan.tiny import BUILDS

DAWN = Image.new("RGB", (64, 64), (200, 120, 60))
NIGHT = Image.new("RGB", (64, 64), (10, 10, 40))


def test_there_is_one_of_every_open_checkpoint() -> None:
    assert set(BUILDS) == set(checkpoints())


@cache
def pipeline(folder: Path) -> DiffusionPipeline:
    loaded = DiffusionPipeline.from_pretrained(folder)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def frames(folder: Path, **changes: Any) -> NDArray[np.uint8]:
    build = BUILDS[folder.name]
    pictures = {"image": DAWN} if build.channels == 36 else {}
    if build.clip_pictures > 1:
        pictures["last_image"] = NIGHT
    plain = {"prompt": "a cat walks", "height": 64, "width": 64, "num_frames": 5, "num_inference_steps": 2}
    seed = torch.Generator().manual_seed(changes.pop("seed", 1))
    found = pipeline(folder)(**plain | pictures | changes, generator=seed, output_type="np").frames[0]
    return np.rint(found * 255).astype(np.uint8)


@pytest.mark.parametrize("name", BUILDS)
def test_it_heeds_prompt_seed_and_pictures(weights: Path, name: str) -> None:
    folder = weights / name
    first = frames(folder)
    assert first.shape == (5, 64, 64, 3)
    assert (frames(folder) == first).all()
    given: list[dict[str, Any]] = [{"prompt": "the red fox runs in snow"}, {"seed": 2}]
    given += [{"image": NIGHT}] if BUILDS[name].channels == 36 else []
    given += [{"last_image": DAWN}] if BUILDS[name].clip_pictures > 1 else []
    for changes in given:
        assert (frames(folder, **changes) != first).any(), changes


def test_a_lora_is_the_same_by_either_names(weights: Path) -> None:
    folder = weights / "wan2.1-t2v-1.3b"
    loaded = pipeline(folder)
    plain = frames(folder)
    drawn = {}
    for name in ADAPTERS:
        loaded.load_lora_weights(weights / LORAS, weight_name=ADAPTERS[name].file, adapter_name=name)
        drawn[name] = frames(folder)
        loaded.unload_lora_weights()
    assert (drawn["diffusers"] == drawn["lightx2v"]).all()
    assert (drawn["diffusers"] != plain).any()

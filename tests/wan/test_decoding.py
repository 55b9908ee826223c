"""From latents to pictures: the decoder's own, a few at a time."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dalang.engines.i420 import Picture
from dalang.engines.wan.decoding import AT_FIRST, pictures, statistics
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.shelf import Shelf
from tests.wan.conftest import MakeSetup
from tests.wan.takes import counted

BOTH_KINDS = ("wan2.1-t2v-1.3b", "wan2.2-ti2v-5b")


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


def latents(loaded: Loaded, width: int = 8) -> torch.Tensor:
    shape = (1, loaded.vae.config.z_dim, 4, 8, width)
    return torch.randn(shape, generator=torch.Generator().manual_seed(3))


def at_once(loaded: Loaded, made: torch.Tensor) -> list[Picture]:
    """As the pipelines do it for `output_type="pil"`."""
    assert loaded.text
    mean, deviation = statistics(loaded.vae, made)
    with torch.no_grad():
        video = loaded.vae.decode(made / (1.0 / deviation) + mean, return_dict=False)[0]
    (frames,) = loaded.text.video_processor.postprocess_video(video, output_type="pil")
    return [np.asarray(frame)[..., ::-1] for frame in frames]


@pytest.mark.parametrize("checkpoint", BOTH_KINDS)
def test_pictures_are_those_of_the_decoder(checkpoint: str, shelf: Shelf, setup: MakeSetup) -> None:
    loaded = shelf.take(setup(checkpoint))
    made = latents(loaded)
    found, expected = list(pictures(loaded.vae, made)), at_once(loaded, made)
    assert len(found) == 13
    assert all((one == other).all() for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("checkpoint", BOTH_KINDS)
def test_tiled_ones_too(checkpoint: str, shelf: Shelf, setup: MakeSetup) -> None:
    loaded = shelf.take(setup(checkpoint, vae_tiling=True))
    loaded.begin("720P")
    assert loaded.vae.use_tiling
    made = latents(loaded, width=40)
    found, expected = list(pictures(loaded.vae, made)), at_once(loaded, made)
    assert all((one == other).all() for one, other in zip(found, expected, strict=True))


def test_they_are_decoded_as_they_are_asked_for(shelf: Shelf, setup: MakeSetup) -> None:
    loaded = shelf.take(setup(BOTH_KINDS[0]))
    with counted(loaded.vae.decoder) as calls:
        found = pictures(loaded.vae, latents(loaded))
        for _ in range(5):
            next(found)
        assert len(calls) == AT_FIRST, "the first frame, and the first four"
        next(found)
        assert len(calls) == AT_FIRST + 1


def test_what_is_given_up_leaves_nothing_behind(shelf: Shelf, setup: MakeSetup) -> None:
    loaded = shelf.take(setup(BOTH_KINDS[0]))
    made = latents(loaded)
    whole = list(pictures(loaded.vae, made))
    next(pictures(loaded.vae, made))
    assert all((one == other).all() for one, other in zip(pictures(loaded.vae, made), whole, strict=True))

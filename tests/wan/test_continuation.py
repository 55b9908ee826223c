"""Clips longer than what the weights make in one go."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
import torch

from dalang.engines.i420 import Picture
from dalang.engines.wan import Wan, sampling
from dalang.engines.wan.continuation import all_but, encoded, faded, kept
from dalang.engines.wan.sampling import Order, sample
from dalang.engines.wan.shelf import Shelf
from dalang.engines.wan.timeline import OVERLAP, Segment
from dalang.task import RenderRequest
from dalang.weights.setup import Setup
from tests.wan.coherent import PROMPT, write_coherent
from tests.wan.conftest import MakeRequest, MakeSetup

EVERY_KIND = ("wan2.1-t2v-1.3b", "wan2.1-i2v-14b-480p", "wan2.2-t2v-a14b", "wan2.2-i2v-a14b", "wan2.2-ti2v-5b")


@pytest.fixture(scope="module")
def wan() -> Wan:
    return Wan()


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


def numbered(count: int, start: int = 0) -> Iterator[Picture]:
    return (np.full((16, 16, 3), start + number, np.uint8) for number in range(count))


def levels(pictures: Iterator[Picture]) -> list[int]:
    return [int(picture[0, 0, 0]) for picture in pictures]


def short(setup: Setup) -> Setup:
    """Makes 17 frames in one go."""
    return msgspec.structs.replace(setup, checkpoint=msgspec.structs.replace(setup.checkpoint, frames=17))


def drawn(wan: Wan, request: RenderRequest) -> list[Picture]:
    return [frame.copy() for frame in wan.render(request, lambda _: None).frames]


def tail() -> tuple[Picture, ...]:
    noise = np.random.default_rng(1).integers(0, 255, (OVERLAP, 64, 64, 3)).astype(np.float32)
    return tuple(cv2.GaussianBlur(picture, (0, 0), 4).astype(np.uint8) for picture in noise)


def test_what_is_held_back_is_the_end() -> None:
    held: list[Picture] = []

    def shown() -> Iterator[Picture]:
        held.extend((yield from all_but(3, numbered(10))))

    assert levels(shown()) == list(range(7))
    assert levels(iter(held)) == [7, 8, 9]


def test_one_comes_out_of_the_other_evenly() -> None:
    found = levels(faded(tuple(numbered(4, start=100)), numbered(6, start=200)))
    assert found == [120, 141, 162, 183, 204, 205]


@pytest.mark.parametrize("checkpoint", EVERY_KIND)
def test_what_is_known_stands_at_the_beginning(checkpoint: str, shelf: Shelf, setup: MakeSetup) -> None:
    loaded = shelf.take(setup(checkpoint))
    order = Order("a cat", "", 64, 64, loaded.checkpoint.tiers[0], Segment(17, OVERLAP, 5), None, None, tail())
    steps: list[int] = []
    latents = sample(loaded, order, steps.append)
    known = encoded(loaded.vae, order.tail)
    assert known.shape[2] == 3
    assert torch.allclose(latents[:, :, 1:3], known[:, :, 1:], atol=1e-4)
    assert torch.allclose(latents[:, :, :1], known[:, :, :1], atol=1e-2), "of 5B the picture's own latent"
    assert steps == [1, 2, 3]


@pytest.mark.parametrize("checkpoint", EVERY_KIND)
def test_the_rest_is_drawn_to_go_with_it(checkpoint: str, shelf: Shelf, setup: MakeSetup) -> None:
    loaded = shelf.take(setup(checkpoint))
    order = Order("a cat", "", 64, 64, loaded.checkpoint.tiers[0], Segment(17, OVERLAP, 5), None, None, tail())
    turned = order._replace(tail=tuple(255 - picture for picture in order.tail))
    one, other = (sample(loaded, each, lambda _: None)[:, :, 3:] for each in (order, turned))
    assert not torch.equal(one, other), "what follows depends on what was before"


def test_the_known_are_as_noisy_as_the_step() -> None:
    latents, known, noise = torch.zeros(1, 2, 4, 2, 2), torch.ones(1, 2, 2, 2, 2), torch.full((1, 2, 4, 2, 2), 3.0)
    found = kept(latents, known, noise, 0.25)
    assert (found[:, :, :2] == 0.75 + 0.75).all()
    assert (found[:, :, 2:] == 0).all()


@pytest.mark.parametrize("checkpoint", ["wan2.1-t2v-1.3b", "wan2.2-ti2v-5b"])
def test_a_long_clip_has_all_its_frames_and_the_same_ones_every_time(
    checkpoint: str, wan: Wan, setup: MakeSetup, request_of: MakeRequest
) -> None:
    made = setup(checkpoint, native=True)
    long, plain = (drawn(wan, request_of(each, duration=2)) for each in (short(made), made))
    assert len(long) == len(plain) == 2 * made.checkpoint.fps
    assert all(
        (one == again).all() for one, again in zip(long, drawn(wan, request_of(short(made), duration=2)), strict=True)
    )


def seam(frames: list[Picture], at: int) -> float:
    """How much more changes from frame `at` to the next than elsewhere."""
    changes = [float(np.abs(one.astype(float) - other).mean()) for one, other in pairwise(frames)]
    return changes[at] / float(np.median(changes))


@pytest.fixture(scope="module")
def coherent(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coherent") / "weights"
    write_coherent(weights / "wan2.1-t2v-1.3b", folder)
    return folder


def latent_seam(latents: torch.Tensor, at: int) -> float:
    """As `seam`, of the mean colours of latent frames."""
    colours = latents.mean((0, 3, 4)).T
    changes = (colours[1:] - colours[:-1]).norm(dim=1)
    return float(changes[at] / torch.cat([changes[:at], changes[at + 1 :]]).median())


def test_weights_that_know_what_goes_together_go_on_from_what_was(
    coherent: Path, shelf: Shelf, setup: MakeSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change where one segment follows another, over those within them: about 1.6, and 5 for a cut.

    A VAE of random weights gives back other latents than it was given, so they are handed on as they are.
    """
    made = setup("wan2.1-t2v-1.3b", steps=12, guidance=1.0)
    loaded = shelf.take(msgspec.structs.replace(made, folder=str(coherent)))
    plain = Order(PROMPT, "", 32, 32, "480P", Segment(17, 0, 0), None, None, ())
    seams: dict[str, list[float]] = {"continued": [], "cut": []}
    for seed in range(4):
        first = sample(loaded, plain._replace(segment=Segment(17, 0, seed)), lambda _: None)
        monkeypatch.setattr(sampling, "encoded", lambda *_, known=first[:, :, -3:]: known)
        after = plain._replace(segment=Segment(17, OVERLAP, 100 + seed))
        on, anew = (sample(loaded, order, lambda _: None) for order in (after._replace(tail=tail()), after))
        seams["continued"].append(latent_seam(torch.cat([first, on[:, :, 3:]], dim=2), 4))
        seams["cut"].append(latent_seam(torch.cat([first, anew], dim=2), 4))
    assert np.mean(seams["continued"]) < 2.5, seams
    assert np.mean(seams["cut"]) > 3.5, seams


def moving(start: int, count: int, warmth: int) -> list[Picture]:
    """A soft pattern that goes by at two pixels a frame; `warmth` is how far its colours have drifted."""
    noise = np.random.default_rng(1).integers(0, 200, (64, 256, 3)).astype(np.float32)
    strip = 10 * (cv2.GaussianBlur(noise, (0, 0), 6) - 100) + 100
    strip = np.clip(strip, 0, 255 - warmth)
    return [(strip[:, 2 * at : 2 * at + 64] + warmth).astype(np.uint8) for at in range(start, start + count)]


def test_colours_that_have_drifted_make_no_seam() -> None:
    before, after = moving(0, 25, 0), moving(16, 25, 40)
    continued = [*before[:16], *faded(before[16:], iter(after))]
    cut = [*before, *after[9:]]
    assert len(continued) == len(cut) == 41
    assert max(seam(continued, at) for at in range(14, 27)) < 1.5
    assert seam(cut, 24) > 3, "which a hard cut shows"

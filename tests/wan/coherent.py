"""A tiny checkpoint that has learned one thing: that the frames of a clip go together.

What random weights make is noise, in which a seam cannot be told from what is not one. These have seen clips of one
colour each, in latents, and no more: some seconds of training.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from diffusers import WanPipeline

STEPS, BATCH, SIDE, FRAMES = 400, 8, 4, 5
SHIFT = 3.0
"""Of the noise levels, as of the profiles at 480P."""

PROMPT = "a cat walks on the grass"


def write_coherent(source: Path, folder: Path) -> None:
    """`source`, a checkpoint of text to video, with its transformer trained, in `folder`."""
    shutil.copytree(source, folder)
    pipeline = WanPipeline.from_pretrained(source, dtype=torch.float32)
    with torch.no_grad():
        words = pipeline.encode_prompt(PROMPT, do_classifier_free_guidance=False, device="cpu")[0]
    train(pipeline.transformer, words[:, :8].expand(BATCH, -1, -1))
    pipeline.transformer.save_pretrained(folder / "transformer")


def train(transformer: torch.nn.Module, words: torch.Tensor) -> None:
    """By flow matching: from any mixture of a clip and noise to the difference of the two."""
    random = torch.Generator().manual_seed(1)
    descent = torch.optim.Adam(transformer.parameters(), lr=5e-3)
    for _ in range(STEPS):
        colours = torch.randn(BATCH, 16, 1, 1, 1, generator=random).expand(BATCH, 16, FRAMES, SIDE, SIDE)
        noise = torch.randn(colours.shape, generator=random)
        even = torch.rand(BATCH, generator=random)
        level = SHIFT * even / (1 + (SHIFT - 1) * even)
        share = level.view(-1, 1, 1, 1, 1)
        found = transformer((1 - share) * colours + share * noise, 1000 * level, words, return_dict=False)[0]
        loss = (found - (noise - colours)).square().mean()
        descent.zero_grad()
        loss.backward()
        descent.step()

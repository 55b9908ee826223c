"""How a clip goes on beyond what the weights make in one go.

A segment begins with the last frames of the one before. Their latents are known, so at every step of sampling they
stand in the place of what the model made there, with as much noise as the step has: the rest is drawn to go with
them (as RePaint does with parts of a picture, Lugmayr et al., 2022; here on the straight paths of a flow). Weights that
take a picture are given the first of those frames as well. What is decoded twice fades from one to the other.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch

from dalang.engines.i420 import Picture
from dalang.engines.wan.decoding import statistics

if TYPE_CHECKING:
    from diffusers import AutoencoderKLWan


def encoded(vae: AutoencoderKLWan, tail: Sequence[Picture]) -> torch.Tensor:
    """Latents of 4k + 1 pictures as the pipelines have them: shape (1, channels, k + 1, height, width)."""
    levels = torch.from_numpy(np.stack(tail)[..., ::-1].copy()).to(vae.device)
    video = levels.permute(3, 0, 1, 2)[None].to(vae.dtype) / 127.5 - 1
    with torch.no_grad():
        latents = vae.encode(video, return_dict=False)[0].mode()
    mean, deviation = statistics(vae, latents)
    return (latents - mean) * (1.0 / deviation)


def kept(latents: torch.Tensor, known: torch.Tensor, noise: torch.Tensor, sigma: float) -> torch.Tensor:
    """`latents` at noise level `sigma`, those at their beginning replaced by the `known` ones at that level."""
    at = known.shape[2]
    known, noise = (each.to(latents.device, latents.dtype) for each in (known, noise[:, :, :at]))
    return torch.cat([(1 - sigma) * known + sigma * noise, latents[:, :, at:]], dim=2)


def faded(tail: Sequence[Picture], pictures: Iterator[Picture]) -> Iterator[Picture]:
    """`pictures`, the first of which show what `tail` shows, coming out of it."""
    for place, old in enumerate(tail, 1):
        part = place / (len(tail) + 1)
        yield np.asarray(cv2.addWeighted(old, 1 - part, next(pictures), part, 0), np.uint8)
    yield from pictures


def all_but(count: int, pictures: Iterator[Picture]) -> Generator[Picture, None, tuple[Picture, ...]]:
    """All but the last `count` pictures, which are returned."""
    held = list(islice(pictures, count))
    for picture in pictures:
        held.append(picture)
        yield held.pop(0)
    return tuple(held)

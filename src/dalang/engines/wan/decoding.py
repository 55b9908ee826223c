"""From latents to pictures, a few frames at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

from dalang.engines.i420 import Picture

if TYPE_CHECKING:
    from diffusers import AutoencoderKLWan

AT_FIRST = 2
"""Latent frames after which a decoder's memory has grown as far as it will: the first is one frame, others are four,
before which the layers keep what they saw."""


def pictures(vae: AutoencoderKLWan, latents: torch.Tensor) -> Iterator[Picture]:
    """The frames of `latents`, of shape (1, channels, latent frames, height, width), as the pipelines end with them.

    The first few are decoded at once, so that a lack of memory is met here.
    """
    chunks = _chunks(vae, _scaled(vae, latents))
    begun = list(islice(chunks, AT_FIRST))
    return (picture for chunk in chain(begun, chunks) for picture in _pictures(chunk))


def _scaled(vae: AutoencoderKLWan, latents: torch.Tensor) -> torch.Tensor:
    latents = latents.to(vae.device, vae.dtype)
    mean, deviation = statistics(vae, latents)
    return latents / (1.0 / deviation) + mean  # the same operations as in the pipelines, and so the same bits


def statistics(vae: AutoencoderKLWan, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of latents, by channel, to be broadcast over `like`."""
    rows = (vae.config.latents_mean, vae.config.latents_std)
    mean, deviation = (torch.tensor(row).view(1, -1, 1, 1, 1).to(like.device, like.dtype) for row in rows)
    return mean, deviation


def _chunks(vae: AutoencoderKLWan, latents: torch.Tensor) -> Iterator[torch.Tensor]:
    """Frames as they are decoded, of shape (1, 3, frames, height, width), -1..1."""
    if not _is_tiled(vae, latents):
        return _streamed(vae, latents)
    with torch.no_grad():
        return iter(vae.decode(latents, return_dict=False))


def _is_tiled(vae: AutoencoderKLWan, latents: torch.Tensor) -> bool:
    """As AutoencoderKLWan._decode has it. Tiles are put together when all frames of all of them are there."""
    least = min(vae.tile_sample_min_height, vae.tile_sample_min_width) // vae.spatial_compression_ratio
    return bool(vae.use_tiling) and max(latents.shape[-2:]) > least


def _streamed(vae: AutoencoderKLWan, latents: torch.Tensor) -> Iterator[torch.Tensor]:
    """The loop of AutoencoderKLWan._decode (diffusers 0.42), which gathers all frames before it gives any away."""
    vae.clear_cache()
    try:
        with torch.no_grad():
            hidden = vae.post_quant_conv(latents)
        for number in range(hidden.shape[2]):
            yield _decoded(vae, hidden[:, :, number : number + 1], is_first=not number)
    finally:
        vae.clear_cache()


def _decoded(vae: AutoencoderKLWan, hidden: torch.Tensor, *, is_first: bool) -> torch.Tensor:
    vae._conv_idx = [0]
    with torch.no_grad():
        frames = vae.decoder(hidden, feat_cache=vae._feat_map, feat_idx=vae._conv_idx, first_chunk=is_first)
        if vae.config.patch_size is not None:
            frames = unpatchify(frames, patch_size=vae.config.patch_size)
        return torch.clamp(frames, min=-1.0, max=1.0)


def _pictures(chunk: torch.Tensor) -> Iterator[Picture]:
    """One by one: of tiled clips a chunk is all frames. Rounded as VideoProcessor does for `output_type="pil"`."""
    for frame in chunk[0].unbind(1):
        levels = (frame * 0.5 + 0.5).clamp(0, 1).float().mul(255).round().to(torch.uint8)
        picture: Picture = levels.flip(0).permute(1, 2, 0).cpu().numpy()
        yield picture

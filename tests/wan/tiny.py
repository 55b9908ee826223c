"""Tiny random Wan checkpoints in the form of diffusers: every class and every setting that decides which way a pipeline
goes are those of the open weights, the widths and depths are not. Each is 1 to 2 MB; all of them take seconds.

`python -m tests.wan.tiny FOLDER` writes them for work by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

import torch
from diffusers import (
    AutoencoderKLWan,
    DiffusionPipeline,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
)
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    CLIPVisionModel,
    T5Tokenizer,
    UMT5Config,
    UMT5EncoderModel,
)

HEADS, HEAD_WIDTH = 2, 24
WIDTH = HEADS * HEAD_WIDTH
"""Of the transformers."""
FFN_WIDTH = 64
LAYERS = 2
TEXT_WIDTH = 32
CLIP_WIDTH, CLIP_SIDE, CLIP_PATCH = 16, 32, 8
CLIP_TOKENS = (CLIP_SIDE // CLIP_PATCH) ** 2 + 1

LOUDNESS = 30.0
"""Random weights hardly heed words and pictures; these do so many times more."""

WORDS = (
    *("a", "the", "cat", "dog", "fox", "boat", "walks", "runs", "drifts", "grass", "snow", "river"),
    *("in", "on", "at", "dawn", "night", "red", "blurry"),
)


def vae_21() -> AutoencoderKLWan:
    """8 pixels a side and 4 frames are one latent, of 16 channels."""
    return AutoencoderKLWan(
        base_dim=8, z_dim=16, dim_mult=[1, 2, 2, 2], num_res_blocks=1, temperal_downsample=[False, True, True]
    )


def vae_22() -> AutoencoderKLWan:
    """16 pixels a side and 4 frames are one latent, of 48 channels."""
    return AutoencoderKLWan(
        base_dim=8,
        decoder_base_dim=8,
        z_dim=48,
        dim_mult=[1, 2, 2, 2],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        is_residual=True,
        patch_size=2,
        in_channels=12,
        out_channels=12,
        scale_factor_spatial=16,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
    )


class Build(NamedTuple):
    """What tells one checkpoint from another."""

    pipeline: type[DiffusionPipeline] = WanPipeline
    vae: Callable[[], AutoencoderKLWan] = vae_21
    channels: int = 16
    """Into the transformer: the latents, and where a picture is given 4 of a mask and 16 of its latents."""
    outputs: int = 16
    clip_pictures: int = 0
    """How many pictures the transformer sees through CLIP."""
    boundary: float | None = None
    """Share of the noise from which on the second expert takes over; None: there is none."""
    shift: float = 3.0
    expands_timesteps: bool = False


I2V = Build(WanImageToVideoPipeline, channels=36)

BUILDS = {
    "wan2.1-t2v-1.3b": Build(),
    "wan2.1-t2v-14b": Build(shift=5.0),
    "wan2.1-i2v-14b-480p": I2V._replace(clip_pictures=1),
    "wan2.1-i2v-14b-720p": I2V._replace(clip_pictures=1, shift=5.0),
    "wan2.1-flf2v-14b-720p": I2V._replace(clip_pictures=2, shift=5.0),
    "wan2.2-t2v-a14b": Build(boundary=0.875),
    "wan2.2-i2v-a14b": I2V._replace(boundary=0.9),
    "wan2.2-ti2v-5b": Build(vae=vae_22, channels=48, outputs=48, shift=5.0, expands_timesteps=True),
}
"""By the names of `checkpoints.toml`."""


def write_checkpoints(folder: Path) -> None:
    """One folder of each name in `folder`; the same bytes every time."""
    for name, build in BUILDS.items():
        torch.manual_seed(sum(name.encode()))
        pipeline(build).save_pretrained(folder / name)


def pipeline(build: Build) -> DiffusionPipeline:
    words = tokenizer()
    return build.pipeline(
        tokenizer=words,
        text_encoder=text_encoder(len(words)),
        vae=build.vae(),
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=build.shift
        ),
        transformer=transformer(build),
        transformer_2=transformer(build) if build.boundary else None,
        boundary_ratio=build.boundary,
        expand_timesteps=build.expands_timesteps,
        **(eyes() if build.clip_pictures else {}),
    )


def transformer(build: Build) -> WanTransformer3DModel:
    seeing = {"image_dim": CLIP_WIDTH, "added_kv_proj_dim": WIDTH} if build.clip_pictures else {}
    if build.clip_pictures > 1:
        seeing["pos_embed_seq_len"] = build.clip_pictures * CLIP_TOKENS
    made = WanTransformer3DModel(
        num_attention_heads=HEADS,
        attention_head_dim=HEAD_WIDTH,
        in_channels=build.channels,
        out_channels=build.outputs,
        text_dim=TEXT_WIDTH,
        freq_dim=32,
        ffn_dim=FFN_WIDTH,
        num_layers=LAYERS,
        rope_max_seq_len=256,
        **seeing,
    )
    with torch.no_grad():
        made.patch_embedding.weight[:, build.outputs :] *= LOUDNESS
        for block in made.blocks:
            block.attn2.to_out[0].weight *= LOUDNESS
    return made


def eyes() -> dict[str, object]:
    """Wan 2.2 has none: its transformers see a picture by its latents alone."""
    config = CLIPVisionConfig(
        hidden_size=CLIP_WIDTH,
        projection_dim=CLIP_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=CLIP_SIDE,
        intermediate_size=32,
        patch_size=CLIP_PATCH,
    )
    processor = CLIPImageProcessor(crop_size=CLIP_SIDE, size={"shortest_edge": CLIP_SIDE})
    return {"image_encoder": CLIPVisionModel(config), "image_processor": processor}


def text_encoder(words: int) -> UMT5EncoderModel:
    return UMT5EncoderModel(
        UMT5Config(
            vocab_size=words,
            d_model=TEXT_WIDTH,
            d_kv=8,
            d_ff=64,
            num_layers=2,
            num_heads=4,
            relative_attention_num_buckets=8,
        )
    )


def tokenizer() -> T5Tokenizer:
    """A few words, and letters for all others."""
    pieces = [*(f"▁{word}" for word in WORDS), "▁", *ascii_lowercase]
    marks = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -10.0)]
    scored = [(piece, -2.0 if len(piece) > 1 else -6.0) for piece in pieces]
    return T5Tokenizer(vocab=marks + scored, extra_ids=0, model_max_length=512)


if __name__ == "__main__":
    write_checkpoints(Path(sys.argv[1]))

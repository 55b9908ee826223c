"""Tiny random LoRAs for the checkpoints of `tiny`, under the names that the tools of the field give to the layers."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

from tests.wan.tiny import FFN_WIDTH, LAYERS, WIDTH

RANK = 4

LAYERS_OF_A_BLOCK = {
    "attn1.to_q": ("self_attn.q", WIDTH, WIDTH),
    "attn1.to_k": ("self_attn.k", WIDTH, WIDTH),
    "attn1.to_v": ("self_attn.v", WIDTH, WIDTH),
    "attn1.to_out.0": ("self_attn.o", WIDTH, WIDTH),
    "attn2.to_q": ("cross_attn.q", WIDTH, WIDTH),
    "attn2.to_k": ("cross_attn.k", WIDTH, WIDTH),
    "attn2.to_v": ("cross_attn.v", WIDTH, WIDTH),
    "attn2.to_out.0": ("cross_attn.o", WIDTH, WIDTH),
    "ffn.net.0.proj": ("ffn.0", WIDTH, FFN_WIDTH),
    "ffn.net.2": ("ffn.2", FFN_WIDTH, WIDTH),
}
"""By diffusers' names: those of the authors' own code, and how wide what goes in and out is."""


def write_adapters(folder: Path) -> None:
    """`diffusers.safetensors` and `lightx2v.safetensors`: the same low ranks under two sets of names."""
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    diffusers: dict[str, torch.Tensor] = {}
    lightx2v: dict[str, torch.Tensor] = {}
    for block in range(LAYERS):
        for name, (original, wide_in, wide_out) in LAYERS_OF_A_BLOCK.items():
            down, up = torch.randn(RANK, wide_in), torch.randn(wide_out, RANK)
            layer = f"transformer.blocks.{block}.{name}"
            diffusers |= {f"{layer}.lora_A.weight": down.clone(), f"{layer}.lora_B.weight": up.clone()}
            layer = f"diffusion_model.blocks.{block}.{original}"
            lightx2v |= {f"{layer}.lora_down.weight": down, f"{layer}.lora_up.weight": up}
            lightx2v |= {f"{layer}.alpha": torch.tensor(float(RANK))}
        lightx2v[f"diffusion_model.blocks.{block}.self_attn.norm_q.diff"] = torch.zeros(WIDTH)  # which nobody applies
    save_file(diffusers, folder / "diffusers.safetensors")
    save_file(lightx2v, folder / "lightx2v.safetensors")

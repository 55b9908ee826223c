"""A checkpoint in memory, ready to sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diffusers import UniPCMultistepScheduler

from dalang.engines.wan import caches
from dalang.errors import CannotRender
from dalang.weights.checkpoint import Checkpoint
from dalang.weights.profile import Attention, Profile

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderKLWan, WanImageToVideoPipeline, WanPipeline, WanTransformer3DModel

KERNELS: Mapping[Attention, str] = {
    "native": "native",
    "flash": "flash",
    "flash_3": "_flash_3",
    "sage": "sage",
    "xformers": "xformers",
}
"""By diffusers' names."""


@dataclass(frozen=True)
class Loaded:
    """The pipelines share their components; each is None where the checkpoint cannot make such videos."""

    checkpoint: Checkpoint
    profile: Profile
    """As it is rendered: after a lack of memory tighter than the one that was asked for."""
    device: torch.device
    """Where is computed."""
    text: WanPipeline | None
    picture: WanImageToVideoPipeline | None
    """Also from a first to a last picture."""

    @property
    def pipelines(self) -> tuple[Any, ...]:
        return tuple(pipeline for pipeline in (self.text, self.picture) if pipeline is not None)

    @property
    def vae(self) -> AutoencoderKLWan:
        """On `device` with every offload: its layers can be called one by one."""
        return self.pipelines[0].vae

    @property
    def scheduler(self) -> UniPCMultistepScheduler:
        return self.pipelines[0].scheduler

    @property
    def transformer(self) -> WanTransformer3DModel:
        """The first expert (high noise), where there are two."""
        return self.pipelines[0].transformer

    @property
    def transformer_2(self) -> WanTransformer3DModel | None:
        return self.pipelines[0].transformer_2

    @property
    def boundary_ratio(self) -> float | None:
        """Share of the noise under which the second expert takes over."""
        ratio: float | None = self.pipelines[0].config.boundary_ratio
        return ratio

    @property
    def experts(self) -> Iterator[WanTransformer3DModel]:
        return (expert for expert in (self.transformer, self.transformer_2) if expert is not None)

    def begin(self, tier: str) -> None:
        """Make ready for one take of `tier`: what the profile says beside the weights, caches that remember nothing.

        Raises CannotRender for what cannot be had here.
        """
        self._shift(tier)
        self.tile()
        for expert in self.experts:
            self._attend(expert)
            caches.start(expert, self.checkpoint, self.profile)

    def tile(self) -> None:
        """The VAE in tiles, or whole, as the profile says."""
        vae, profile = self.vae, self.profile
        (vae.enable_tiling if profile.vae_tiling else vae.disable_tiling)()
        (vae.enable_slicing if profile.vae_slicing else vae.disable_slicing)()

    def _shift(self, tier: str) -> None:
        shift = self.profile.flow_shift.get(tier)
        if shift is None:
            raise CannotRender(f"The profile has no flow_shift for {tier}.")
        scheduler = UniPCMultistepScheduler.from_config(self.scheduler.config, flow_shift=shift)
        for pipeline in self.pipelines:
            pipeline.scheduler = scheduler

    def _attend(self, expert: WanTransformer3DModel) -> None:
        try:
            expert.set_attention_backend(KERNELS[self.profile.attention])
        except (RuntimeError, ImportError) as error:
            raise CannotRender(f"The attention {self.profile.attention} cannot be had here: {error}") from error

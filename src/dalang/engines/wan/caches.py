"""What of a step stands for the next one: diffusers' caches, new for every take."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from diffusers import FirstBlockCacheConfig, MagCacheConfig, TaylorSeerCacheConfig

from dalang.errors import CannotRender
from dalang.weights.checkpoint import Checkpoint
from dalang.weights.profile import Profile

if TYPE_CHECKING:
    from diffusers import WanTransformer3DModel


def start(expert: WanTransformer3DModel, checkpoint: Checkpoint, profile: Profile) -> None:
    """With the cache of `profile`, or none, and in a state that knows of no other take, also of one that broke off.

    Raises CannotRender where the cache has no measured numbers for the checkpoint.
    """
    if expert.is_cache_enabled:
        expert.disable_cache()
    if profile.cache != "none":
        expert.enable_cache(CACHES[profile.cache](checkpoint, profile))


def _first_block(checkpoint: Checkpoint, profile: Profile) -> Any:
    return FirstBlockCacheConfig(**_threshold(profile))


def _taylorseer(checkpoint: Checkpoint, profile: Profile) -> Any:
    """Lite: it foresees the last layer's output alone. Otherwise it keeps that of every attention, hundreds of GB for
    a video, and by its own defaults it finds none in Wan."""
    return TaylorSeerCacheConfig(use_lite_mode=True)


def _mag(checkpoint: Checkpoint, profile: Profile) -> Any:
    ratios = next((_magnitudes()[name] for name in (checkpoint.name, checkpoint.like) if name in _magnitudes()), None)
    if ratios is None:
        raise CannotRender(
            f"The cache mag was not measured for {checkpoint.name}: take first_block, or {', '.join(_magnitudes())}."
        )
    return MagCacheConfig(num_inference_steps=profile.steps, mag_ratios=ratios, **_threshold(profile))


CACHES = {"first_block": _first_block, "taylorseer": _taylorseer, "mag": _mag}


def _threshold(profile: Profile) -> dict[str, float]:
    return {} if profile.cache_threshold is None else {"threshold": profile.cache_threshold}


@cache
def _magnitudes() -> dict[str, list[float]]:
    return tomllib.loads((files(__package__) / "magnitudes.toml").read_text())

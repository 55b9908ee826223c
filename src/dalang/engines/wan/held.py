"""What of a setup is in the weights as they lie in memory; the rest is said anew for every request."""

from __future__ import annotations

from typing import NamedTuple

from dalang.weights.profile import Attention, Cache, Offload, Profile, Quantisation
from dalang.weights.setup import Lora, Setup


class Held(NamedTuple):
    """Setups that are equal in this share one load; where they differ the weights are read anew."""

    folder: str
    dtype: str
    quantisation: Quantisation
    offload: Offload
    loras: tuple[Lora, ...]
    compile: bool
    cache: Cache
    attention: Attention
    parallel: int


def held(setup: Setup) -> Held:
    """Caches and kernels of attention change in place, unless compiled code was made for them, or another rank was
    told of them as it loaded."""
    profile = setup.profile
    cache, attention = _compiled_in(profile) if setup.parallel == 1 else ("none", profile.attention)
    return Held(
        setup.folder,
        profile.dtype,
        profile.quantisation,
        profile.offload,
        setup.loras,
        profile.compile,
        cache,
        attention,
        setup.parallel,
    )


def _compiled_in(profile: Profile) -> tuple[Cache, Attention]:
    return (profile.cache, profile.attention) if profile.compile else ("none", "native")

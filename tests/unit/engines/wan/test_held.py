"""Which settings are in the weights, and which are said anew for every request."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dalang.engines.wan.held import held
from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import Profile
from dalang.weights.setup import Lora, Setup

PLAIN = Setup(
    checkpoints()["wan2.1-t2v-1.3b"],
    "/weights/wan2.1-t2v-1.3b",
    Profile(steps=30, guidance=5.0, flow_shift={"480P": 3.0}, gives_up="Nothing."),
)

SAID_ANEW: dict[str, Any] = {
    "steps": 4,
    "guidance": 1.0,
    "guidance_2": 2.0,
    "negative_prompt": "blurry",
    "flow_shift": {"480P": 8.0},
    "cache": "mag",
    "cache_threshold": 0.1,
    "attention": "sage",
    "vae_tiling": True,
    "vae_slicing": True,
    "resampler": "area",
    "interpolator": "blend",
    "native": True,
    "gives_up": "All.",
}
IN_THE_WEIGHTS: dict[str, Any] = {
    "compile": True,
    "dtype": "float16",
    "quantisation": "fp8",
    "offload": "group",
    "loras": ("fast",),
}


def changed(**changes: Any) -> Setup:
    loras = (Lora("/weights/loras/fast.safetensors"),) if "loras" in changes else ()
    return msgspec.structs.replace(PLAIN, profile=msgspec.structs.replace(PLAIN.profile, **changes), loras=loras)


def test_every_setting_of_a_profile_is_one_or_the_other() -> None:
    assert {*SAID_ANEW, *IN_THE_WEIGHTS} == {field.name for field in msgspec.structs.fields(Profile)}


@pytest.mark.parametrize("name", SAID_ANEW)
def test_weights_are_kept_where_it_is_said_anew(name: str) -> None:
    assert held(changed(**{name: SAID_ANEW[name]})) == held(PLAIN)


@pytest.mark.parametrize("name", IN_THE_WEIGHTS)
def test_weights_are_read_anew_where_it_is_in_them(name: str) -> None:
    assert held(changed(**{name: IN_THE_WEIGHTS[name]})) != held(PLAIN)


def test_compiled_code_is_of_one_cache_and_one_kernel() -> None:
    compiled = held(changed(compile=True))
    assert held(changed(compile=True, cache="first_block")) != compiled
    assert held(changed(compile=True, attention="sage")) != compiled
    assert held(changed(compile=True, steps=4)) == compiled


def test_a_loras_scale_is_in_the_weights_too() -> None:
    strong, weak = (msgspec.structs.replace(PLAIN, loras=(Lora("a.safetensors", scale),)) for scale in (1.0, 0.5))
    assert held(strong) != held(weak)


def test_setups_of_two_folders_share_nothing() -> None:
    assert held(msgspec.structs.replace(PLAIN, folder="/elsewhere")) != held(PLAIN)


def test_weights_that_are_shared_are_read_anew_for_another_number_or_kernel() -> None:
    shared = msgspec.structs.replace(PLAIN, parallel=2)
    assert held(shared) != held(PLAIN)
    assert held(msgspec.structs.replace(changed(attention="sage"), parallel=2)) != held(shared)

"""Caches: what they spare, and that no take knows of another."""

from __future__ import annotations

import pytest
import torch

from dalang.engines.wan.loading import load
from dalang.engines.wan.shelf import Shelf
from dalang.errors import CannotRender
from tests.wan.conftest import MakeSetup
from tests.wan.takes import counted, is_same, take

CPU = torch.device("cpu")
TEXT, EXPERTS = "wan2.1-t2v-1.3b", "wan2.2-t2v-a14b"
STEPS, PROMPTS = 10, 2
SPARED = {
    "first_block": {"cache_threshold": 100.0},
    "mag": {"cache_threshold": 100.0},
    "taylorseer": {},
}


@pytest.mark.parametrize("cache", SPARED)
def test_a_cache_spares_blocks_and_changes_frames(setup: MakeSetup, cache: str) -> None:
    plain, spared = (
        load(setup(TEXT, steps=STEPS, guidance=3.0, **changes), CPU)
        for changes in ({"cache": "none"}, {"cache": cache, **SPARED[cache]})
    )
    spared.begin("480P")  # so that the count is of what the hooks let through
    with counted(plain.transformer.blocks[-1].ffn) as all_calls, counted(spared.transformer.blocks[-1].ffn) as calls:
        frames, others = take(plain), take(spared)
    assert len(all_calls) == STEPS * PROMPTS
    assert 0 < len(calls) < len(all_calls)
    assert not torch.equal(frames, others)


@pytest.mark.parametrize("name", [TEXT, EXPERTS])
@pytest.mark.parametrize("cache", ["first_block", "taylorseer"])
def test_a_take_knows_nothing_of_one_that_broke_off(setup: MakeSetup, name: str, cache: str) -> None:
    weights = load(setup(name, steps=STEPS, cache=cache, **SPARED[cache]), CPU)
    first = take(weights)

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    hook = weights.transformer.proj_out.register_forward_hook(break_off)
    with pytest.raises(KeyboardInterrupt):
        take(weights)
    hook.remove()
    assert torch.equal(take(weights), first)


def test_a_cache_is_over_when_another_profile_has_none(setup: MakeSetup) -> None:
    shelf = Shelf(CPU)
    plain = take(shelf.take(setup(TEXT, steps=STEPS)))
    for cache, changes in SPARED.items():
        assert not torch.equal(take(shelf.take(setup(TEXT, steps=STEPS, cache=cache, **changes))), plain)
        assert torch.equal(take(shelf.take(setup(TEXT, steps=STEPS))), plain), cache
    assert len(shelf) == 1


@pytest.mark.parametrize(("cache", "own"), [("first_block", 0.05), ("mag", 0.06)])
def test_the_threshold_is_the_profiles_or_else_diffusers_own(setup: MakeSetup, cache: str, own: float) -> None:
    shelf = Shelf(CPU)
    for given, used in ((None, own), (0.123, 0.123)):
        weights = shelf.take(setup(TEXT, cache=cache, cache_threshold=given))
        weights.begin("480P")
        assert weights.transformer._cache_config.threshold == used


def test_magcache_spares_only_weights_whose_numbers_were_measured(setup: MakeSetup) -> None:
    with pytest.raises(CannotRender, match=r"not measured for wan2\.2-t2v-a14b: take first_block, or wan2\.1"):
        load(setup(EXPERTS, cache="mag"), CPU).begin("480P")


def test_a_cache_goes_with_a_tight_offload(setup: MakeSetup) -> None:
    changes = {"steps": STEPS, "cache": "first_block", "cache_threshold": 0.2}
    assert is_same(take(load(setup(TEXT, **changes), CPU)), take(load(setup(TEXT, offload="group", **changes), CPU)))

"""What is tried when memory does not do, and what is said then."""

from __future__ import annotations

import pytest

from dalang.engines.wan.fitting import GB, does_not_fit, smaller, tighter
from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import OFFLOADS, Profile

PLAIN = Profile(steps=30, guidance=5.0, flow_shift={"480P": 3.0}, gives_up="Nothing.")
LARGE = checkpoints()["wan2.2-t2v-a14b"]
LEAST = min(checkpoints().values(), key=lambda checkpoint: checkpoint.memory.group)


def test_each_try_is_tighter_until_nothing_is_left() -> None:
    tried: list[tuple[str, bool]] = []
    profile: Profile | None = PLAIN
    while profile:
        tried.append((profile.offload, profile.vae_tiling))
        profile = tighter(profile)
    assert tried == [("none", False), ("model", True), ("group", True)]


def test_a_vae_that_was_not_in_tiles_is_one_more_try() -> None:
    tight = tighter(Profile(steps=30, guidance=5.0, flow_shift={"480P": 3.0}, offload="group", gives_up="Time."))
    assert tight
    assert (tight.offload, tight.vae_tiling) == ("group", True)
    assert tighter(tight) is None


@pytest.mark.parametrize("offload", OFFLOADS)
def test_the_sentence_names_the_size_the_offload_and_a_way_out(offload: str) -> None:
    tight = Profile(steps=30, guidance=5.0, flow_shift={"480P": 3.0}, offload=offload, gives_up="Time.")  # type: ignore[arg-type]
    said = does_not_fit(LARGE, tight, 24 * 10**9).message
    assert said.startswith(f"Out of memory: wan2.2-t2v-a14b did not fit into 24 GB with offload {offload}. ")
    if offload != "group":
        assert said.endswith(f"With offload group it takes about {LARGE.memory.group:g} GB.")
    else:
        assert "Smaller checkpoints that would fit: wan2.1-t2v-1.3b" in said


def test_where_no_checkpoint_would_fit_a_smaller_video_may() -> None:
    assert does_not_fit(LARGE, PLAIN, 10**9).message.endswith("A smaller or shorter video may fit.")


def test_smaller_ones_make_the_same_kind_of_video_and_do_fit() -> None:
    for checkpoint in checkpoints().values():
        for name in smaller(checkpoint, 14 * 10**9):
            other = checkpoints()[name]
            assert set(other.kinds) & set(checkpoint.kinds)
            assert other.memory.group * GB <= 14 * 10**9
            assert other.memory.group < checkpoint.memory.group
    assert smaller(LEAST, 10**12) == ()

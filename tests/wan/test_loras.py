"""LoRA files: into which weights, how strongly, and from where."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import load_file, save_file

from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.loading import load
from dalang.errors import CannotRender
from dalang.weights.checkpoint import checkpoints
from dalang.weights.library import LORAS
from dalang.weights.profile import find_profile
from dalang.weights.setup import Lora
from tests.wan.conftest import MakeSetup
from tests.wan.takes import is_same, take

CPU = torch.device("cpu")
TEXT, EXPERTS, PICTURE = "wan2.1-t2v-1.3b", "wan2.2-t2v-a14b", "wan2.1-i2v-14b-480p"

With = Callable[..., Loaded]


@pytest.fixture
def adapted(setup: MakeSetup) -> With:
    """Weights with the LoRAs that are given."""

    def make(checkpoint: str, *loras: Lora, **changes: object) -> Loaded:
        return load(msgspec.structs.replace(setup(checkpoint, **changes), loras=loras), CPU)

    return make


@pytest.fixture
def file(weights: Path) -> str:
    return str(weights / LORAS / "diffusers.safetensors")


def test_a_lora_changes_frames_as_much_as_its_scale_says(adapted: With, file: str) -> None:
    plain = take(adapted(TEXT))
    by = {scale: (take(adapted(TEXT, Lora(file, scale))) - plain).abs().mean() for scale in (0.0, 0.02, 1.0)}
    assert by[0.0] < 1e-6
    assert 1e-6 < by[0.02] < by[1.0]


def test_a_lora_is_part_of_the_weights_and_nothing_else_is_left_of_it(adapted: With, file: str) -> None:
    plain, merged = adapted(TEXT), adapted(TEXT, Lora(file, 0.5))
    down, up = (load_file(file)[f"transformer.blocks.1.ffn.net.2.lora_{side}.weight"] for side in "AB")
    before, after = (weights.transformer.blocks[1].ffn.net[2].weight for weights in (plain, merged))
    torch.testing.assert_close(after, before + 0.5 * up @ down)
    assert [name for name, _ in merged.transformer.named_parameters() if "lora" in name] == []
    assert [type(module) for module in merged.transformer.modules()] == [
        type(module) for module in plain.transformer.modules()
    ]


def test_several_add_up(adapted: With, file: str) -> None:
    twice = take(adapted(TEXT, Lora(file, 0.1), Lora(file, 0.2)))
    assert (twice - take(adapted(TEXT, Lora(file, 0.3)))).abs().max() < 1e-3


def test_the_names_of_lightx2v_are_those_of_diffusers(adapted: With, file: str) -> None:
    other = file.replace("diffusers.s", "lightx2v.s")
    assert is_same(take(adapted(TEXT, Lora(file))), take(adapted(TEXT, Lora(other))))


@pytest.mark.parametrize(("expert", "changed"), [(1, [True, False]), (2, [False, True]), (None, [True, True])])
def test_a_lora_goes_into_its_expert(adapted: With, file: str, expert: int | None, changed: list[bool]) -> None:
    plain, merged = adapted(EXPERTS), adapted(EXPERTS, Lora(file, expert=expert))
    pairs = zip(plain.experts, merged.experts, strict=True)
    assert [
        not torch.equal(one.blocks[0].attn1.to_q.weight, other.blocks[0].attn1.to_q.weight) for one, other in pairs
    ] == changed


def test_a_lora_goes_with_8_bits_and_every_offload(adapted: With, file: str) -> None:
    small = adapted(EXPERTS, Lora(file, 0.1), quantisation="fp8")
    assert small.transformer.blocks[0].attn1.to_q.weight.dtype == torch.float8_e4m3fn
    frames = take(small)
    assert (frames - take(adapted(EXPERTS, quantisation="fp8"))).abs().max() > 1e-3
    for offload in ("model", "group"):
        assert is_same(frames, take(adapted(EXPERTS, Lora(file, 0.1), quantisation="fp8", offload=offload)))


def test_one_for_text_goes_into_weights_for_pictures(adapted: With, file: str) -> None:
    assert not is_same(take(adapted(PICTURE)), take(adapted(PICTURE, Lora(file))))


def test_four_steps_without_guidance_are_four_calls(adapted: With, file: str) -> None:
    distilled = adapted(EXPERTS, Lora(file, expert=1), Lora(file, expert=2), steps=4, guidance=1.0, guidance_2=1.0)
    calls = []
    for expert in distilled.experts:
        expert.register_forward_hook(lambda *_: calls.append(None))
    take(distilled)
    assert len(calls) == 4


def test_what_is_not_for_these_weights_is_told(adapted: With, file: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRender, match="is for expert 2, which this checkpoint does not have"):
        adapted(TEXT, Lora(file, expert=2))
    foreign, wide = str(tmp_path / "foreign.safetensors"), str(tmp_path / "wide.safetensors")
    save_file({"text_encoder.q.lora_A.weight": torch.ones(4, 8)}, foreign)
    with pytest.raises(CannotRender, match=r"foreign\.safetensors has no weights for this kind of model"):
        adapted(TEXT, Lora(foreign))
    save_file({name: torch.ones(2 * len(weight), 99) for name, weight in load_file(file).items()}, wide)
    with pytest.raises(CannotRender, match=r"wide\.safetensors does not fit these weights") as told:
        adapted(TEXT, Lora(wide))
    assert len(told.value.message.splitlines()) == 1
    assert len(told.value.message) < 400, "which is said of every layer"
    half = str(tmp_path / "half.safetensors")
    save_file({name: weight for name, weight in load_file(file).items() if "lora_A" in name}, half)
    with pytest.raises(CannotRender, match=r"half\.safetensors does not fit these weights"):
        adapted(TEXT, Lora(half))


def test_only_safetensors_of_this_machine_are_read(adapted: With, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
            return open, (str(tmp_path / "ran"), "w")

    pickled = tmp_path / "evil.bin"
    pickled.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(CannotRender, match=r"evil\.bin is no \.safetensors file"):
        adapted(TEXT, Lora(str(pickled)))
    disguised = pickled.rename(tmp_path / "evil.safetensors")
    with pytest.raises(CannotRender, match=r"evil\.safetensors cannot be read"):
        adapted(TEXT, Lora(str(disguised)))
    assert not (tmp_path / "ran").exists()
    for elsewhere in ("lightx2v/Wan2.2-Distill-Loras/a.safetensors", "https://weights.example.com/a.safetensors"):
        with pytest.raises(CannotRender, match=r"a\.safetensors cannot be read"):
            adapted(TEXT, Lora(elsewhere))


@pytest.mark.parametrize("name", [EXPERTS, "wan2.2-i2v-a14b"])
def test_distilled_weights_get_the_steps_that_they_were_distilled_for(setup: MakeSetup, name: str) -> None:
    """1000, 937.5, 833.3 and 625, said their authors; the first two are the first expert's."""
    fast = find_profile("fast", checkpoints()[name], {})
    weights = load(setup(name, flow_shift=dict(fast.flow_shift)), CPU)
    for tier in checkpoints()[name].tiers:
        weights.begin(tier)
        weights.scheduler.set_timesteps(fast.steps)
        steps = weights.scheduler.timesteps.tolist()
        assert steps == [999, 937, 833, 625]
        assert weights.boundary_ratio
        assert [step >= 1000 * weights.boundary_ratio for step in steps] == [True, True, False, False]

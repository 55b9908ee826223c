"""From a setup to pipelines: everything that a profile says is in force."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import diffusers
import msgspec
import pytest
import torch
from safetensors.torch import load_file, save_file

from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.loading import load
from dalang.errors import CannotRender
from dalang.weights.checkpoint import checkpoints
from dalang.weights.setup import Setup
from tests.wan.conftest import MakeSetup
from tests.wan.takes import FRAMES, SIDE, is_same, take

CPU = torch.device("cpu")
TEXT, EXPERTS, PICTURE, BOTH = "wan2.1-t2v-1.3b", "wan2.2-t2v-a14b", "wan2.1-i2v-14b-480p", "wan2.2-ti2v-5b"


@pytest.fixture
def loaded(setup: MakeSetup) -> Callable[..., Loaded]:
    return lambda checkpoint, **changes: load(setup(checkpoint, **changes), CPU)


@pytest.mark.parametrize("name", checkpoints())
def test_every_checkpoint_makes_what_its_row_says(loaded: Callable[..., Loaded], name: str) -> None:
    checkpoint, weights = checkpoints()[name], loaded(name)
    assert (weights.text is not None) == ("t2v" in checkpoint.kinds)
    assert (weights.picture is not None) == bool({"i2v", "kf2v"} & set(checkpoint.kinds))
    assert (weights.transformer_2 is not None) == (weights.boundary_ratio is not None) == ("a14b" in name)
    if name != "wan2.1-flf2v-14b-720p":  # which wants a second picture
        assert take(weights, checkpoint.tiers[0]).shape == (1, FRAMES, 3, SIDE, SIDE)


def test_both_pipelines_of_one_checkpoint_share_its_weights(loaded: Callable[..., Loaded]) -> None:
    weights = loaded(BOTH)
    assert weights.text
    assert weights.picture
    for part in ("transformer", "vae", "text_encoder"):
        assert getattr(weights.text, part) is getattr(weights.picture, part)
    assert weights.picture.config.expand_timesteps, "or the picture would be given as a latent of its own"
    assert not is_same(take(weights, "720P"), take(weights, "720P", picture=True))


@pytest.mark.parametrize("offload", ["model", "group"])
@pytest.mark.parametrize("name", [TEXT, EXPERTS, PICTURE, BOTH])
def test_an_offload_changes_no_frame(loaded: Callable[..., Loaded], name: str, offload: str) -> None:
    tier = checkpoints()[name].tiers[0]
    tight = loaded(name, offload=offload)
    assert is_same(take(loaded(name), tier), take(tight, tier))
    assert is_same(take(tight, tier), take(tight, tier)), "nor does it the second time"
    if tight.text and tight.picture:
        assert is_same(take(loaded(name), tier, picture=True), take(tight, tier, picture=True))


def test_offloads_hook_the_weights_but_never_the_vae(loaded: Callable[..., Loaded]) -> None:
    by_model, by_group = loaded(BOTH, offload="model"), loaded(BOTH, offload="group")
    assert hasattr(by_model.transformer, "_hf_hook")
    assert by_group.transformer.blocks[0].attn1.to_q._diffusers_hook.get_hook("group_offloading")
    for weights in (by_model, by_group):
        assert not hasattr(weights.vae, "_hf_hook")
        assert not any(hasattr(module, "_diffusers_hook") for module in weights.vae.modules())
    assert take(by_model, "720P") is not None
    assert not hasattr(by_model.vae, "_hf_hook"), "the pipeline hooks its parts anew after every call"


def test_weights_are_held_in_the_profiles_type_but_for_what_draws(loaded: Callable[..., Loaded]) -> None:
    weights = loaded(PICTURE, dtype="bfloat16")
    assert weights.transformer.blocks[0].attn1.to_q.weight.dtype == torch.bfloat16
    assert weights.picture
    assert weights.picture.text_encoder.dtype == torch.bfloat16
    assert {weights.vae.dtype, weights.picture.image_encoder.dtype} == {torch.float32}


def test_fp8_stores_the_experts_in_8_bits_and_changes_frames_little(loaded: Callable[..., Loaded]) -> None:
    plain, small = loaded(EXPERTS), loaded(EXPERTS, quantisation="fp8")
    for expert in small.experts:
        assert expert.blocks[0].ffn.net[2].weight.dtype == torch.float8_e4m3fn
        assert expert.patch_embedding.weight.dtype == torch.float32, "what Wan names as sensitive stays"
    frames, others = take(plain), take(small)
    assert 0 < (frames - others).abs().mean() < 0.05
    assert small.transformer.blocks[0].ffn.net[2].weight.dtype == torch.float8_e4m3fn, "also afterwards"


@pytest.mark.parametrize("offload", ["model", "group"])
def test_fp8_goes_with_every_offload(loaded: Callable[..., Loaded], offload: str) -> None:
    small, tight = loaded(TEXT, quantisation="fp8"), loaded(TEXT, quantisation="fp8", offload=offload)
    assert is_same(take(small), take(tight))


def test_the_flow_shift_is_the_tiers(loaded: Callable[..., Loaded]) -> None:
    weights = loaded(TEXT, flow_shift={"480P": 3.0, "720P": 9.0})
    small, large = take(weights, "480P"), take(weights, "720P")
    assert weights.scheduler.config.flow_shift == 9.0
    assert not is_same(small, large)
    assert torch.equal(take(weights, "480P"), small), "a take leaves nothing to the next"
    with pytest.raises(CannotRender, match="no flow_shift for 1080P"):
        weights.begin("1080P")


def test_the_vae_works_in_tiles_where_the_profile_says_so(loaded: Callable[..., Loaded]) -> None:
    weights = loaded(TEXT, vae_tiling=True, vae_slicing=True)
    weights.begin("480P")
    assert (weights.vae.use_tiling, weights.vae.use_slicing) == (True, True)
    plain = loaded(TEXT)
    plain.vae.enable_tiling()
    plain.vae.enable_slicing()
    plain.begin("480P")
    assert (plain.vae.use_tiling, plain.vae.use_slicing) == (False, False), "what another profile asked for is over"


def test_a_kernel_of_attention_is_used_or_cannot_be_had(loaded: Callable[..., Loaded]) -> None:
    weights = loaded(TEXT)
    weights.transformer.set_attention_backend("_native_math")
    weights.begin("480P")
    assert {block.attn1.processor._attention_backend for block in weights.transformer.blocks} == {"native"}
    for kernel in ("flash", "flash_3", "sage", "xformers"):
        with pytest.raises(CannotRender, match=f"attention {kernel} cannot be had"):
            loaded(TEXT, attention=kernel).begin("480P")


def test_only_safetensors_are_loaded(setup: MakeSetup, tmp_path: Path) -> None:
    asked = setup(TEXT)
    folder = tmp_path / "pickled"
    shutil.copytree(asked.folder, folder)
    file = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    torch.save(load(asked, CPU).transformer.state_dict(), file.with_suffix(".bin"))
    file.unlink()
    with pytest.raises(CannotRender, match="cannot be loaded"):
        load(msgspec.structs.replace(asked, folder=str(folder)), CPU)


def test_no_code_comes_with_weights(setup: MakeSetup, tmp_path: Path) -> None:
    asked = setup(TEXT)
    folder = tmp_path / "coded"
    shutil.copytree(asked.folder, folder)
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "transformer" / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n")
    (folder / "model_index.json").write_text(json.dumps(index | {"transformer": ["evil", "Evil"]}))
    with pytest.raises(CannotRender):
        load(msgspec.structs.replace(asked, folder=str(folder)), CPU)
    assert not (tmp_path / "ran").exists()


def test_weights_that_are_not_there_are_told_in_a_sentence(setup: MakeSetup, tmp_path: Path) -> None:
    gone: Setup = msgspec.structs.replace(setup(TEXT), folder=str(tmp_path / "none"))
    with pytest.raises(CannotRender, match=rf"The weights {TEXT} cannot be loaded") as told:
        load(gone, CPU)
    assert str(tmp_path) not in told.value.message, "clients need not know this machine's folders"


def test_weights_that_are_cut_off_are_told_too(setup: MakeSetup, tmp_path: Path) -> None:
    asked = setup(TEXT)
    folder = tmp_path / "cut"
    shutil.copytree(asked.folder, folder)
    file = folder / "vae" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(CannotRender, match=rf"The weights {TEXT} cannot be loaded"):
        load(msgspec.structs.replace(asked, folder=str(folder)), CPU)


def without_a_layer(folder: Path) -> None:
    file = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    weights = load_file(file)
    del weights["blocks.0.attn1.to_k.weight"]
    save_file(weights, file)


def with_more_layers(folder: Path) -> None:
    config = folder / "transformer" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"num_layers": "many"}))


def of_another_kind(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("from-pictures"), folder)


SPOILT: dict[str, Callable[[Path], object]] = {
    "transformer has no blocks.0.attn1.to_k.weight": without_a_layer,
    "'str' object": with_more_layers,
    "the tokenizer is not there": lambda folder: shutil.rmtree(folder / "tokenizer"),
    "they are not of a kind that makes t2v": of_another_kind,
    "pop expected": lambda folder: (folder / "model_index.json").write_text("[]"),
}


@pytest.mark.parametrize("said", SPOILT)
def test_weights_that_do_not_go_together_are_told_and_never_rendered_with(
    setup: MakeSetup, tmp_path: Path, said: str
) -> None:
    asked = setup(TEXT)
    folder = tmp_path / "spoilt"
    shutil.copytree(asked.folder, folder)
    shutil.copytree(setup(PICTURE).folder, tmp_path / "from-pictures")
    SPOILT[said](folder)
    with pytest.raises(CannotRender, match=rf"The weights {TEXT} cannot be loaded: .*{said}"):
        load(msgspec.structs.replace(asked, folder=str(folder)), CPU)


def test_nothing_is_printed(loaded: Callable[..., Loaded], capfd: pytest.CaptureFixture[str]) -> None:
    take(loaded(TEXT))
    assert capfd.readouterr() == ("", "")
    assert diffusers.utils.logging.get_verbosity() == diffusers.utils.logging.ERROR, "errors are"


def test_compiled_blocks_draw_the_same(loaded: Callable[..., Loaded]) -> None:
    """Without the compiler, which takes a minute even for these: it is what runs that is looked at."""
    compiled = loaded(EXPERTS, compile=True)
    for expert in compiled.experts:
        assert all(block._compiled_call_impl is not None for block in expert.blocks)
    with torch.compiler.set_stance("force_eager"):
        assert is_same(take(compiled), take(loaded(EXPERTS)))

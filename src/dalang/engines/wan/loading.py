"""From the files of a checkpoint to pipelines on a device."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import diffusers
import torch
import transformers
from diffusers import WanImageToVideoPipeline, WanPipeline
from safetensors import SafetensorError

from dalang.engines.wan import loras
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.memory import is_lack
from dalang.engines.wan.reason import reason
from dalang.engines.wan.sizes import PRECISE
from dalang.errors import CannotRender
from dalang.weights.checkpoint import Checkpoint
from dalang.weights.setup import Setup

if TYPE_CHECKING:
    from dalang.engines.wan.ranks import Ranks

BESIDE = ("text_encoder", "tokenizer", "vae", "image_encoder", "image_processor")
"""Parts of which only the first of several ranks has a use."""

UNREADABLE = (OSError, ValueError, TypeError, AttributeError, LookupError, ImportError, SafetensorError)
"""What the libraries raise for files that are not there, are cut off or do not go together; another try would not help.
RuntimeError as well, where it tells of no lack of memory."""


def load(setup: Setup, device: torch.device, ranks: Ranks | None = None) -> Loaded:
    """Reads the files and places them; tens of seconds for a large checkpoint. Of `ranks` that share the transformers
    all but the first have nothing else.

    Raises CannotRender for weights that are not there or not of Wan, and for a profile that cannot be run here.
    """
    _hush()
    text, picture = _pipelines(setup, BESIDE if ranks and ranks.rank else ())
    loaded = Loaded(setup.checkpoint, setup.profile, device, text, picture)
    loras.merge(loaded.pipelines[0], setup.loras)
    _quantise(loaded)
    if ranks:
        ranks.share(loaded.experts)
    _place(loaded)
    _compile(loaded)
    return loaded


def _hush() -> None:
    """No bars, and of the libraries' words only errors: what they print goes into the server's log."""
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()


def _pipelines(setup: Setup, without: Sequence[str]) -> tuple[WanPipeline | None, WanImageToVideoPipeline | None]:
    """Both from the same components, where the checkpoint makes videos with and without a picture."""
    makes_text, makes_picture = "t2v" in setup.checkpoint.kinds, _takes_pictures(setup.checkpoint)
    first = _read(WanPipeline if makes_text else WanImageToVideoPipeline, setup, without)
    _check(first, setup)
    if not makes_text:
        return None, first
    return first, _quiet(_with_picture(first)) if makes_picture else None


def _takes_pictures(checkpoint: Checkpoint) -> bool:
    return bool({"i2v", "kf2v"} & set(checkpoint.kinds))


def _read(pipeline: type[Any], setup: Setup, without: Sequence[str]) -> Any:
    dtype = getattr(torch, setup.profile.dtype)
    dtypes = {"default": dtype, **dict.fromkeys(PRECISE, torch.float32)}
    absent = dict.fromkeys(without)
    try:
        return _quiet(
            pipeline.from_pretrained(setup.folder, dtype=dtypes, local_files_only=True, use_safetensors=True, **absent)
        )
    except (*UNREADABLE, RuntimeError) as error:
        if is_lack(error):
            raise
        raise _cannot_be_loaded(setup, reason(error, setup.folder, setup.checkpoint.name)) from error


def _cannot_be_loaded(setup: Setup, why: str) -> CannotRender:
    return CannotRender(f"The weights {setup.checkpoint.name} cannot be loaded: {why}")


def _check(pipeline: Any, setup: Setup) -> None:
    """Raises CannotRender for what the libraries load without a word, and which would fail later or draw nonsense."""
    for name, part in pipeline.components.items():
        weights = part.state_dict() if isinstance(part, torch.nn.Module) else {}
        if gone := next((key for key, weight in weights.items() if weight.is_meta), None):
            raise _cannot_be_loaded(setup, f"{name} has no {gone}.")
    if pipeline.tokenizer is not None and not any(Path(setup.folder, "tokenizer").glob("*")):
        raise _cannot_be_loaded(setup, "the tokenizer is not there.")
    config = pipeline.transformer.config
    if ("t2v" in setup.checkpoint.kinds) != (config.in_channels == config.out_channels):
        raise _cannot_be_loaded(setup, f"they are not of a kind that makes {' and '.join(setup.checkpoint.kinds)}.")


def _with_picture(first: WanPipeline) -> WanImageToVideoPipeline:
    parts = {name: part for name, part in first.components.items() if name not in PRECISE[1:]}
    settings = {name: first.config[name] for name in ("boundary_ratio", "expand_timesteps")}
    return WanImageToVideoPipeline(**parts, **settings)


def _quiet(pipeline: Any) -> Any:
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _quantise(loaded: Loaded) -> None:
    """Stored in 8 bits, computed in the profile's type: the layers that Wan names as sensitive stay as they are."""
    if loaded.profile.quantisation == "fp8":
        for expert in loaded.experts:
            expert.enable_layerwise_casting(
                storage_dtype=torch.float8_e4m3fn, compute_dtype=getattr(torch, loaded.profile.dtype)
            )


def _place(loaded: Loaded) -> None:
    """The VAE is on the device with every offload: it is small, and its layers are called one by one."""
    PLACES[loaded.profile.offload](loaded)
    if loaded.vae is not None:
        loaded.vae.to(loaded.device)


def _whole(loaded: Loaded) -> None:
    for pipeline in loaded.pipelines:
        pipeline.to(loaded.device)


def _by_model(loaded: Loaded) -> None:
    for pipeline in loaded.pipelines:
        pipeline.model_cpu_offload_seq = "text_encoder->image_encoder->transformer->transformer_2"
        pipeline._exclude_from_cpu_offload = ["vae"]
        pipeline.enable_model_cpu_offload(device=loaded.device)


def _by_group(loaded: Loaded) -> None:
    """Leaf by leaf; on a GPU the next is fetched while one computes."""
    loaded.pipelines[0].enable_group_offload(
        onload_device=loaded.device,
        offload_type="leaf_level",
        use_stream=loaded.device.type == "cuda",
        exclude_modules=["vae"],
    )


PLACES = {"none": _whole, "model": _by_model, "group": _by_group}


def _compile(loaded: Loaded) -> None:
    """Block by block: one block's code serves them all."""
    if loaded.profile.compile:
        for expert in loaded.experts:
            expert.compile_repeated_blocks()

"""LoRA files, merged into the weights as these are loaded: nothing is left of them that a step would pay for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.torch import load_file

from dalang.engines.wan.memory import is_lack
from dalang.engines.wan.reason import reason
from dalang.errors import CannotRender
from dalang.weights.setup import Lora

if TYPE_CHECKING:
    from diffusers import WanTransformer3DModel


def merge(pipeline: Any, loras: Sequence[Lora]) -> None:
    """Each into its expert, or into both, one after another; keys as diffusers, lightx2v or musubi write them.

    Raises CannotRender for a file that is none of ours, or not for these weights.
    """
    for lora in loras:
        for expert in _experts(pipeline, lora):
            _merge(pipeline, expert, lora)


def _experts(pipeline: Any, lora: Lora) -> list[int]:
    there = [1, 2] if pipeline.transformer_2 is not None else [1]
    if lora.expert is not None and lora.expert not in there:
        raise CannotRender(f"The LoRA {_name(lora)} is for expert {lora.expert}, which this checkpoint does not have.")
    return there if lora.expert is None else [lora.expert]


def _merge(pipeline: Any, expert: int, lora: Lora) -> None:
    transformer = pipeline.transformer if expert == 1 else pipeline.transformer_2
    weights = _read(lora)
    try:
        # Tensors rather than a path, which diffusers would also look up on the hub.
        pipeline.load_lora_weights(weights, adapter_name="lora", load_into_transformer_2=expert == 2)
    except (ValueError, RuntimeError, LookupError) as error:
        if is_lack(error):
            raise
        raise CannotRender(f"The LoRA {_name(lora)} does not fit these weights: {_reason(error, lora)}") from error
    _keep(transformer, lora)


def _keep(transformer: WanTransformer3DModel, lora: Lora) -> None:
    if "lora" not in getattr(transformer, "peft_config", {}):  # diffusers only warns when no key is of a transformer
        raise CannotRender(f"The LoRA {_name(lora)} has no weights for this kind of model.")
    transformer.set_adapters("lora", lora.scale)
    transformer.fuse_lora(adapter_names=["lora"])
    transformer.unload_lora()


def _read(lora: Lora) -> dict[str, Any]:
    if not lora.file.endswith(".safetensors"):
        raise CannotRender(f"The LoRA {_name(lora)} is no .safetensors file; no other kind is loaded.")
    try:
        weights: dict[str, Any] = load_file(lora.file)
    except (OSError, SafetensorError) as error:
        raise CannotRender(f"The LoRA {_name(lora)} cannot be read: {_reason(error, lora)}") from error
    return weights


def _reason(error: Exception, lora: Lora) -> str:
    return reason(error, lora.file, _name(lora))


def _name(lora: Lora) -> str:
    """Without the machine's folders: the sentence may reach a client."""
    return Path(lora.file).name

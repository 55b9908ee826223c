"""From words and pictures to latents, by diffusers' own pipelines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from PIL import Image

from dalang.engines.i420 import Picture
from dalang.engines.wan.continuation import encoded, kept
from dalang.engines.wan.timeline import STRIDE, Segment

if TYPE_CHECKING:
    from dalang.engines.wan.loaded import Loaded

Step = Callable[[int], None]
"""Told after each step how many are done. Raises `Canceled` when the work is no longer wanted."""


class Order(NamedTuple):
    """What one segment is sampled from."""

    words: str
    negative: str
    width: int
    height: int
    tier: str
    segment: Segment
    first: Image.Image | None
    """RGB, `width` x `height`; the picture it begins with."""
    last: Image.Image | None
    """The one it ends with."""
    tail: tuple[Picture, ...]
    """The last frames of the segment before: `segment.overlap` of them."""


def sample(loaded: Loaded, order: Order, done: Step) -> torch.Tensor:
    """Latents of shape (1, channels, latent frames, height, width), on the device, as `decoding.pictures` takes them.

    The same order gives the same latents on one machine. Raises what `done` raises, after the step in which it does;
    the weights can be used again then.
    """
    loaded.begin(order.tier)
    noise = _noise(loaded, order)
    known = encoded(loaded.vae, order.tail) if order.tail else None

    def ended(pipeline: Any, step: int, _: object, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        done(step + 1)
        if known is None:
            return {}
        return {"latents": kept(tensors["latents"], known, noise, float(pipeline.scheduler.sigmas[step + 1]))}

    pipeline, pictures = _pipeline(loaded, order)
    with ExitStack() as broken:  # canceled, or out of memory: what the pipeline itself does at its end
        broken.callback(pipeline.maybe_free_model_hooks)
        (latents,) = pipeline(**pictures, **_arguments(loaded, order), latents=noise, callback_on_step_end=ended)
        broken.pop_all()
    result: torch.Tensor = latents
    return result


def _pipeline(loaded: Loaded, order: Order) -> tuple[Any, dict[str, Image.Image]]:
    """Weights that can begin with a picture go on from one too: the first of the frames that are there already."""
    first = _image(order.tail[0]) if order.tail and loaded.picture else order.first
    if first is None:
        return loaded.text, {}
    return loaded.picture, {"image": first} | ({"last_image": order.last} if order.last else {})


def _image(picture: Picture) -> Image.Image:
    return Image.fromarray(picture[..., ::-1].copy())


def _arguments(loaded: Loaded, order: Order) -> dict[str, Any]:
    profile = loaded.profile
    second = {} if loaded.boundary_ratio is None else {"guidance_scale_2": profile.guidance_2}
    return {
        "prompt": order.words,
        "negative_prompt": order.negative,
        "width": order.width,
        "height": order.height,
        "num_frames": order.segment.frames,
        "num_inference_steps": profile.steps,
        "guidance_scale": profile.guidance,
        "output_type": "latent",
        "return_dict": False,
        **second,
    }


def _noise(loaded: Loaded, order: Order) -> torch.Tensor:
    """What the pipelines draw themselves from a generator of that seed. On the CPU, where every machine draws alike."""
    config = loaded.vae.config
    sides = (side // config.scale_factor_spatial for side in (order.height, order.width))
    shape = (1, config.z_dim, (order.segment.frames - 1) // STRIDE + 1, *sides)
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(order.segment.seed))

"""The processes that share a render, and how a transformer is shared among them: diffusers' context parallelism.

Each has a part of the sequence; inside an attention (Ulysses, https://arxiv.org/abs/2309.14509) it has all of the
sequence for a part of the heads. `enable_parallelism` of diffusers 0.42 does the same, but counts accelerators to name
a device, and so divides by zero where there is none; and its last gathering takes parts of one length only, on gloo.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.distributed as dist
from diffusers import ContextParallelConfig, ParallelConfig
from diffusers.hooks import apply_context_parallel
from diffusers.models._modeling_parallel import gather_size_by_comm
from diffusers.models.transformers.transformer_wan import WanAttention
from torch.distributed.device_mesh import init_device_mesh
from torch.nn.functional import pad

from dalang.errors import CannotRender

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diffusers import WanTransformer3DModel

BACKENDS = {"cpu": "gloo", "cuda": "cpu:gloo,cuda:nccl"}
"""By kind of device. Lengths go by way of the processor, so that no GPU waits for a number."""

PATIENCE = timedelta(hours=1)
"""How long one rank waits for another. A render that hangs ends sooner, by its lease."""

LAST = "proj_out"
"""The layer of which diffusers' plan gathers the output."""


class Ranks(NamedTuple):
    """This process among those that share."""

    rank: int
    device: torch.device
    config: ParallelConfig

    @property
    def size(self) -> int:
        size: int = self.config.context_parallel_config.ulysses_degree
        return size

    def share(self, experts: Iterable[WanTransformer3DModel]) -> None:
        """Have each compute this rank's part alone, and give the whole output. Before they are offloaded, whose hooks
        must see the inputs first.

        Raises CannotRender where the heads cannot be shared out evenly.
        """
        for expert in experts:
            if expert.config.num_attention_heads % self.size:
                heads = expert.config.num_attention_heads
                raise CannotRender(f"The checkpoint has {heads} heads of attention, which {self.size} cannot share.")
            _share(expert, self.config)


def meet(rank: int, size: int, device: torch.device, store: dist.Store) -> Ranks:
    """Once all `size` of them are there."""
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group(BACKENDS[device.type], store=store, rank=rank, world_size=size, timeout=PATIENCE)
    context = ContextParallelConfig(ulysses_degree=size, ulysses_anything=True)  # lengths need not be multiples of size
    mesh = init_device_mesh(device.type, context.mesh_shape, mesh_dim_names=context.mesh_dim_names)
    config = ParallelConfig(context_parallel_config=context)
    config.setup(rank, size, device, mesh=mesh)
    return Ranks(rank, device, config)


def part(device: torch.device) -> None:
    """Forget the others, who may be gone."""
    if device.type == "cuda":
        dist.distributed_c10d._abort_process_group()  # the public way waits for what the others owe
    else:
        dist.destroy_process_group()


def _share(expert: WanTransformer3DModel, config: ParallelConfig) -> None:
    for module in expert.modules():
        if isinstance(module, WanAttention):
            module.processor._parallel_config = config
    plan = {name: rule for name, rule in expert._cp_plan.items() if name != LAST}
    apply_context_parallel(expert, config.context_parallel_config, plan)
    expert.get_submodule(LAST).register_forward_hook(lambda _layer, _inputs, output: _whole(output))


def _whole(output: torch.Tensor) -> torch.Tensor:
    """Of the ranks' parts, of shape (batch, tokens, channels); they may differ in length by one token."""
    lengths = gather_size_by_comm(output.shape[1], dist.group.WORLD)
    padded = pad(output, (0, 0, 0, max(lengths) - output.shape[1])).contiguous()
    parts = [torch.empty_like(padded) for _ in lengths]
    dist.all_gather(parts, padded)
    return torch.cat([part[:, :length] for part, length in zip(parts, lengths, strict=True)], dim=1)

"""One render over several GPUs: the transformers' sequence is shared out, so that a step takes a part of its time.

The worker is the first of the ranks and runs the whole pipeline as ever; the others only wait for the transformers'
inputs and compute their part. So seeds, schedules, cancels and decoding stay with one process, and between two passes
nobody waits for anybody.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec
import torch
import torch.distributed as dist

from dalang import events
from dalang.engines.wan.calls import Call, Compute, Drop, Load, Meet, Tensor
from dalang.engines.wan.loading import load
from dalang.engines.wan.ranks import meet, part
from dalang.errors import CannotRender
from dalang.weights.setup import Setup

if TYPE_CHECKING:
    from diffusers import WanTransformer3DModel

    from dalang.engines.wan.loaded import Loaded

SHAREABLE = ("native", "flash", "sage")
"""Kernels of attention that diffusers can share out."""


def shareable(setup: Setup) -> Setup:
    """`setup` as several ranks can render it: without a cache. Each would decide by its own part of the picture whether
    it leaves out a layer, in which another then waits for it for good.

    Raises CannotRender for an attention that cannot be shared.
    """
    if setup.parallel == 1:
        return setup
    if setup.profile.attention not in SHAREABLE:
        raise CannotRender(f"The attention {setup.profile.attention} cannot be shared by {setup.parallel} GPUs.")
    return msgspec.structs.replace(setup, profile=msgspec.structs.replace(setup.profile, cache="none"))


class World:
    """All ranks, from the first one's side. When another dies, so does this process: it may be waiting for that one in
    a way that nothing ends."""

    def __init__(self, size: int, device: torch.device) -> None:
        """Raises CannotRender where there are fewer than `size` GPUs."""
        if device.type == "cuda" and torch.cuda.device_count() < size:
            raise CannotRender(f"{size} GPUs are to share a render, and this worker has {torch.cuda.device_count()}.")
        self._numbers = count()
        self._is_computing = self._is_closed = False
        self._peers = [_spawn() for _ in range(1, size)]
        for rank, peer in enumerate(self._peers, start=1):
            threading.Thread(target=self._watch, args=(rank, peer), name=f"rank {rank}", daemon=True).start()
        self._ranks = meet(0, size, _device(device, 0), self._store(size, device))

    def _store(self, size: int, device: torch.device) -> dist.Store:
        """Where the ranks find each other: on the loopback, which TCPStore itself does not keep to."""
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        for rank in range(1, size):
            self._tell(rank, Meet(rank, size, port, str(_device(device, rank)), torch.get_num_threads()))
        return dist.TCPStore(
            "127.0.0.1", port, size, is_master=True, wait_for_workers=False, master_listen_fd=listener.detach()
        )

    @property
    def is_torn(self) -> bool:
        """A pass broke off here, in which the others still wait: they cannot be called back."""
        return self._is_computing

    def load(self, setup: Setup) -> Loaded:
        """In all ranks at once. Raises CannotRender."""
        number = next(self._numbers)
        self._tell_all(Load(number, setup))
        with ExitStack() as failed:
            failed.callback(self._tell_all, Drop(number))
            loaded = load(setup, self._ranks.device, self._ranks)
            failed.pop_all()
        weakref.finalize(loaded.transformer, self._tell_all, Drop(number)).atexit = False
        for place, expert in enumerate(loaded.experts):
            expert.register_forward_pre_hook(partial(self._begin, number, place), with_kwargs=True)
            expert.register_forward_hook(self._end)
        return loaded

    def close(self) -> None:
        """What is loaded cannot be used any more."""
        self._is_closed = True
        for peer in self._peers:
            peer.kill()
            peer.wait()
        part(self._ranks.device)

    def _begin(self, number: int, place: int, _: WanTransformer3DModel, __: object, arguments: dict[str, Any]) -> None:
        self._is_computing = True
        given = {name: value for name, value in arguments.items() if isinstance(value, torch.Tensor)}
        tensors = tuple(Tensor(name, tuple(value.shape), _name(value.dtype)) for name, value in given.items())
        self._tell_all(Compute(number, place, tensors))
        for value in given.values():
            dist.broadcast(value.to(self._ranks.device).contiguous(), src=0)

    def _end(self, *_: object) -> None:
        self._is_computing = False

    def _tell_all(self, call: Call) -> None:
        for rank in range(1, len(self._peers) + 1):
            self._tell(rank, call)

    def _tell(self, rank: int, call: Call) -> None:
        """Nothing, to ranks that are ended: weights may be let go after that."""
        pipe = self._peers[rank - 1].stdin
        assert pipe
        if not self._is_closed:
            pipe.write(events.pack(call))

    def _watch(self, rank: int, peer: subprocess.Popen[bytes]) -> None:
        code = peer.wait()
        if not self._is_closed:
            sys.stderr.write(f"rank {rank} of a shared render ended: exit code {code}\n")
            os._exit(1)


def _spawn() -> subprocess.Popen[bytes]:
    """Unbuffered: a call is one write, which nothing can come between."""
    return subprocess.Popen([sys.executable, "-m", "dalang.engines.wan.peer"], stdin=subprocess.PIPE, bufsize=0)


def _device(device: torch.device, rank: int) -> torch.device:
    return torch.device("cuda", rank) if device.type == "cuda" else device


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")

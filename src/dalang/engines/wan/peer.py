"""A rank other than the first: it has the transformers alone, and computes its part of each pass.

It ends with the first rank, however that ends: when the pipe closes. When it fails it ends too, and the first rank with
it.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from contextlib import suppress
from typing import BinaryIO, NoReturn

import torch
import torch.distributed as dist

from dalang.engines.wan.calls import Call, Compute, Drop, Load, Meet, Tensor, read_call
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.loading import load
from dalang.engines.wan.memory import is_lack, release
from dalang.engines.wan.ranks import Ranks, meet
from dalang.errors import CannotRender

LINGER = 10.0
"""Seconds. When this rank lacks memory the first one does too, as a rule: it then ends us, and tries with less."""

Inbox = queue.SimpleQueue[Call]


class Peer:
    def __init__(self, ranks: Ranks) -> None:
        self._ranks = ranks
        self._loads: dict[int, Loaded] = {}
        self._last: tuple[int, int] | None = None

    def serve(self, inbox: Inbox) -> NoReturn:
        while True:
            self._heed(inbox.get())

    def _heed(self, call: Call) -> None:
        match call:
            case Load(number, setup):
                with suppress(CannotRender):  # the first rank meets it too, and says so
                    self._loads[number] = load(setup, self._ranks.device, self._ranks)
            case Drop(number):
                self._loads.pop(number, None)
                release()
            case Compute():
                self._compute(call)

    def _compute(self, call: Compute) -> None:
        loaded = self._loads[call.number]
        if (call.number, call.expert) != self._last:
            self._make_room()
        self._last = call.number, call.expert
        arguments = {tensor.name: self._received(tensor) for tensor in call.tensors}
        with torch.no_grad():
            tuple(loaded.experts)[call.expert](**arguments, return_dict=False)

    def _make_room(self) -> None:
        """For the other expert, where one at a time is on the device: no pipeline comes to its end here."""
        for loaded in self._loads.values():
            loaded.pipelines[0].maybe_free_model_hooks()

    def _received(self, tensor: Tensor) -> torch.Tensor:
        empty = torch.empty(tensor.shape, dtype=getattr(torch, tensor.dtype), device=self._ranks.device)
        dist.broadcast(empty, src=0)
        return empty


def _listen(calls: BinaryIO, inbox: Inbox) -> NoReturn:
    while call := read_call(calls):
        inbox.put(call)
    os._exit(0)


def main() -> None:
    """`python -m dalang.engines.wan.peer`: calls on stdin."""
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, inbox), name="calls", daemon=True).start()
    first = inbox.get()
    assert isinstance(first, Meet)
    torch.set_num_threads(first.threads)
    store = dist.TCPStore("127.0.0.1", first.port, first.size, is_master=False)
    peer = Peer(meet(first.rank, first.size, torch.device(first.device), store))
    try:
        peer.serve(inbox)
    except (RuntimeError, MemoryError) as error:
        if is_lack(error):
            time.sleep(LINGER)
        raise


if __name__ == "__main__":
    main()

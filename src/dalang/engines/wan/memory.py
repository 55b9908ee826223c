"""Memory: how much there is, and what a lack of it looks like."""

from __future__ import annotations

import gc
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]
import torch

LACKS = ("out of memory", "allocate memory", "ALLOC_FAILED")
"""In the words of CUDA, of the processor's allocator and of CUDA's libraries, where torch has no class for it."""


class Room(NamedTuple):
    """Bytes of a memory."""

    free: int
    total: int


def room(device: torch.device) -> Room:
    """Of a GPU, or of this machine for its processor. What torch keeps for itself of a GPU is not free."""
    if device.type == "cuda":
        return Room(*torch.cuda.mem_get_info(device))
    memory = psutil.virtual_memory()
    return Room(memory.available, memory.total)


def release() -> None:
    """Give back what nobody refers to any more: modules and their hooks refer to each other in circles."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def is_lack(error: BaseException) -> bool:
    """Of memory, rather than any other fault."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in LACKS)

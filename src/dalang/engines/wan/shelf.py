"""What is loaded stays, as far as there is memory for it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import torch

from dalang.engines.wan import memory
from dalang.engines.wan.held import Held, held
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.loading import load
from dalang.weights.profile import Profile
from dalang.weights.setup import Setup


class Shelf:
    """The checkpoints in memory, the one used last at the end."""

    def __init__(self, device: torch.device | None = None) -> None:
        self.device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._loaded: dict[Held, Loaded] = {}

    def take(self, setup: Setup) -> Loaded:
        key = held(setup)
        loaded = self._loaded.pop(key, None) or load(setup, self.device)
        self._loaded[key] = loaded
        return loaded

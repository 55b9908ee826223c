"""What is loaded stays, as far as there is memory for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import torch

from dalang.engines.wan import memory
from dalang.engines.wan.fitting import with_offload
from dalang.engines.wan.held import Held, held
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.loading import load
from dalang.engines.wan.memory import Room
from dalang.engines.wan.parallel import World, shareable
from dalang.engines.wan.sizes import need, parts
from dalang.weights.profile import Offload, Profile
from dalang.weights.setup import Setup

RESERVE = 0.25
"""Share of a memory that stays free of weights where others lie there too: rendering takes some itself."""

CPU = torch.device("cpu")


class Shelf:
    """Checkpoints in memory, the one that was used last at the end."""

    def __init__(self, device: torch.device | None = None, room: Callable[[torch.device], Room] = memory.room) -> None:
        self.device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._room = room
        self._loaded: dict[Held, Loaded] = {}
        self._offloads: dict[Held, Offload] = {}
        self.world: World | None = None
        """Once setups are shared."""

    def __len__(self) -> int:
        return len(self._loaded)

    @property
    def total(self) -> int:
        """Bytes of the device."""
        return self._room(self.device).total

    def take(self, setup: Setup) -> Loaded:
        """Loaded now, or before under a profile that holds the weights in the same way; tighter where it is known that
        memory does not do. Those that were not used for longest go until there is room.

        Raises CannotRender for what cannot be loaded.
        """
        setup = self.fitted(setup)
        key = held(setup)
        if self.world and self.world.is_torn:
            self.clear()
        if key not in self._loaded:
            self._make_room(key)
            self._loaded[key] = self._load(setup)
        loaded = replace(self._loaded.pop(key), profile=setup.profile)
        self._loaded[key] = loaded
        return loaded

    def fitted(self, setup: Setup) -> Setup:
        """With the offload under which it was rendered last; without what its ranks cannot share."""
        setup = shareable(setup)
        offload = self._offloads.get(held(setup))
        return msgspec.structs.replace(setup, profile=with_offload(setup.profile, offload)) if offload else setup

    def remember(self, setup: Setup, profile: Profile) -> None:
        """Take `setup` with the offload of `profile` from now on, where that is not its own."""
        if profile.offload != setup.profile.offload or profile.vae_tiling != setup.profile.vae_tiling:
            self._offloads[held(setup)] = profile.offload

    def clear(self) -> None:
        """Let all of them go."""
        self._loaded.clear()
        memory.release()
        if self.world and self.world.is_torn:
            self.world.close()
            self.world = None

    def _load(self, setup: Setup) -> Loaded:
        if setup.parallel == 1:
            return load(setup, self.device)
        self.world = self.world or World(setup.parallel, self.device)
        return self.world.load(setup)

    def _make_room(self, newcomer: Held) -> None:
        memory.release()  # what the last render left counts as taken
        while self._loaded and not self._has_room(newcomer):
            del self._loaded[next(iter(self._loaded))]
            memory.release()

    def _has_room(self, newcomer: Held) -> bool:
        """On the device and, where weights wait beside it, in this machine's memory."""
        sizes = parts(newcomer)
        if self.device == CPU:
            return self._fits(sum(sizes.values()), CPU)
        wanted = need(sizes, newcomer)
        return self._fits(wanted.device, self.device) and self._fits(wanted.host, CPU)

    def _fits(self, size: int, device: torch.device) -> bool:
        room = self._room(device)
        return size + RESERVE * room.total <= room.free

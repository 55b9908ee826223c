"""What of a step stands for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dalang.engines.wan.loaded import Loaded


def start(loaded: Loaded) -> None:
    """Caches as the profile wants them, that remember nothing."""

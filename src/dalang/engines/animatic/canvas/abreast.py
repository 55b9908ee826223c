"""Painting in two threads: what is painted before a shot's first frame, while the encoder still has nothing to do.

OpenCV and numpy let go of the interpreter while they compute. Each part has randomness of its own, so that the
picture does not depend on which is done first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import local
from typing import TypeVar

Painted = TypeVar("Painted")

THREADS = 2


_here = local()
"""`painting` in a painter's thread."""


def _begin() -> None:
    _here.painting = True


@cache
def _painters() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="painter", initializer=_begin)


def abreast(parts: Iterable[Callable[[], Painted]]) -> list[Painted]:
    """What `parts` give, in their order; within a part one after the other. Raises what the first that raises does."""
    if vars(_here):
        return [part() for part in parts]
    return [done.result() for done in [_painters().submit(part) for part in parts]]

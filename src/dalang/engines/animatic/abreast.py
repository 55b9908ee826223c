"""Painting in two threads: what is painted before a shot's first frame, while the encoder still has nothing to do.

OpenCV and numpy let go of the interpreter while they compute. Each part has randomness of its own, so that the
picture does not depend on which is done first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Painted = TypeVar("Painted")

THREADS = 2


@cache
def _painters() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="painter")


def abreast(parts: Iterable[Callable[[], Painted]]) -> list[Painted]:
    """What `parts` give, in their order. Raises what the first of them raises that does; a part may not call this."""
    return [done.result() for done in [_painters().submit(part) for part in parts]]

"""Painting side by side gives what painting one after the other does."""

from __future__ import annotations

from functools import partial
from threading import current_thread

import pytest

from dalang.engines.animatic.canvas.abreast import abreast


def test_the_parts_come_in_their_order() -> None:
    assert abreast(partial(pow, 2, number) for number in range(40)) == [2**number for number in range(40)]


def test_painters_are_threads_of_their_own_and_a_part_goes_on_in_its_painter() -> None:
    def painter() -> str:
        return current_thread().name

    def nested() -> set[str]:
        return {painter(), *abreast([painter, painter])}

    (names,) = abreast([nested])
    assert len(names) == 1, "a part that paints in parts waits for no other painter"
    assert names != {painter()}


def test_what_a_part_raises_reaches_the_stage() -> None:
    with pytest.raises(ZeroDivisionError):
        abreast([int, partial(divmod, 1, 0)])

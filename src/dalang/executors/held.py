"""What a slot was last given: weights change places slowly, so a slot that has them is worth something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dalang.events import Command, Render

BATCH_SECONDS = 600.0
"""How long a slot goes on with the weights that it has before the next task is again whoever's turn it is. To load
large ones takes about a minute: with ten of work to each, a tenth."""


class Held(NamedTuple):
    """Times in seconds, of a clock that never goes back."""

    setup: str
    """Its name: two profiles of one checkpoint may be two loads, of other LoRAs or quantised otherwise."""
    since: float
    """Start of the first of the tasks in a row that had it."""
    used: float
    """Start of the last one."""


def after(held: Held | None, command: Command, now: float) -> Held | None:
    """What a slot holds that is given `command`."""
    setup = setup_of(command)
    if setup is None:
        return held
    return Held(setup, held.since if held and held.setup == setup else now, now)


def setup_of(command: Command) -> str | None:
    return command.request.setup.name if isinstance(command, Render) and command.request.setup else None


def best(slots: Sequence[Held | None], setup: str | None) -> int:
    """Which of `slots`, at least one, is to do a task with `setup`: one that has it, else one that has nothing, else
    the one that did not use what it has for longest. Of equals the last."""

    def loss(number: int) -> tuple[bool, float, int]:
        held = slots[number]
        return held is None or held.setup != setup, held.used if held else float("-inf"), -number

    return min(range(len(slots)), key=loss)


def wanted(slots: Sequence[Held | None], now: float) -> list[str]:
    """The setups with which `slots` are to go on, one for each slot that is."""
    return [held.setup for held in slots if held and now - held.since < BATCH_SECONDS]

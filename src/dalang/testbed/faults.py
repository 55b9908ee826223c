"""The faults that are declared, and those that prompts bring along: what befalls a call, and what befalls a task."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import msgspec

from dalang.task import Task
from dalang.testbed import magic
from dalang.testbed.armed_fault import ArmedFault
from dalang.testbed.codes import documented
from dalang.testbed.fault import (
    Answer,
    Crash,
    Declared,
    Drop,
    Effect,
    Fail,
    Fault,
    Forget,
    Kind,
    OnTask,
    Refuse,
    Truncate,
)
from dalang.testbed.subject import Subject

PROMPTS = 10_000
"""With words of magic in them that are kept, to count how often they befell; the oldest go."""

Outcome = Refuse | Answer | Drop | Truncate | Forget
"""What a call comes to, of which there can be one only."""


class Befalling(NamedTuple):
    """All that befalls one call."""

    delay: float = 0.0
    """Seconds, of all delays together."""
    outcome: Outcome | None = None
    """None: what it would have come to anyway. A refusal has its status and its sentence."""
    faults: tuple[int, ...] = ()
    """Identifiers of those that were declared, ascending."""


class Faults:
    """Identifiers ascend and none is given twice, not even after `clear`."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._declared: dict[int, ArmedFault] = {}
        self._brought: dict[str, list[ArmedFault]] = {}

    def add(self, fault: Fault) -> Declared:
        """Raises InvalidParameter."""
        armed = ArmedFault(fault, next(self._ids))
        assert armed.id is not None
        self._declared[armed.id] = armed
        return armed.declared()

    def declared(self) -> tuple[Declared, ...]:
        """In the order of their declaration, those that are spent too."""
        return tuple(armed.declared() for armed in self._declared.values())

    def remove(self, id: int) -> bool:
        """Whether it was there."""
        return self._declared.pop(id, None) is not None

    def clear(self) -> None:
        """Prompts begin to count anew, too."""
        self._declared.clear()
        self._brought.clear()

    def for_call(self, subject: Subject) -> Befalling:
        """What befalls it counts as having done so. Raises InvalidParameter for magic that is none."""
        fitting = [armed for armed in self._all(subject.prompt) if armed.fits_call(subject)]
        decisive = next((armed for armed in fitting if not armed.delay), None)
        befalling = [armed for armed in fitting if armed.delay or armed is decisive]
        for armed in befalling:
            armed.befallen += 1
        return Befalling(
            delay=sum(armed.delay for armed in befalling),
            outcome=_outcome(decisive.fault.then, subject.call) if decisive else None,
            faults=tuple(armed.id for armed in befalling if armed.id is not None),
        )

    def for_task(self, task: Task) -> list[OnTask]:
        """What befalls a task that is being made: all crashes, and the first failure. It counts as having befallen it.
        Raises InvalidParameter for magic that is none."""
        fitting = [armed for armed in self._all(task.request.prompt) if armed.fits_task(task.request)]
        decisive = next((armed for armed in fitting if isinstance(armed.fault.then, Fail)), None)
        befalling = [armed for armed in fitting if isinstance(armed.fault.then, Crash) or armed is decisive]
        for armed in befalling:
            armed.befallen += 1
        return [effect for armed in befalling if isinstance(effect := armed.fault.then, OnTask)]

    def _all(self, prompt: str | None) -> Iterator[ArmedFault]:
        yield from self._declared.values()
        if prompt and (spell := magic.read(prompt)).faults:
            if prompt not in self._brought:
                self._brought[prompt] = [ArmedFault(fault) for fault in spell.faults]
                if len(self._brought) > PROMPTS:
                    self._brought.pop(next(iter(self._brought)))
            yield from self._brought[prompt]


def _outcome(effect: Effect, call: Kind) -> Outcome:
    """A refusal gets the status and the sentence that it was not given."""
    assert isinstance(effect, Outcome)
    known = documented(effect.code, call) if isinstance(effect, Refuse) else None
    if not isinstance(effect, Refuse) or known is None:
        return effect
    return msgspec.structs.replace(
        effect,
        status=effect.status or known.status,
        message=known.sentence if effect.message is None else effect.message,
    )

"""The faults that are declared, and those that prompts bring along: what befalls a call, and what befalls a task."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import msgspec

from dalang.task import Task
from dalang.testbed import magic
from dalang.testbed.calls import Subject
from dalang.testbed.codes import documented, sentence
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
from dalang.testbed.rule import Rule

PROMPTS = 10_000
"""With words of magic in them that are kept, to count how often they befell; the oldest go."""

Outcome = Refuse | Answer | Drop | Truncate | Forget
"""What a call comes to, of which there can be one only."""

TaskEffects = list[OnTask]


class Befalling(NamedTuple):
    """All that befalls one call."""

    delay: float = 0.0
    """Seconds, of all delays together."""
    outcome: Outcome | None = None
    """None: what it would have come to anyway. A refusal has its status and its sentence."""
    faults: tuple[int, ...] = ()
    """Identifiers of those that were declared, ascending."""


class Rules:
    """Identifiers ascend and none is given twice, not even after `clear`."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._declared: dict[int, Rule] = {}
        self._brought: dict[str, list[Rule]] = {}

    def add(self, fault: Fault) -> Declared:
        """Raises InvalidParameter."""
        rule = Rule(fault, next(self._ids))
        assert rule.id is not None
        self._declared[rule.id] = rule
        return rule.declared()

    def list(self) -> tuple[Declared, ...]:
        """In the order of their declaration, those that are spent too."""
        return tuple(rule.declared() for rule in self._declared.values())

    def remove(self, id: int) -> bool:
        """Whether it was there."""
        return self._declared.pop(id, None) is not None

    def clear(self) -> None:
        """Prompts begin to count anew, too."""
        self._declared.clear()
        self._brought.clear()

    def for_call(self, subject: Subject) -> Befalling:
        """What befalls it counts as having done so. Raises InvalidParameter for magic that is none."""
        fitting = [rule for rule in self._all(subject.prompt) if rule.fits_call(subject)]
        decisive = next((rule for rule in fitting if not rule.delay), None)
        befalling = [rule for rule in fitting if rule.delay or rule is decisive]
        for rule in befalling:
            rule.befallen += 1
        return Befalling(
            delay=sum(rule.delay for rule in befalling),
            outcome=_outcome(decisive.fault.then, subject.call) if decisive else None,
            faults=tuple(rule.id for rule in befalling if rule.id is not None),
        )

    def for_task(self, task: Task) -> TaskEffects:
        """What befalls a task that is being made: all crashes, and the first failure, with its sentence. It counts as
        having befallen it. Raises InvalidParameter for magic that is none."""
        fitting = [rule for rule in self._all(task.request.prompt) if rule.fits_task(task.request)]
        decisive = next((rule for rule in fitting if isinstance(rule.fault.then, Fail)), None)
        befalling = [rule for rule in fitting if isinstance(rule.fault.then, Crash) or rule is decisive]
        for rule in befalling:
            rule.befallen += 1
        return [_told(rule.fault.then) for rule in befalling]

    def _all(self, prompt: str | None) -> Iterator[Rule]:
        yield from self._declared.values()
        if prompt and (spell := magic.read(prompt)).faults:
            if prompt not in self._brought:
                self._brought[prompt] = [Rule(fault) for fault in spell.faults]
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


def _told(effect: Effect) -> OnTask:
    assert isinstance(effect, OnTask)
    if isinstance(effect, Crash) or effect.message is not None:
        return effect
    return msgspec.structs.replace(effect, message=sentence(effect.code))

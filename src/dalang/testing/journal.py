"""What the server was asked, as its journal tells, sifted and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from dalang.task import VideoRequest
from dalang.testbed.call import Call

CREATED = 200


class Journal(msgspec.Struct, frozen=True):
    calls: list[Call]


def created(calls: Sequence[Call]) -> list[VideoRequest]:
    """Of each task that was created, in that order; an order that was sent twice under one key is one task."""
    made = {call.task_id: call.request for call in calls if call.call == "create" and call.task_id}
    return [request for request in made.values() if request]


def refused(calls: Sequence[Call]) -> list[Call]:
    """Create calls of which no task came."""
    return [call for call in calls if call.call == "create" and call.status and call.status != CREATED]


def sift(calls: Sequence[Call], about: Mapping[str, object]) -> list[Call]:
    """Those that fit. Raises TypeError for a name that `about` cannot have."""
    if unknown := set(about) - set(TESTS):
        raise TypeError(f"Calls have no {', '.join(sorted(unknown))}; they are told apart by {', '.join(TESTS)}.")
    orders = {call.task_id: call for call in calls if call.call == "create" and call.task_id}
    return [
        call
        for call in calls
        if all(TESTS[name](call, orders.get(call.task_id or "") or call, str(wanted)) for name, wanted in about.items())
    ]


def model_of(order: Call) -> str:
    """Of a refused order, as it was written."""
    return order.request.model if order.request else written(order.body, "model")


def prompt_of(order: Call) -> str:
    if order.request:
        return order.request.prompt
    return written(order.body["input"], "prompt") if isinstance(order.body, dict) and "input" in order.body else ""


def written(body: object, field: str) -> str:
    return str(body[field]) if isinstance(body, dict) and field in body else ""


TESTS: Mapping[str, Callable[[Call, Call, str], bool]] = {
    "call": lambda call, order, wanted: call.call == wanted,
    "method": lambda call, order, wanted: call.method == wanted.upper(),
    "path": lambda call, order, wanted: fnmatchcase(call.path, wanted),
    "model": lambda call, order, wanted: fnmatchcase(model_of(order), wanted),
    "prompt": lambda call, order, wanted: re.search(wanted, prompt_of(order)) is not None,
    "task_id": lambda call, order, wanted: call.task_id == wanted,
}
"""By the names of `fault.About`: a call, the order of the task that it is about, what is wanted."""


def call_lines(calls: Sequence[Call]) -> list[str]:
    """One a call: number, kind, answer, what it was about, and the faults that befell it."""
    return [
        f"{call.number:>4}  {call.call:<8}  {answer_of(call):<28}  {call.task_id or call.path}{faults_of(call)}"
        for call in calls
    ]


def answer_of(call: Call) -> str:
    return " ".join(str(part) for part in (call.status or "dropped", call.code) if part)


def faults_of(call: Call) -> str:
    return f"  (fault {', '.join(map(str, call.faults))})" if call.faults else ""

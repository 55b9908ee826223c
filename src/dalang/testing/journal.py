"""What the server was asked, as its journal tells, sifted and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from dalang.task import VideoRequest
from dalang.testbed.call import Call
from dalang.testbed.subject import Subject
from dalang.testing.fault import when_of

CREATED = 200

MAKING = ("create", "retry")
"""Kinds of calls that make tasks."""


class Journal(msgspec.Struct, frozen=True):
    calls: list[Call]


def created(calls: Sequence[Call]) -> list[VideoRequest]:
    """Of each task that was created, in that order, by retry too; an order that was sent twice under one key is one
    task."""
    made = {call.task_id: call.request for call in calls if call.call in MAKING and call.task_id and call.request}
    return list(made.values())


def refused(calls: Sequence[Call]) -> list[Call]:
    """Create calls of which no task came."""
    return [call for call in calls if call.call == "create" and call.status and call.status != CREATED]


def sift(calls: Sequence[Call], about: Mapping[str, object]) -> list[Call]:
    """Those that fit. Raises TypeError for what calls are not told apart by, ValueError for what that cannot be."""
    when = when_of(about)
    orders = {call.task_id: call for call in calls if call.call == "create" and call.task_id}
    return [call for call in calls if subject_of(call, orders.get(call.task_id or "") or call).fits(when)]


def subject_of(call: Call, order: Call) -> Subject:
    """`order` made the task that `call` is about; of a refused one, model and prompt as they were written."""
    subject = Subject(call.call, call.method, call.path, call.query.get("model"), task_id=call.task_id)
    if order.request is None:
        return subject.with_words(order.body)
    return subject._replace(model=order.request.model, prompt=order.request.prompt)


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

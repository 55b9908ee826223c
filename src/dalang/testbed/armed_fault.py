"""One declared fault at work: whether it makes sense, what it fits, and how often it has befallen something."""

from __future__ import annotations

import re

import msgspec

from dalang.errors import InvalidParameter
from dalang.task import VideoRequest
from dalang.testbed.codes import check_code
from dalang.testbed.fault import Answer, Crash, Declared, Delay, Fail, Fault, Forget, Refuse, Truncate, When
from dalang.testbed.subject import Subject

HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A field name (RFC 9110, 5.6.2)."""

VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
"""A field value (RFC 9110, 5.5)."""


class ArmedFault:
    """`id` is None for one that nobody declared: a prompt brought it along."""

    def __init__(self, fault: Fault, id: int | None = None) -> None:
        """Raises InvalidParameter for a declaration that could not do what it says."""
        check(fault)
        self.fault = fault
        self.id = id
        self.befallen = 0

    @property
    def is_of_tasks(self) -> bool:
        return isinstance(self.fault.then, Fail | Crash)

    @property
    def delay(self) -> float:
        """Seconds; 0 of whatever is no delay."""
        return self.fault.then.seconds if isinstance(self.fault.then, Delay) else 0.0

    @property
    def _is_spent(self) -> bool:
        return self.fault.times is not None and self.befallen >= self.fault.times

    def declared(self) -> Declared:
        assert self.id is not None
        return Declared(id=self.id, fault=self.fault, befallen=self.befallen)

    def fits_call(self, subject: Subject) -> bool:
        if self.is_of_tasks or self._is_spent:
            return False
        if isinstance(self.fault.then, Forget) and subject.call != "query":
            return False
        return subject.fits(self.fault.when)

    def fits_task(self, asked: VideoRequest) -> bool:
        order = Subject("create", "POST", "", asked.model, asked.prompt)
        return self.is_of_tasks and not self._is_spent and order.fits(self.fault.when)


# What makes no sense


def check(fault: Fault) -> None:
    """Raises InvalidParameter."""
    _check_range(fault)
    _check_pattern(fault.when.prompt or "")
    match fault.then:
        case Refuse(code, message, status):
            check_code(code, message, status)
        case Fail(code, message):
            check_code(code, message)
            _check_of_task(fault.when)
        case Crash():
            _check_of_task(fault.when)
        case Answer(headers=headers):
            _check_headers(headers)
        case Forget() if fault.when.call not in (None, "query"):
            raise InvalidParameter("Only a query can be answered UNKNOWN: when.call must be query, or be left out.")
        case Truncate() if fault.when.call == "events":
            raise InvalidParameter("A stream of events has no length to break off at: drop it.")
        case Delay(seconds=0):
            raise InvalidParameter("then.seconds must be more than 0.")


def _check_range(fault: Fault) -> None:
    """Of numbers: a declaration made in Python was not held against its limits."""
    try:
        msgspec.convert(msgspec.to_builtins(fault), Fault)
    except msgspec.ValidationError as error:
        raise InvalidParameter(f"{error}.") from error


def _check_pattern(prompt: str) -> None:
    try:
        re.compile(prompt)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidParameter(f"when.prompt must be a regular expression, and {prompt!r} is none: {error}.") from error


def _check_of_task(when: When) -> None:
    if when.call or when.method or when.path:
        raise InvalidParameter(
            "A fault of tasks goes by when.model and when.prompt alone; when.call, when.method and when.path are for "
            "faults of calls."
        )
    if when.task_id:
        raise InvalidParameter(
            "What befalls a task is settled as it is made, when nobody knows its task_id. "
            "POST /dalang/test/tasks/{task_id}/fail ends one that is there."
        )


def _check_headers(headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if not (HEADER.fullmatch(name) and VALUE.fullmatch(value)):
            raise InvalidParameter(f"{name!r}: {value!r} cannot stand in the head of a reply.")

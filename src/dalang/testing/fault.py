"""Faults as a test declares them: on what, and how often it has come to that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self, TypedDict

import msgspec

from dalang.testbed.fault import Declared, Kind, OnCall, OnTask, When
from dalang.testbed.fault import Fault as Declaration
from dalang.testing.controls import Controls
from dalang.testing.values import check_values


class Details(TypedDict, total=False):
    """Of calls, and of the tasks that they are about. All that is given must fit."""

    method: str
    path: str
    """Shell pattern, as in `/api/v1/tasks/*`; `*` also stands for slashes."""
    model: str
    """Shell pattern, as in `wan2.6-*`."""
    prompt: str
    """Regular expression, found anywhere in it."""
    task_id: str


class About(Details, total=False):
    """Which calls, or calls about which tasks."""

    call: Kind
    """create, query, events, list, cancel, retry, delete, policy, upload, download or other."""


class Matching(About, total=False):
    """Which calls or tasks a fault befalls, and how many of them; all, if `times` is not given."""

    times: int


class Listing(msgspec.Struct, frozen=True):
    faults: tuple[Declared, ...]


class Fault:
    """A declared fault. It lasts until it is spent or removed, the state is reset, or its `with` block ends."""

    def __init__(self, id: int, controls: Controls) -> None:
        self._id = id
        self._controls = controls
        self._befallen = 0

    @property
    def befallen(self) -> int:
        """Calls or tasks so far; of a fault that is gone, what was seen last."""
        listing = msgspec.json.decode(self._controls.ask("faults"), type=Listing)
        self._befallen = next((one.befallen for one in listing.faults if one.id == self._id), self._befallen)
        return self._befallen

    def remove(self) -> None:
        """What it has befallen stays so."""
        before = self.befallen
        self._controls.delete(f"faults/{self._id}")
        self._befallen = before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def when_of(about: Mapping[str, Any]) -> When:
    """Raises TypeError for what calls are not told apart by, ValueError for what that cannot be."""
    if unknown := set(about) - set(When.__struct_fields__):
        known = ", ".join(When.__struct_fields__)
        raise TypeError(f"Calls have no {', '.join(sorted(unknown))}; they are told apart by {known}.")
    when = When(**about)
    check_values(when)
    check_expression(when.prompt)
    return when


def check_expression(prompt: str | None) -> None:
    try:
        re.compile(prompt or "")
    except re.error as error:
        raise ValueError(f"prompt must be a regular expression, and {prompt!r} is none: {error}.") from None


def declare(controls: Controls, then: OnCall | OnTask, matching: Matching) -> Fault:
    """Raises TypeError for what calls are not told apart by, ValueError for what a value cannot be, `ControlRefused`
    for a code that the protocol does not have."""
    when = when_of({name: value for name, value in matching.items() if name != "times"})
    declaration = Declaration(then=then, when=when, times=matching.get("times"))
    check_values(then)
    check_values(declaration)
    return Fault(msgspec.json.decode(controls.post("faults", declaration), type=Declared).id, controls)

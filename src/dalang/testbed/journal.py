"""What was asked of a server in test mode, call by call: bounded, without keys, for tests to look through."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.datastructures import QueryParams
from starlette.types import Scope

from dalang.task import MEDIA, VideoRequest
from dalang.testbed.call import Call
from dalang.testbed.subject import Subject

CALLS = 10_000
"""That are kept; the oldest go."""

SECRET = frozenset({"authorization", "cookie"})

PROXY = "proxy-"
"""What the names of headers begin with that speak to proxies, passwords among them."""


class Entry:
    """A call that is being answered, or has been; what more is known of it is told by `amend`."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def amend(self, **changes: Any) -> None:
        """`changes` are fields of `Call`."""
        self.call = msgspec.structs.replace(self.call, **changes)


class Journal:
    """Numbers begin anew at 1 after `clear`."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._number = 0

    def begin(self, subject: Subject, scope: Scope, request_id: str, at: int) -> Entry:
        """Of a call that comes; `scope` is that of ASGI."""
        self._number += 1
        call = Call(
            number=self._number,
            at=at,
            call=subject.call,
            method=subject.method,
            path=subject.path,
            query=dict(QueryParams(scope["query_string"])),
            headers=_headers(scope["headers"]),
            request_id=request_id,
            task_id=subject.task_id,
        )
        entry = self._entries[request_id] = Entry(call)
        if len(self._entries) > CALLS:
            self._entries.pop(next(iter(self._entries)))
        return entry

    def order(self, request_id: str, task_id: str, asked: VideoRequest) -> None:
        """The call `request_id` makes this task. Its media are told as they were sent, not as they are stored. Without
        effect once the call is forgotten."""
        if entry := self._entries.get(request_id):
            sent = entry.call.request or asked
            media = {name: getattr(sent, name) for name in MEDIA}
            entry.amend(task_id=task_id, request=msgspec.structs.replace(asked, **media))

    def since(self, number: int) -> list[Call]:
        """Those that came after the one of this number, in the order in which they came; what is still being answered
        has no status yet."""
        return [entry.call for entry in self._entries.values() if entry.call.number > number]

    def clear(self) -> None:
        """Calls in progress are forgotten too."""
        self._entries.clear()
        self._number = 0


def _headers(sent: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The first of each name."""
    kept: dict[str, str] = {}
    for name, value in ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in sent):
        if name not in SECRET and not name.startswith(PROXY):
            kept.setdefault(name, value)
    return kept

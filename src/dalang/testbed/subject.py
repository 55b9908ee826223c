"""What a request is to the protocol, by its method and path."""

from __future__ import annotations

import re
from typing import NamedTuple

from dalang.testbed.fault import Kind

GET, POST, EITHER = frozenset({"GET", "HEAD"}), frozenset({"POST"}), frozenset({"GET", "HEAD", "POST"})

TASK = r"/api/v1/tasks/(?P<task_id>[^/]+)"

FORMS: tuple[tuple[Kind, frozenset[str], re.Pattern[str]], ...] = (
    ("query", GET, re.compile(rf"{TASK}/?")),
    ("create", POST, re.compile(r"/api/v1/services/aigc/(video-generation|image2video)/video-synthesis")),
    ("events", GET, re.compile(rf"{TASK}/events")),
    ("cancel", EITHER, re.compile(rf"{TASK}/cancel/?")),
    ("retry", POST, re.compile(rf"{TASK}/retry")),
    ("list", GET, re.compile(r"/api/v1/tasks/?")),
    ("policy", GET, re.compile(r"/api/v1/uploads/?")),
    ("upload", POST, re.compile(r"/uploads")),
    ("download", GET, re.compile(r"/files/(?P<task_id>[^/]+)/[^/]+")),
    ("upload", POST, re.compile(r"/cassette/uploads")),
    ("download", GET, re.compile(r"/cassette/files/(?P<task_id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})-[^/]+")),
    ("download", GET, re.compile(r"/cassette/files/[^/]+")),
)
"""As the routes of `dalang.api` have them, and of a replay."""

ASIDE = re.compile(r"/dalang/test(/.*)?|/healthz|/readyz|/metrics|/openapi\.json")
"""Controls, and what machines ask: no calls of the application under test."""


class Subject(NamedTuple):
    """A request, as far as it is known when it has been read: what a declaration's `when` is held against."""

    call: Kind
    method: str
    path: str
    model: str | None = None
    prompt: str | None = None
    task_id: str | None = None
    """That the path names."""


def classify(method: str, path: str) -> Subject:
    for call, methods, form in FORMS:
        if method in methods and (match := form.fullmatch(path)):
            return Subject(call, method, path, task_id=match.groupdict().get("task_id"))
    return Subject("other", method, path)


def is_aside(path: str) -> bool:
    """Such requests go through untouched and unrecorded."""
    return ASIDE.fullmatch(path) is not None

"""What a request is to the protocol, by its method and path; and whether it is one that a test speaks of."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from dalang.testbed.fault import Kind, When

GET, POST, EITHER = frozenset({"GET", "HEAD"}), frozenset({"POST"}), frozenset({"GET", "HEAD", "POST"})

TASK = r"/api/v1/tasks/(?P<task_id>[^/]+)"

VIDEOS = "/v1/videos"
VIDEO = rf"{VIDEOS}/(?:video_(?P<task_id>[^/]+)|[^/]+)"

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
    ("query", GET, re.compile(VIDEO)),
    ("create", POST, re.compile(VIDEOS)),
    ("download", GET, re.compile(rf"{VIDEO}/content")),
    ("list", GET, re.compile(VIDEOS)),
    ("delete", frozenset({"DELETE"}), re.compile(VIDEO)),
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

    @property
    def is_openai_style(self) -> bool:
        """Asked and answered in the words of OpenAI's API."""
        return self.path.startswith("/v1/")

    def with_words(self, body: Any) -> Subject:
        """With model and prompt of a create call's JSON, whatever that is."""
        subject = self
        if self.is_openai_style:
            body = {**body, "input": body} if isinstance(body, dict) else None
        match body:
            case {"model": str(model)}:
                subject = subject._replace(model=model)
        match body:
            case {"input": {"prompt": str(prompt)}}:
                subject = subject._replace(prompt=prompt)
        return subject

    def fits(self, when: When) -> bool:
        """What is not known of the request fits nothing."""
        return (
            when.call in (None, self.call)
            and (when.method is None or when.method.upper() == self.method)
            and (when.path is None or fnmatchcase(_bare(self.path), _bare(when.path)))
            and when.task_id in (None, self.task_id)
            and (when.model is None or (self.model is not None and fnmatchcase(self.model, when.model)))
            and (when.prompt is None or (self.prompt is not None and re.search(when.prompt, self.prompt) is not None))
        )


def _bare(path: str) -> str:
    """A path may end in a slash, and means the same."""
    return path if path == "/" else path.removesuffix("/")


def classify(method: str, path: str) -> Subject:
    for call, methods, form in FORMS:
        if method in methods and (match := form.fullmatch(path)):
            return Subject(call, method, path, task_id=match.groupdict().get("task_id"))
    return Subject("other", method, path)


def is_aside(path: str) -> bool:
    """Such requests go through untouched and unrecorded."""
    return ASIDE.fullmatch(path) is not None

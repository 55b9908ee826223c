"""What a request asks, in a form in which two that mean the same are equal; and how two differ, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import msgspec

from dalang.cassette.exchange import RecordedRequest

UPLOADS = "/cassette/uploads"
"""Where forms are posted to, on a recorder and on a replay."""

ADDED_BY_SDKS = frozenset({"input.extend_prompt", "input.function", "parameters.with_audio"})
"""The official SDKs send these with every create call, and the service goes by none of them."""

MOVING = frozenset({"start_time", "end_time", "api_key_id"})
"""Of the list call: what no second run asks for again."""

UPLOAD_NAME = frozenset({"name", "size"})
"""Of a file, which is known by its digest."""

WIDTH = 60
"""Characters of a value in a sentence."""


class Kind(NamedTuple):
    """A kind of request, and which of its parts beside the groups of `path` tell it from others of that kind."""

    name: str
    methods: tuple[str, ...]
    path: re.Pattern[str]
    by_query: bool = False
    by_body: bool = False
    ignored: frozenset[str] = frozenset()
    """Of the parts that it goes by."""


TASK = r"/api/v1/tasks/(?P<task_id>[^/]+)"

KINDS = (
    Kind("query", ("GET", "HEAD"), re.compile(TASK)),
    # By its last part: SDKs choose the path by the model's name, and not all alike. aio puts parameters in the query.
    Kind(
        "create",
        ("POST",),
        re.compile(r"/api/v1/services/(?:.+/)?(?P<call>[^/]+)"),
        by_body=True,
        ignored=ADDED_BY_SDKS,
    ),
    Kind("cancel", ("POST", "GET"), re.compile(f"{TASK}/cancel")),
    Kind("events", ("GET",), re.compile(f"{TASK}/events")),
    Kind("list", ("GET", "HEAD"), re.compile("/api/v1/tasks"), by_query=True, ignored=MOVING),
    Kind("policy", ("GET", "HEAD"), re.compile("/api/v1/uploads"), by_query=True),
    Kind("upload", ("POST",), re.compile(UPLOADS), by_body=True, ignored=UPLOAD_NAME),
)

Key = tuple[str, frozenset[tuple[str, str]]]
"""Equal for requests that ask the same."""


class Question(NamedTuple):
    """`fields`: canonical texts by name, as in `input.prompt`; nothing that is absent, null or empty."""

    kind: str
    fields: dict[str, str]

    @property
    def key(self) -> Key:
        return self.kind, frozenset(self.fields.items())


def question(asked: RecordedRequest) -> Question:
    """The order of members and whether 5 is written 5.0 count for nothing."""
    path = asked.path.rstrip("/")
    for kind in KINDS:
        if asked.method in kind.methods and (match := kind.path.fullmatch(path)):
            return Question(kind.name, {**match.groupdict(), **_parts(asked, kind)})
    whole = {"method": asked.method, "path": path, "query": asked.query, "body": asked.body}
    return Question("call", dict(leaves(whole)))


def _parts(asked: RecordedRequest, kind: Kind) -> dict[str, str]:
    found = dict(leaves(asked.query)) if kind.by_query else {}
    if kind.by_body:
        found |= leaves(asked.body if isinstance(asked.body, dict) else {"body": asked.body})
    return {name: text for name, text in found.items() if name not in kind.ignored}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value in JSON that is no container, by the way to it."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from leaves(inner, f"{path}.{name}" if path else name)
        case list():
            for place, inner in enumerate(value):
                yield from leaves(inner, f"{path}.{place}")
        case None:
            return
        case float() if value.is_integer():
            yield path, str(int(value))
        case _:
            yield path, msgspec.json.encode(value).decode()


class Difference(NamedTuple):
    field: str
    recorded: str | None
    asked: str | None

    def __str__(self) -> str:
        recorded, asked = shortened(self.recorded, self.asked)
        return f"{self.field} (recorded {recorded}, asked {asked})"


def differences(asked: Question, recorded: Question) -> list[Difference]:
    ours, theirs = asked.fields, recorded.fields
    names = [*ours, *(name for name in theirs if name not in ours)]
    return [Difference(name, theirs.get(name), ours.get(name)) for name in names if ours.get(name) != theirs.get(name)]


def nearest(asked: Question, recorded: Iterable[Question]) -> Question | None:
    """Of the same kind with the fewest differences; among equals the one whose texts are most alike."""
    known = [other for other in recorded if other.kind == asked.kind]
    return min(known, key=lambda other: _distance(differences(asked, other)), default=None)


def _distance(found: list[Difference]) -> tuple[int, float]:
    likeness = [SequenceMatcher(None, one.recorded or "", one.asked or "", autojunk=False) for one in found]
    return len(found), -sum(matcher.quick_ratio() for matcher in likeness)


def shortened(*texts: str | None) -> tuple[str, ...]:
    """Long texts are cut around the place where they part, for there lies what one looks for."""
    start = max(0, _parting([text for text in texts if text is not None]) - WIDTH // 3)
    return tuple("absent" if text is None else _cut(text, start) for text in texts)


def _parting(texts: list[str]) -> int:
    """Where they begin to differ."""
    columns = enumerate(zip(*texts, strict=False))
    return next((place for place, column in columns if len(set(column)) > 1), min(map(len, texts)))


def _cut(text: str, start: int) -> str:
    if len(text) <= WIDTH:
        return text
    start = min(start, len(text) - WIDTH)
    return f"{'…' if start else ''}{text[start : start + WIDTH]}{'…' if start + WIDTH < len(text) else ''}"

"""One request and its reply, as a cassette keeps them: the JSON of one file."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta


class RecordedRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What counts of a request; `redaction` says what that is."""

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    """By name in small letters."""
    body: Any = None
    """JSON, or the text where it is none; of an upload its name, digest and size."""


class RecordedReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What counts of a reply."""

    status: Annotated[int, Meta(ge=200, le=999)]
    headers: dict[str, str] = {}
    """By name in small letters."""
    body: Any = None
    """JSON, or the text where it is none; of a stream of events, a list of them."""


class Exchange(msgspec.Struct, frozen=True):
    request: RecordedRequest
    reply: RecordedReply

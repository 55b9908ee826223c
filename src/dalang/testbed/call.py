"""A request that a server in test mode has answered, as its journal keeps it."""

from __future__ import annotations

from typing import Any

import msgspec

from dalang.task import VideoRequest
from dalang.testbed.fault import Kind


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """No key is kept; long texts in the body, such as pictures in base64, are cut."""

    number: int
    """From 1 on, in the order in which they came."""
    at: int
    """Milliseconds since the epoch, by the server's clock."""
    call: Kind
    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    """By name in small letters."""
    body: Any = None
    """The JSON of the request; None where there is none."""
    status: int | None = None
    """Of the reply; None where the connection was dropped, and while the call is being answered."""
    code: str | None = None
    """Of a refusal."""
    request_id: str | None = None
    task_id: str | None = None
    """That the call made, or was about."""
    request: VideoRequest | None = None
    """What a create call was understood as, every default settled, its media as they were sent; None where it is
    refused for what it says. The seed is -1 where it was drawn elsewhere, as in a replay, or never."""
    faults: tuple[int, ...] = ()
    """Identifiers of the declared faults that befell it."""

"""Server-sent events, as they come and as a cassette keeps them: each an object of its fields, `data` as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from dalang.validate.body import UNREADABLE

EVENT_STREAM = "text/event-stream"

Event = dict[str, Any]


class Blocks:
    """Cuts a stream into what stands between its empty lines."""

    def __init__(self) -> None:
        self.rest = b""
        """What has come of the next."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        *whole, self.rest = (self.rest + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        yield from whole


def parsed(block: bytes) -> Event:
    """Empty for a comment."""
    event: Event = {}
    for line in block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name:
            value = value.removeprefix(" ")
            event[name] = f"{event[name]}\n{value}" if name in event else value
    if "data" in event:
        event["data"] = _data(event["data"])
    return event


def _data(text: str) -> Any:
    """Of containers only: a text in quotes could not be told from one without."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        return text


def written(event: Event) -> bytes:
    lines = [line for name, value in event.items() for line in _lines(name, value)]
    return ("\n".join(lines) + "\n\n").encode()


def _lines(name: str, value: Any) -> list[str]:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return [f"{name}: {line}" for line in text.split("\n")]

"""A JSON text as it was sent, looked into by paths such as `input.media.0.url`, and changed at one without a change to
the rest: numbers and names keep the form in which they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw

from dalang.validate.body import UNREADABLE

MEMBERS = msgspec.json.Decoder(dict[str, Raw] | list[Raw])

LONGEST = 200
"""Characters of a text that is looked at for what may have been meant."""


class Document:
    """Nothing here raises for a text that cannot be read, nor for a path that leads nowhere."""

    def __init__(self, raw: bytes | bytearray) -> None:
        self._raw = raw
        self._known: dict[str, Mapping[str, Raw]] = {}

    def text(self, path: str) -> str | None:
        """The JSON at `path`; None for none and for null."""
        raw = bytes(self._at(path) or b"null")
        return None if raw == b"null" else raw.decode(errors="replace")

    def word(self, path: str) -> str:
        """The text at `path`, or the JSON of what is no text there; cut at `LONGEST`."""
        sent = self.text(path) or ""
        word = _text(sent)
        return (sent if word is None else word)[:LONGEST]

    def shown(self, path: str) -> str | None:
        """As `text`, without escapes that nobody needs; cut at `LONGEST`."""
        sent = self.text(path)
        word = _text(sent) if sent else None
        return sent and (sent if word is None else msgspec.json.encode(word[:LONGEST]).decode())[:LONGEST]

    def names(self, path: str) -> tuple[str, ...]:
        """The keys of the object at `path`, `""` for the whole; the places of a list."""
        return tuple(self._members(path))

    def _at(self, path: str) -> Raw | None:
        whole, _, name = path.rpartition(".")
        return self._members(whole).get(name)

    def _members(self, path: str) -> Mapping[str, Raw]:
        """Read once each."""
        if path not in self._known:
            self._known[path] = _read(self._at(path) or b"" if path else self._raw)
        return self._known[path]


def _text(sent: str) -> str | None:
    """What the JSON says; None for what is no text."""
    try:
        value = msgspec.json.decode(sent)
    except UNREADABLE:
        return None
    return value if isinstance(value, str) else None


def _read(raw: bytes | bytearray | Raw) -> Mapping[str, Raw]:
    try:
        found = MEMBERS.decode(raw)
    except UNREADABLE:
        return {}
    return found if isinstance(found, dict) else {str(place): member for place, member in enumerate(found)}


def replaced(raw: bytes | bytearray | Raw, path: str, value: bytes) -> bytes:
    """`raw` with the JSON `value` at `path`. Raises `UNREADABLE` for what is no JSON or has no such place."""
    name, _, rest = path.partition(".")
    members: Any = MEMBERS.decode(raw)
    place = int(name) if isinstance(members, list) else name
    members[place] = Raw(replaced(members[place], rest, value) if rest else value)
    return msgspec.json.encode(members)

"""Addresses in replies that lead away from here: to videos, and to where uploads go.

On a cassette they are written `cassette://files/NAME` and `cassette://uploads`; recorder and replay tell them as places
of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from dalang.cassette.redaction import ADDRESS, unsigned

SCHEME = "cassette://"

PLACE = "/cassette/"

FILES = f"{PLACE}files/"

FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")

UPLOAD_HOST = "upload_host"

Place = Callable[[str], str]
"""A path of this server to the address under which the client finds it."""


class Links:
    """`found` takes each file's name and the address that it has upstream, signature included."""

    def __init__(self, content: Any, found: Callable[[str, str], None]) -> None:
        self._found = found
        self._owner = owner_of(content)

    def mark(self, value: Any, name: str = "", *, is_output: bool = False) -> Any:
        """`value` with its links as a cassette writes them."""
        match value:
            case dict():
                return {
                    key: self.mark(inner, key, is_output=is_output or key == "output") for key, inner in value.items()
                }
            case list():
                return [self.mark(inner, name, is_output=is_output) for inner in value]
            case str() if name == UPLOAD_HOST:
                return f"{SCHEME}uploads"
            case str() if is_link(name, value, is_output=is_output):
                file = file_name(self._owner, value)
                self._found(file, value)
                return f"{SCHEME}files/{file}"
        return value


def is_link(name: str, text: str, *, is_output: bool) -> bool:
    """What `output` calls an address, and signed addresses wherever they stand."""
    if not ADDRESS.fullmatch(text):
        return False
    return (is_output and name.endswith("url")) or unsigned(text) != text


def file_name(owner: str, address: str) -> str:
    """The same for one file in every run, whatever its signature."""
    plain = address.partition("?")[0].partition("#")[0]
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", plain)
    return f"{owner}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}{ending[0].lower() if ending else ''}"


def owner_of(content: Any) -> str:
    """The task that a reply tells of, for the names of its files."""
    match content:
        case {"output": {"task_id": str(task_id)}} if FILE_NAME.fullmatch(task_id):
            return task_id
    return "file"


def placed(value: Any, place: Place) -> Any:
    """`value` with links as a client can follow them."""
    match value:
        case dict():
            return {name: placed(inner, place) for name, inner in value.items()}
        case list():
            return [placed(inner, place) for inner in value]
        case str() if value.startswith(SCHEME):
            return place(PLACE + value.removeprefix(SCHEME))
    return value

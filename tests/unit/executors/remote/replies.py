"""Answers of servers that are not there, read as those of real ones are: piece by piece."""

from __future__ import annotations

import json
from typing import Any

import httpx


def reply(status: int, content: Any, **headers: str) -> httpx.Response:
    """`content` is sent as JSON."""
    return raw(status, json.dumps(content).encode(), **headers)


def raw(status: int, content: bytes, **headers: str) -> httpx.Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=fields, stream=httpx.ByteStream(content))

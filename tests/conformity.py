"""Replies held against an OpenAPI document: the status, the media type and the form must be told there, and no more
fields come than are told."""

from __future__ import annotations

import re
from typing import Any

import httpx
from jsonschema_rs import Draft202012Validator

Node = dict[str, Any]


class Conformity:
    """Of one document."""

    def __init__(self, document: Node) -> None:
        self._document = document
        components = {"schemas": {name: _closed(its) for name, its in document["components"]["schemas"].items()}}
        self._components = components
        self._paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in document["paths"]]
        self._validators: dict[tuple[str, str, str, str], Draft202012Validator] = {}

    def faults(self, reply: httpx.Response) -> list[str]:
        """Sentences; none for what is told. A path that is not there is nobody's."""
        path = reply.url.path.rstrip("/")
        places = [name for form, name in self._paths if form.fullmatch(path)]
        method = reply.request.method.lower()
        told = [self._document["paths"][name] for name in places]
        operations = [(name, its[method]) for name, its in zip(places, told, strict=True) if method in its]
        if not operations:
            return []
        name, operation = operations[0]
        answer = operation["responses"].get(str(reply.status_code))
        if answer is None:
            return [f"status {reply.status_code} is not told"]
        media = reply.headers.get("content-type", "").partition(";")[0]
        if media not in answer.get("content", {"": {}}):
            return [f"media type {media!r} is not told for {reply.status_code}"]
        if media != "application/json" or not reply.content:
            return []
        return self._wrong(name, method, str(reply.status_code), reply.json())

    def _wrong(self, path: str, method: str, status: str, content: Any) -> list[str]:
        place = (path, method, status, "application/json")
        if place not in self._validators:
            answer = self._document["paths"][path][method]["responses"][status]
            schema = answer["content"]["application/json"]["schema"]
            self._validators[place] = Draft202012Validator({**schema, "components": self._components})
        return [
            f"{list(error.instance_path)}: {error.message}" for error in self._validators[place].iter_errors(content)
        ]


def _closed(schema: Any) -> Any:
    """With no fields but those that are named."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(its) for name, its in schema.items()}
    return closed | {"additionalProperties": False} if isinstance(closed.get("properties"), dict) else closed

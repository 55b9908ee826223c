"""What a route tells of itself to those who read /openapi.json, beside its path and methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]
"""JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it."""

JSON = "application/json"

TEXT: Schema = {"type": "string"}

WHOLE: Schema = {"type": "integer"}


class Parameter(NamedTuple):
    """Of a query string, or a header."""

    name: str
    about: str
    schema: Schema = TEXT
    is_required: bool = False


class Body(NamedTuple):
    """`form`: a Struct of `validate` or `schema`, or a schema as it stands."""

    form: Any
    media: str = JSON
    examples: Mapping[str, Any] = {}
    """By title."""


class Reply(NamedTuple):
    """What is answered if all goes well; `form` as in `Body`, a union of such Structs, or None for an empty body."""

    about: str
    form: Any = None
    media: str = JSON
    status: int = 200


class Operation(NamedTuple):
    """`refusals` names the codes by status; those that every call of its kind has are added to them."""

    summary: str
    replies: tuple[Reply, ...]
    about: str = ""
    query: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    body: Body | None = None
    form: Body | None = None
    """The same in another media type."""
    refusals: Mapping[int, tuple[str, ...]] = {}
    is_keyed: bool = True
    refuses_in: Body | None = None
    """The form of a refusal where it is not the flat JSON of all others."""

"""Other servers that draw for us, as the config names them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One address of a remote."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^/\s]+(/\S*)?\Z")]
    """Base address, up to what all paths have in common: `https://host/api/v1`, `http://gpu-7:8000/v1`."""
    key: str | None = None
    """Sent as the bearer's."""
    key_variable: str | None = None
    """The environment variable that holds the key, in its place."""
    weight: Annotated[int, msgspec.Meta(ge=1)] = 1
    """How many of the orders it gets, beside the other endpoints' weights."""


class Remote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Servers of one kind that are as good as each other."""

    kind: Literal["dashscope", "openai"]
    """What they speak: the protocol of this server, or the `/v1/videos` of OpenAI."""
    endpoints: tuple[Endpoint, ...]
    slots: Annotated[int, msgspec.Meta(ge=1)] = 5
    """Orders that may be under way at once."""

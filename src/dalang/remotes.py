"""Other servers that draw for us, as the config names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from dalang.errors import ConfigError

KEY = re.compile(r"[!-~]+")
"""What can stand in a header: else each order would break off on its way, and count as one of unknown outcome."""


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One address of a remote."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^/\s@?#]+(/[^\s?#]*)?\Z")]
    """Base address, up to what all paths have in common: `https://host/api/v1`, `http://gpu-7:8000/v1`. It stands in
    logs, and so holds no password."""
    key: str | None = None
    """Sent as the bearer's."""
    key_variable: str | None = None
    """The environment variable that holds the key, in its place."""
    weight: Annotated[int, msgspec.Meta(ge=1)] = 1
    """How many of the orders it gets, beside the other endpoints' weights."""

    def __repr__(self) -> str:
        """Without the key, lest a log line or a trace shows it."""
        return f"Endpoint({self.url!r}, weight={self.weight})"


class Remote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Servers of one kind that are as good as each other."""

    kind: Literal["dashscope", "openai"]
    """What they speak: the protocol of this server, or the `/v1/videos` of OpenAI."""
    endpoints: Annotated[tuple[Endpoint, ...], msgspec.Meta(min_length=1)]
    slots: Annotated[int, msgspec.Meta(ge=1)] = 5
    """Orders that may be under way at once."""
    dalang: bool = False
    """Whether they are Dalangs, kind `dashscope`: asked for what the cloud does not have."""
    submit_rate: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Orders a second, over all endpoints; 0 for no limit."""
    fps: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Frames a second to ask for, kind `openai`; the server's own where nothing is said."""
    price: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Yuan for a second of video. Without it, kind `dashscope` costs what the catalogue says, kind `openai` nothing."""


def with_keys(remotes: Mapping[str, Remote], environ: Mapping[str, str]) -> dict[str, Remote]:
    """The same, with the keys that `key_variable`s name. Raises ConfigError, also for what does not go together."""
    for name, remote in remotes.items():
        if remote.dalang and remote.kind != "dashscope":
            raise ConfigError(f"Setting remotes.{name}: a Dalang is of kind dashscope.")
        for endpoint in remote.endpoints:
            _check_address(name, endpoint)
        addresses = [endpoint.url.rstrip("/") for endpoint in remote.endpoints]
        if len(set(addresses)) < len(addresses):
            raise ConfigError(f"Setting remotes.{name}: it has an endpoint twice; give it a weight.")
    return {
        name: msgspec.structs.replace(
            remote, endpoints=tuple(_with_key(name, endpoint, environ) for endpoint in remote.endpoints)
        )
        for name, remote in remotes.items()
    }


def _check_address(remote: str, endpoint: Endpoint) -> None:
    try:
        _ = urlsplit(endpoint.url).port
    except ValueError as error:
        raise ConfigError(f"Setting remotes.{remote}: {endpoint.url} is no address: {error}.") from error


def _with_key(remote: str, endpoint: Endpoint, environ: Mapping[str, str]) -> Endpoint:
    key = endpoint.key
    if endpoint.key_variable is not None:
        if key is not None:
            raise ConfigError(f"Setting remotes.{remote}: give {endpoint.url} key or key_variable, not both.")
        if endpoint.key_variable not in environ:
            raise ConfigError(f"Setting remotes.{remote}: the environment has no variable {endpoint.key_variable}.")
        key = environ[endpoint.key_variable]
    if key is not None and not KEY.fullmatch(key):
        raise ConfigError(f"Setting remotes.{remote}: the key of {endpoint.url} is empty, or has blanks or line ends.")
    return msgspec.structs.replace(endpoint, key=key)

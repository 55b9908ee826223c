"""Where a command goes: a named server, the one that runs on the data folder, the cloud, or one of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import httpx

from dalang.client.channel import open_http
from dalang.config import ClientEnvironment
from dalang.errors import ConfigError
from dalang.home import Home, read_place

CLOUD_URL = "https://dashscope.aliyuncs.com/api/v1"
"""Where the official SDKs go when nothing names another region."""

PROBE_LIMIT = 2.0
"""Seconds for a server on this machine to say that it is alive."""


@dataclass(frozen=True)
class Destination:
    """A base URL with its key, and words that tell a person where that is."""

    url: str
    key: str
    words: str


def find(environment: ClientEnvironment, data: Path | None) -> Destination | None:
    """The server that `DALANG_URL` names, else the one that runs on `data`; None when there is neither."""
    return named(environment) or running_on(data or environment.data)


def find_or_refuse(environment: ClientEnvironment, data: Path | None) -> Destination:
    place = find(environment, data)
    if place is None:
        raise ConfigError(
            f"No server runs on {data or environment.data}: start one with `dalang serve`, name its folder with "
            "--data, or set DALANG_URL and DALANG_API_KEY."
        )
    return place


def named(environment: ClientEnvironment) -> Destination | None:
    if not environment.url:
        return None
    if not environment.api_key:
        raise ConfigError(f"DALANG_URL is {environment.url}, but DALANG_API_KEY is not set.")
    return Destination(environment.url, environment.api_key, f"{environment.url} (DALANG_URL)")


def cloud(environment: ClientEnvironment) -> Destination:
    """The paid service, or whatever DASHSCOPE_HTTP_BASE_URL names in its place."""
    if not environment.cloud_api_key:
        raise ConfigError("--cloud needs the cloud's key in DASHSCOPE_API_KEY.")
    url = environment.cloud_url or CLOUD_URL
    return Destination(url, environment.cloud_api_key, f"{url}, at the price of that service")


def running_on(data: Path) -> Destination | None:
    """The live server of a data folder. One that was killed leaves `server.json` behind, so it is asked."""
    home = Home(data)
    place, key = read_place(home.running), home.known_key()
    if place is None or not key or not is_alive(place.url):
        return None
    return Destination(place.url, key, f"{place.url} (the server on {data})")


def is_alive(url: str) -> bool:
    with open_http(None, headers={}) as http:
        try:
            return http.get(f"{url}/healthz", timeout=PROBE_LIMIT).is_success
        except httpx.HTTPError:
            return False

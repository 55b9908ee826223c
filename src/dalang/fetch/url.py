"""The text of an address that a stranger gives: read once, the same way for every use, and shown without secrets."""

from __future__ import annotations

import httpx

from dalang.fetch.addresses import HOST
from dalang.fetch.form import MAX_URL
from dalang.fetch.refusal import refused


def read_url(url: str) -> httpx.URL:
    """An http or https address with a host and nothing else in its authority but a port.

    Raises InvalidURL with a sentence. Where its host leads is for `gate` to judge.
    """
    if len(url) > MAX_URL:
        raise refused(f"It is longer than {MAX_URL} characters")
    try:
        at = httpx.URL(url)
        host = at.host  # read now, since a name that is no IDNA raises only here
    except (httpx.InvalidURL, UnicodeError) as error:
        raise refused("It cannot be read as an address") from error
    if at.scheme not in ("http", "https"):
        raise refused("It must begin with http:// or https://")
    if at.userinfo:
        raise refused("It must not carry a user name or password")
    if not host:
        raise refused("It names no host")
    if not _is_host(at.raw_host.decode("ascii")):
        raise refused(f"{host} is no host name")
    if at.port is not None and not 0 < at.port < 65536:
        raise refused(f"There is no port {at.port}")
    return at


def _is_host(host: str) -> bool:
    """A name, which may be a number in disguise, or an IPv6 address without a zone, which only this machine knows."""
    return "%" not in host if ":" in host else HOST.fullmatch(host.rstrip(".")) is not None


def shown(at: httpx.URL) -> str:
    """The address without its query, which may hold a signature."""
    return f"{at.scheme}://{at.netloc.decode('ascii')}{at.path}"[:200]

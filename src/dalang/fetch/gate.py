"""The only way out: resolves a host, checks every address of the answer and dials one that was checked.

The check sits where the socket is opened, so neither the spelling of a URL, nor a redirect, nor a resolver that
changes its mind comes past it. TLS is still verified against the host's name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import httpcore
from httpcore import SOCKET_OPTION

from dalang.fetch.addresses import Allowed, Resolve, special_kind
from dalang.fetch.refusal import refused

MOST_DIALS = 4
"""Addresses of one host that are tried before it counts as unreachable."""


class SystemResolver:
    """The system's name lookup, in threads of its own: a slow name server must not hold the process's others."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._threads, _look_up, host, port)
        return list(dict.fromkeys(answers))


def _look_up(host: str, port: int) -> list[str]:
    return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Gate(httpcore.AsyncNetworkBackend):
    """A network on which only public and allowed addresses exist."""

    def __init__(self, allowed: Allowed, resolve: Resolve, dial: httpcore.AsyncNetworkBackend) -> None:
        self._allowed, self._resolve, self._dial = allowed, resolve, dial

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises InvalidURL before any dial if one address of `host` is neither public nor allowed."""
        async with asyncio.timeout(timeout):
            addresses = await self._addresses(host, port)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:MOST_DIALS]:
            try:
                return await self._dial.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise refused(f"The host name {host} is not known") from error
        for address in addresses:
            self._check(host.rstrip("."), address)
        return addresses

    def _check(self, host: str, text: str) -> None:
        address = ip_address(text)
        kind = special_kind(address)
        if kind and not self._allowed.covers(host, address):
            raise refused(f"{host} has {kind}; set {self._allowed.setting}={host} to allow it")

    async def sleep(self, seconds: float) -> None:
        await self._dial.sleep(seconds)

"""User-supplied media, fetched safely: scheme, addresses, size and time are limited before anything is believed. So are
messages to addresses that users give.

Importing this package is cheap; the HTTP client loads with the first fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dalang.fetch.addresses import Resolve, parse_allow
from dalang.fetch.data_url import parse_data_url
from dalang.fetch.mapping import copy, read_fetch_map

if TYPE_CHECKING:
    import ssl

    import httpcore

    from dalang.fetch.line import Line
    from dalang.fetch.post import Answer

__all__ = ["Fetcher", "Poster", "parse_data_url", "read_fetch_map"]


class Gateway:
    """The one line to the outside that all of a `Fetcher`, or of a `Poster`, goes by; there from its first use on.

    `setting` is the name of the one that `allow` comes from. Raises ConfigError for an entry that is no host name,
    address or network.
    """

    def __init__(
        self,
        allow: Iterable[str],
        setting: str,
        resolve: Resolve | None,
        dial: httpcore.AsyncNetworkBackend | None,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._allowed = parse_allow(allow, setting)
        self._resolve, self._dial, self._tls = resolve, dial, tls
        self._line: Line | None = None

    def line(self) -> Line:
        from dalang.fetch.line import Line

        if self._line is None:
            self._line = Line(self._allowed, self._resolve, self._dial, self._tls)
        return self._line

    async def close(self) -> None:
        if self._line is not None:
            await self._line.close()


class Fetcher:
    """Downloads from addresses that strangers give. One serves a whole process; fetches may run side by side.

    `allow` names hosts, addresses or networks that may be fetched although they are not public; `mapping` the URLs
    that are read from a file instead, as if it had been fetched. `resolve`, `dial` and `tls` stand in for the system's
    resolver, its sockets and its trusted authorities.

    Raises ConfigError for an entry of `allow` that is no host name, address or network.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        mapping: Mapping[str, Path] | None = None,
        total_time: float = 60.0,
        redirects: int = 3,
        resolve: Resolve | None = None,
        dial: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._gateway = Gateway(allow, "DALANG_FETCH_ALLOW", resolve, dial, tls)
        self._mapping = {} if mapping is None else mapping
        self._total_time, self._redirects = total_time, redirects

    async def fetch(self, url: str, target: Path, max_bytes: int) -> None:
        """Write what `url` answers to the new file `target`, at most `max_bytes` of it, within the total time.

        Raises InvalidURL (InvalidURL, .ConnectionRefused, .Timeout) with a sentence for the caller, and OSError
        where `target` cannot be written; no partial file stays behind.
        """
        import asyncio  # 40 ms that `dalang check` need not pay

        if url in self._mapping:
            await asyncio.to_thread(copy, url, self._mapping[url], target, max_bytes)
            return

        from dalang.fetch.download import Limits, download
        from dalang.fetch.line import Times

        limits = Limits(max_bytes=max_bytes, times=Times(total=self._total_time), redirects=self._redirects)
        await download(self._gateway.line(), url, target, limits)

    async def close(self) -> None:
        await self._gateway.close()


class Poster:
    """Sends messages to addresses that strangers give, under the same rules as `Fetcher`, whose arguments it shares."""

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        total_time: float = 15.0,
        resolve: Resolve | None = None,
        dial: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._gateway = Gateway(allow, "DALANG_CALLBACK_ALLOW", resolve, dial, tls)
        self._total_time = total_time

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST `body` and return how it was answered, whatever the status; a redirect is an answer like others, and
        the body of the answer is not read.

        Raises InvalidURL (InvalidURL, .ConnectionRefused, .Timeout) where no answer came; its sentence names the host
        and neither path nor query.
        """
        from dalang.fetch.line import Times
        from dalang.fetch.post import post

        fields = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        return await post(self._gateway.line(), url, body, fields, Times(total=self._total_time))

    async def close(self) -> None:
        await self._gateway.close()

"""User-supplied media, fetched safely: scheme, addresses, size and time are limited before anything is believed.

Importing this package is cheap; the HTTP client loads with the first fetch.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dalang.fetch.addresses import Resolve, parse_allow
from dalang.fetch.data_url import parse_data_url

if TYPE_CHECKING:
    import httpcore

    from dalang.fetch.download import Line

__all__ = ["Fetcher", "parse_data_url"]


class Fetcher:
    """Downloads from addresses that strangers give. One serves a whole process; fetches may run side by side.

    `allow` names hosts, addresses or networks that may be fetched although they are not public. `resolve`, `dial`
    and `tls` stand in for the system's resolver, its sockets and its trusted authorities.

    Raises ConfigError for an entry of `allow` that is no host name, address or network.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        total_time: float = 60.0,
        redirects: int = 3,
        resolve: Resolve | None = None,
        dial: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = parse_allow(allow)
        self._total_time, self._redirects = total_time, redirects
        self._resolve, self._dial, self._tls = resolve, dial, tls
        self._line: Line | None = None

    async def fetch(self, url: str, target: Path, max_bytes: int) -> None:
        """Write what `url` answers to the new file `target`, at most `max_bytes` of it, within the total time.

        Raises InvalidURL (InvalidURL, .ConnectionRefused, .Timeout) with a sentence for the caller, and OSError
        where `target` cannot be written; no partial file stays behind.
        """
        from dalang.fetch.download import Limits, Line, download

        if self._line is None:
            self._line = Line(self._allowed, self._resolve, self._dial, self._tls)
        limits = Limits(max_bytes=max_bytes, total_time=self._total_time, redirects=self._redirects)
        await download(self._line, url, target, limits)

    async def close(self) -> None:
        if self._line is not None:
            await self._line.close()

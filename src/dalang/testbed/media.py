"""What addresses give in test mode, where no machine but this one is asked."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from dalang.fetch.addresses import Allowed, Resolve
from dalang.fetch.refusal import refused


class Media:
    """Files that stand for addresses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._files: dict[str, Path] = {}
        self._lasting: dict[str, Path] = {}

    def stand_for(self, lasting: dict[str, Path]) -> dict[str, Path]:
        """URL → file, which changes as tests say; `lasting` are there from the start and after each reset."""
        self._lasting = lasting
        self._files |= lasting
        return self._files

    async def put(self, url: str, content: bytes) -> None:
        file = self._folder / str(next(self._numbers))
        await asyncio.to_thread(_write, file, content)
        self._files[url] = file

    def clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._files.clear()
        self._files |= self._lasting


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


def offline(allowed: Allowed) -> Resolve:
    """A resolver that knows only what the operator named, so that no name server is asked and nobody else dialled."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        """Raises InvalidURL."""
        if host.lower() in allowed.hosts:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            return list(dict.fromkeys(str(answer[4][0]) for answer in found))
        if _is_address(host) and allowed.covers(host, ip_address(host)):
            return [host]
        raise refused(
            f"In test mode nothing is fetched from {host}: say what the address gives by PUT /dalang/test/media, "
            f"or name the host in {allowed.setting}"
        )

    return resolve


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

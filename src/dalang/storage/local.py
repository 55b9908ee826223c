"""Files in a folder, served by this server under HMAC-signed URLs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from dalang.clock import Clock
from dalang.ids import is_id

FOLDER_DIGITS = 6
"""Of the identifier, to name the folder it is in: a new one every 4.7 hours, so none grows without end."""


class LocalStorage:
    """`secret` signs; whoever knows it can make URLs."""

    def __init__(self, root: Path, secret: bytes, clock: Clock) -> None:
        self._root = root
        self._secret = secret
        self._clock = clock

    async def open(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)

    async def put(self, key: str, source: Path) -> None:
        await asyncio.to_thread(_move, source, self._path(key))

    async def write(self, key: str, chunks: Iterable[bytes]) -> None:
        await asyncio.to_thread(_write, self._path(key), chunks)

    async def local(self, key: str) -> Path:
        return self._path(key)

    async def copy(self, key: str, to: str) -> None:
        await asyncio.to_thread(_link, self._path(key), self._path(to))

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    async def delete_task(self, task_id: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._folder(task_id), ignore_errors=True)

    async def tasks_before(self, time: int) -> Sequence[str]:
        return await asyncio.to_thread(self._list_before, time)

    def _list_before(self, time: int) -> list[str]:
        return [
            folder.name
            for folder in self._root.glob("*/*")
            if is_id(folder.name) and all(_touched(file) < time for file in (folder, *folder.iterdir()))
        ]

    async def keys(self, task_id: str) -> Sequence[str]:
        return [f"{task_id}/{file.name}" for file in self._folder(task_id).iterdir()]

    def url(self, key: str, expires: int | None) -> str:
        if expires is None:
            return f"/files/{key}?Signature={self._sign(key, None)}"
        seconds = str(expires // 1000)
        return f"/files/{key}?Expires={seconds}&Signature={self._sign(key, seconds)}"

    def open_url(self, key: str, expires: str | None, signature: str | None) -> Path | None:
        """The file a signed URL means; None when the signature is wrong, out of date or the file is gone."""
        if signature is None or not hmac.compare_digest(self._sign(key, expires).encode(), signature.encode()):
            return None
        if expires and int(expires) * 1000 < self._clock():
            return None
        path = self._path(key)
        return path if path.is_file() else None

    def _sign(self, key: str, expires: str | None) -> str:
        digest = hmac.digest(self._secret, f"{key}\n{expires or ''}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _folder(self, task_id: str) -> Path:
        if not is_id(task_id):
            raise ValueError(f"{task_id!r} is no task")
        return self._root / task_id[:FOLDER_DIGITS] / task_id

    def _path(self, key: str) -> Path:
        """Keys are made by us, and are still not trusted with a path."""
        task_id, name = key.split("/")
        if name in ("", ".", "..") or os.sep in name:
            raise ValueError(f"{key!r} is no key")
        return self._folder(task_id) / name


def _move(source: Path, target: Path) -> None:
    """Durable before it is visible: the bytes first, then the name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    _sync_folder(target.parent)


def _write(target: Path, chunks: Iterable[bytes]) -> None:
    partial = target.with_name(target.name + ".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
        _move(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no such thing and needs none
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _touched(path: Path) -> int:
    return path.stat().st_mtime_ns // 1_000_000

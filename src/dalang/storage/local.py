"""Files in a folder, served by this server under HMAC-signed URLs."""

from __future__ import annotations

import asyncio
import base64
import hmac
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from dalang.clock import Clock
from dalang.ids import is_id
from dalang.storage.disk import Disk

FOLDER_DIGITS = 6
"""Of the identifier, to name the folder it is in: a new one every 4.7 hours, so none grows without end."""


BLOCK = 256 << 10
"""Bytes of an incoming file that wait to be written together: handing work to a thread costs as much as the work."""


class LocalStorage:
    """`secret` signs; whoever knows it can make URLs. What is not `durable` may be lost with the machine's power."""

    def __init__(self, root: Path, secret: bytes, clock: Clock, *, durable: bool = True) -> None:
        self._root = root
        self._secret = secret
        self._clock = clock
        self._disk = Disk(durable)

    async def open(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)

    async def put(self, key: str, source: Path) -> None:
        await asyncio.to_thread(self._disk.move, source, self._path(key))

    async def write(self, key: str, chunks: Iterable[bytes]) -> None:
        await asyncio.to_thread(self._disk.write, self._path(key), chunks)

    @asynccontextmanager
    async def receive(self, key: str) -> AsyncIterator[Partial]:
        partial = Partial(self._path(key), self._disk)
        await asyncio.to_thread(partial.open)
        try:
            yield partial
        finally:
            await asyncio.to_thread(partial.close)

    async def local(self, key: str) -> Path:
        return self._path(key)

    async def copy(self, key: str, to: str) -> None:
        await asyncio.to_thread(self._disk.link, self._path(key), self._path(to))

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    async def delete_task(self, task_id: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._folder(task_id), ignore_errors=True)

    async def clear(self) -> None:
        """Everything goes."""
        await asyncio.to_thread(_empty, self._root)

    async def tasks_before(self, time: int) -> Sequence[str]:
        return await asyncio.to_thread(self._list_before, time)

    def _list_before(self, time: int) -> list[str]:
        return [f.name for f in self._root.glob("*/*") if is_id(f.name) and _is_untouched(f, time)]

    async def keys(self, task_id: str) -> Sequence[str]:
        names = await asyncio.to_thread(_names, self._folder(task_id))
        return [f"{task_id}/{name}" for name in names]

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
        digest = hmac.digest(self._secret, f"{key}\n{expires or ''}".encode(), "sha256")
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


class Partial:
    """A file on its way to `target`."""

    def __init__(self, target: Path, disk: Disk) -> None:
        self._target = target
        self._disk = disk
        self._path = target.with_name(f"{target.name}.{secrets.token_hex(8)}.partial")
        self._waiting = bytearray()

    def open(self) -> None:
        self._disk.make_folder(self._target.parent)
        self._file = self._path.open("xb", buffering=0)

    async def write(self, piece: bytes) -> None:
        self._waiting += piece
        if len(self._waiting) >= BLOCK:
            await asyncio.to_thread(self._flush)

    async def keep(self) -> None:
        await asyncio.to_thread(self._keep)

    def _flush(self) -> None:
        with memoryview(self._waiting) as waiting:
            done = 0
            while done < len(waiting):  # a disk that is nearly full takes a part only
                done += self._file.write(waiting[done:])
        self._waiting.clear()

    def _keep(self) -> None:
        self._flush()
        self._disk.keep(self._file.fileno())
        self._file.close()
        try:
            os.link(self._path, self._target)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            self._path.replace(self._target)
        self._disk.keep_folder(self._target.parent)

    def close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        shutil.rmtree(each, ignore_errors=True)


def _names(folder: Path) -> list[str]:
    """None when it went meanwhile."""
    try:
        return [file.name for file in folder.iterdir()]
    except FileNotFoundError:
        return []


def _is_untouched(folder: Path, since: int) -> bool:
    """Since `since`, in milliseconds; what goes while we look is being touched."""
    try:
        files = [folder, *folder.iterdir()]
        return all(file.stat().st_mtime_ns // 1_000_000 < since for file in files)
    except FileNotFoundError:
        return False

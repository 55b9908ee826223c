"""The storage seam: where the files of tasks live. A key is `TASK_ID/NAME`; all keys of a task go together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol


class Incoming(Protocol):
    """A file that arrives in pieces, of which little is in memory and nothing is visible before `keep`."""

    async def write(self, piece: bytes) -> None: ...

    async def keep(self) -> None:
        """It is whole: on the disk, and under its key. Raises FileExistsError where something is already."""


class Storage(Protocol):
    """What is put is on the disk when the call returns. Raises OSError."""

    async def open(self) -> None: ...

    async def put(self, key: str, source: Path) -> None:
        """Takes the file over: `source` is gone afterwards."""

    async def write(self, key: str, chunks: Iterable[bytes]) -> None: ...

    def receive(self, key: str) -> AbstractAsyncContextManager[Incoming]:
        """Opens the file; what has not been kept when the block ends is gone."""

    async def local(self, key: str) -> Path:
        """A file that a child process can read."""

    async def copy(self, key: str, to: str) -> None: ...
    async def delete(self, key: str) -> None: ...
    async def delete_task(self, task_id: str) -> None: ...

    async def tasks_before(self, time: int) -> Sequence[str]:
        """Tasks whose files were all last touched before `time`, milliseconds."""

    async def keys(self, task_id: str) -> Sequence[str]: ...

    def url(self, key: str, expires: int | None) -> str:
        """Where a client may get it until `expires` (milliseconds; None for good). Starts with `/` when this server
        itself serves it. The same arguments give the same URL."""

    def open_url(self, key: str, expires: str | None, signature: str | None) -> Path | None:
        """The file that such a URL of this server's own means; None when the signature is wrong or out of date, when
        the file is gone, and where URLs lead elsewhere."""

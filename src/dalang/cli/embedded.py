"""A server of the command's own: a child process on a free port with a temporary folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dalang.cli.destination import Destination
from dalang.config import own_server_environment
from dalang.launch import starting


@contextmanager
def embedded() -> Iterator[Destination]:
    """Start a server, and stop it at the end, when nobody is left for whom a running task should be finished.

    Raises `StartFailed`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="dalang-", ignore_cleanup_errors=True) as folder,
        starting(Path(folder), {}, own_server_environment()) as child,
    ):
        server = child.wait()
        yield Destination(server.url, server.key, f"{server.url} (a server for this command alone)")

"""A server of the command's own: a child process on a free port with a temporary folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dalang.cli.destination import Destination
from dalang.errors import DalangError
from dalang.home import Home

START_LIMIT = 60.0
STOP_LIMIT = 15.0
"""Seconds; the second is above the grace that running tasks get."""


class StartFailed(DalangError):
    """The server of the command's own did not come up."""


@contextmanager
def embedded() -> Iterator[Destination]:
    """Start a server, and stop it at the end; it also stops when this process is killed. Raises `StartFailed`."""
    with tempfile.TemporaryDirectory(prefix="dalang-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        server = start(data)
        try:
            url = wait_until_ready(server, data)
            key = Home(data / "data").known_key() or ""
            yield Destination(url, key, f"{url} (a server for this command alone)")
        finally:
            stop(server)


def start(data: Path) -> subprocess.Popen[bytes]:
    """Its standard input is a pipe that ends with us; its session is its own, so that Ctrl-C reaches us alone."""
    command = [sys.executable, "-m", "dalang", "serve", "--host", "127.0.0.1", "--port", "0", "--until-eof"]
    with (data / "log").open("wb") as log:
        return subprocess.Popen(
            [*command, "--data", str(data / "data"), "--ready-file", str(data / "ready")],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until_ready(server: subprocess.Popen[bytes], data: Path) -> str:
    """The URL of the server once it answers."""
    end = time.monotonic() + START_LIMIT
    while not (data / "ready").exists():
        if server.poll() is not None:
            raise StartFailed(f"The server for this command did not start: {last_line(data / 'log')}")
        if time.monotonic() > end:
            raise StartFailed(f"The server for this command was not ready after {START_LIMIT:g} s.")
        time.sleep(0.02)
    url: str = json.loads((data / "ready").read_text())["url"]
    return url


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")

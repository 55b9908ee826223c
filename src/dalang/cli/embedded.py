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
from dalang.config import own_server_environment
from dalang.errors import DalangError
from dalang.home import Home

START_LIMIT = 60.0
STOP_LIMIT = 15.0
"""Seconds."""

SETTINGS = 'grace = "0s"\n'
"""When the command ends, nobody is left for whom a running task should be finished."""


class StartFailed(DalangError):
    """The server of the command's own did not come up."""


@contextmanager
def embedded() -> Iterator[Destination]:
    """Start a server, and stop it at the end; it also stops when this process is killed. Raises `StartFailed`."""
    with tempfile.TemporaryDirectory(prefix="dalang-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = start(folder)
        try:
            url = wait_until_ready(server, folder)
            key = Home(folder / "data").known_key() or ""
            yield Destination(url, key, f"{url} (a server for this command alone)")
        finally:
            stop(server)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Its standard input is a pipe that ends with us; its session is its own, so that Ctrl-C reaches us alone."""
    settings, ready = folder / "dalang.toml", folder / "ready"
    settings.write_text(SETTINGS)
    command = [sys.executable, "-m", "dalang", "serve", "--until-eof", "--config", str(settings)]
    place = ["--host", "127.0.0.1", "--port", "0", "--data", str(folder / "data"), "--ready-file", str(ready)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*command, *place],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=own_server_environment(),
        )


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> str:
    """The URL of the server once it answers."""
    end = time.monotonic() + START_LIMIT
    while not (folder / "ready").exists():
        if server.poll() is not None:
            raise StartFailed(f"The server for this command did not start: {last_line(folder / 'log')}")
        if time.monotonic() > end:
            raise StartFailed(f"The server for this command was not ready after {START_LIMIT:g} s.")
        time.sleep(0.02)
    url: str = json.loads((folder / "ready").read_text())["url"]
    return url


def stop(server: subprocess.Popen[bytes]) -> None:
    with server:
        server.terminate()
        try:
            server.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            server.kill()


def last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("dalang: ") if lines else "it said nothing"

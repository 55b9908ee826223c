"""A server as a child process: on a free port, with a folder of its own, and not outliving who started it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dalang.errors import DalangError
from dalang.home import Home, read_place

START_LIMIT = 60.0
STOP_LIMIT = 15.0
MOMENT = 0.5
"""Seconds. A process whose connections broke may take the last one until its end can be seen."""

STEP = 0.002
"""Seconds between two looks for the ready file: a start takes some 0.3 s, of which nothing is to be lost."""

Setting = str | int | float | bool | Path | tuple[str, ...] | list[str] | Mapping[str, str]
"""What a setting of `config.Config` may be; spans are text, such as `"24h"`."""


class StartFailed(DalangError):
    """The server did not come up."""


@dataclass(frozen=True)
class Launched:
    """A server that was started here. `folder` holds its settings, its log and, if nothing else was said, its data."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str
    key: str

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    @property
    def log_size(self) -> int:
        """Bytes."""
        return (self.folder / "log").stat().st_size

    def log(self, start: int = 0) -> str:
        """From byte `start` on."""
        return read_log(self.folder, start)

    @property
    def last_words(self) -> str:
        """How it ended, if it does within a moment, and the last line of its log."""
        try:
            ended = f"it ended with code {self.process.wait(MOMENT)}; "
        except subprocess.TimeoutExpired:
            ended = ""
        return ended + last_line(self.log())


@dataclass(frozen=True)
class Starting:
    """A server that was started here and does not answer yet."""

    process: subprocess.Popen[bytes]
    folder: Path
    data: Path

    def wait(self) -> Launched:
        """Until it answers. Raises `StartFailed`."""
        url = wait_until_ready(self.process, self.folder)
        return Launched(self.process, self.folder, url, Home(self.data).known_key() or "")


@contextmanager
def starting(
    folder: Path, settings: dict[str, Setting], environment: Mapping[str, str], *, is_killed: bool = False
) -> Iterator[Starting]:
    """Start a server on `folder`, and stop it at the end; it also stops when this process dies, however it does.

    `settings` beat the defaults: a free port of this machine, and data in `folder`. With `is_killed` it is stopped
    without a word, in no time: for data that nobody will miss.
    """
    here: dict[str, Setting] = {"host": "127.0.0.1", "port": 0, "data": folder / "data", "grace": "0s"}
    given = here | settings
    process = start(folder, given, environment)
    try:
        yield Starting(process, folder, Path(str(given["data"])))
    finally:
        with process:
            process.kill() if is_killed else stop(process)


def start(folder: Path, settings: Mapping[str, Setting], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Its standard input is a pipe that ends with us; its session is its own, so that Ctrl-C reaches us alone."""
    file = folder / "dalang.toml"
    file.write_text(toml(settings), encoding="utf-8")
    serve = [sys.executable, "-m", "dalang", "serve", "--until-eof"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*serve, "--config", str(file), "--ready-file", str(folder / "ready")],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=dict(environment),
        )


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> str:
    """The URL of the server once it answers. Raises `StartFailed`."""
    end = time.monotonic() + START_LIMIT
    while (place := read_place(folder / "ready")) is None:
        if process.poll() is not None:
            raise StartFailed(f"The server did not start: {last_line(read_log(folder))}")
        if time.monotonic() > end:
            raise StartFailed(f"The server was not ready after {START_LIMIT:g} s: {last_line(read_log(folder))}")
        time.sleep(STEP)
    return place.url


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()


def read_log(folder: Path, start: int = 0) -> str:
    with (folder / "log").open("rb") as log:
        log.seek(start)
        return log.read().decode(errors="replace")


def last_line(log: str) -> str:
    """What the command itself said last, before Python's own words, if it said something."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    said = [line.removeprefix("dalang: ") for line in lines if line.startswith("dalang: ")]
    return (said or lines or ["it said nothing"])[-1]


def toml(settings: Mapping[str, Setting]) -> str:
    return "".join(f"{name} = {toml_value(value)}\n" for name, value in settings.items())


def toml_value(value: Setting) -> str:
    """JSON's texts, numbers and lists are TOML's too, as long as no letter is escaped in halves."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml_value(name)} = {toml_value(text)}" for name, text in value.items()) + "}"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)

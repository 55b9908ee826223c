"""The cassette on disk: `cassette.json`, a numbered JSON file for each exchange, and `files/`, what was downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from filelock import FileLock, Timeout

from dalang.cassette.exchange import Exchange
from dalang.cassette.redaction import REMOVED
from dalang.clock import Clock
from dalang.errors import ConfigError

FORMAT = 1

LABEL = "cassette.json"

EXCHANGE = re.compile(r"(\d{4,})-[a-z]+\.json")

SHORTEST_SECRET = 8
"""Characters: a shorter one could be any word."""


Part = TypeVar("Part", bound=msgspec.Struct)


class Label(msgspec.Struct, frozen=True):
    """`cassette.json`."""

    format: int
    upstream: str
    """Where the exchanges were recorded."""
    recorded: str
    """When it was begun, as in `2026-11-21T12:00:00Z`."""
    dalang: str
    """The version that began it."""


class Take(NamedTuple):
    """An exchange and the name of its file, for whoever wants to look."""

    file: str
    exchange: Exchange


class Cassette(NamedTuple):
    folder: Path
    takes: tuple[Take, ...]
    """In the order in which they were recorded."""

    @property
    def files(self) -> Path:
        return self.folder / "files"


def read_cassette(folder: Path) -> Cassette:
    """Raises ConfigError, which names the file and what is wrong with it."""
    _read_label(folder)
    numbered = sorted(_numbered(folder))
    return Cassette(folder, tuple(Take(file.name, _read(file, Exchange)) for _, file in numbered))


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    found = [(EXCHANGE.fullmatch(file.name), file) for file in folder.iterdir()]
    return [(int(match[1]), file) for match, file in found if match]


def _read_label(folder: Path) -> Label:
    file = folder / LABEL
    if not file.is_file():
        raise ConfigError(f"{folder} is no cassette: it has no {LABEL}. `dalang record` makes one.")
    label = _read(file, Label)
    if label.format > FORMAT:
        raise ConfigError(f"{file} is of format {label.format}, and this Dalang reads up to {FORMAT}: update it.")
    return label


def _read(file: Path, form: type[Part]) -> Part:
    try:
        return msgspec.json.decode(file.read_bytes(), type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{file} cannot be read as part of a cassette: {error}.") from error
    except OSError as error:
        raise ConfigError(f"Cannot read {file}: {error.strerror}.") from error


class Tape:
    """A cassette to record on, by one recorder at a time: a new one, or the end of one of the same `upstream`. Raises
    ConfigError."""

    def __init__(self, folder: Path, upstream: str, clock: Clock) -> None:
        self.folder = folder
        self.files = folder / "files"
        self._lock = FileLock(folder / ".lock", timeout=0)
        try:
            self.files.mkdir(parents=True, exist_ok=True) if is_free(folder) else _check_upstream(folder, upstream)
            self.files.mkdir(exist_ok=True)
            self._lock.acquire()
            self._remove_partials()
            self._last = max((number for number, _ in _numbered(folder)), default=0)
            if not (folder / LABEL).exists():
                self._write(LABEL, Label(FORMAT, upstream, _date(clock), version("dalang")), ())
        except Timeout as error:
            raise ConfigError(f"Another recorder records to {folder}: choose another with --cassette.") from error
        except OSError as error:
            raise ConfigError(
                f"Cannot record to {folder}: {error.strerror}. Choose another with --cassette."
            ) from error

    def close(self) -> None:
        """Free for the next recorder."""
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def has(self, file: str) -> bool:
        return (self.files / file).is_file()

    def keep(self, kind: str, exchange: Exchange, secrets: Iterable[str]) -> str:
        """The name of its file, which is whole on the disk. `secrets`: texts that must not be found in it."""
        self._last += 1
        name = f"{self._last:04}-{kind}.json"
        self._write(name, exchange, secrets)
        return name

    def _write(self, name: str, content: msgspec.Struct, secrets: Iterable[str]) -> None:
        text = msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(msgspec.json.encode(secret).decode()[1:-1], REMOVED)
        partial = self.folder / f".{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(self.folder / name)

    def _remove_partials(self) -> None:
        """Left by a recorder that was killed."""
        for partial in [*self.folder.glob(".*.partial"), *self.files.glob(".*.partial")]:
            with suppress(FileNotFoundError):
                partial.unlink()


def is_free(folder: Path) -> bool:
    """Not there, or empty."""
    return not folder.exists() or (folder.is_dir() and next(folder.iterdir(), None) is None)


def _check_upstream(folder: Path, upstream: str) -> None:
    if not (folder / LABEL).is_file():
        raise ConfigError(f"{folder} holds something else than a cassette: choose another folder with --cassette.")
    label = _read_label(folder)
    if label.upstream != upstream:
        raise ConfigError(
            f"{folder / LABEL} was recorded from {label.upstream}, not from {upstream}: "
            "choose another folder with --cassette."
        )


def _date(clock: Clock) -> str:
    return datetime.fromtimestamp(clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The data folder: what lies where, the signing secret, and the file to `source`."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from filelock import FileLock

from dalang.errors import ConfigError

KEY = "DASHSCOPE_API_KEY="

SECRET_BYTES = 32


@dataclass(frozen=True)
class Home:
    """`root` is the setting `data`."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "dalang.db"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def media(self) -> Path:
        """In test mode: what tests gave for addresses."""
        return self.root / "media"

    @property
    def mark(self) -> Path:
        """In test mode: a reset may empty this folder."""
        return self.root / "test-mode"

    @property
    def servers(self) -> Path:
        """A lock file and a scratch folder for each server that runs here."""
        return self.root / "servers"

    @property
    def env(self) -> Path:
        return self.root / "env"

    @property
    def running(self) -> Path:
        """`{"url": ..., "pid": ...}` of the server that was last started here and has not ended."""
        return self.root / "server.json"

    def place_of(self, server: str) -> Path:
        return self.servers / f"{server}.json"

    def forget_running(self, server: str, others: Sequence[str]) -> None:
        """Names one of the `others` that run here in the place of `server`, if that one is named."""
        self.place_of(server).unlink(missing_ok=True)
        named = read_place(self.running)
        if named is None or named.server != server:
            return
        heirs = [place for place in map(read_place, map(self.place_of, others)) if place]
        if heirs:
            heir = heirs[0]
            write_place(self.running, heir)
            self.write_env(heir.public, self.known_key() or "")
        else:
            self.running.unlink(missing_ok=True)

    def create(self) -> None:
        """Raises ConfigError when nothing can be written here."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self.root / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise ConfigError(
                f"Cannot write to the data folder {self.root}: {error.strerror}. Choose another with --data."
            ) from error

    def reserve_for_tests(self) -> None:
        """Tests wipe what they find. Raises ConfigError where that could be somebody's videos."""
        found = [name for name in (self.database, self.files, self.media) if name.exists()]
        if found and not self.mark.exists():
            raise ConfigError(
                f"{self.root} has not been a folder for tests so far, and a reset would delete what {found[0].name} "
                "holds: choose another with --data, or none, for a temporary one."
            )
        self.mark.touch()

    def refuse_if_for_tests(self) -> None:
        """Raises ConfigError for a folder of tests: the next reset would delete what a server at work keeps there."""
        if self.mark.exists():
            raise ConfigError(
                f"{self.root} is a folder for tests, which empty it: choose another with --data, or delete {self.mark} "
                "if no test will come back."
            )

    def secret(self) -> bytes:
        """What URLs are signed with; made at the first start."""
        file = self.root / "secret"
        if not file.exists():
            with FileLock(self.root / "secret.lock"):  # of two servers that start together, one makes it
                if not file.exists():
                    write_private(file, secrets.token_hex(SECRET_BYTES))
        try:
            secret = bytes.fromhex(file.read_text())
        except ValueError:
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise ConfigError(f"{file} is damaged: restore it, or delete it, which ends all video links made so far.")
        return secret

    def known_key(self) -> str | None:
        """The API key in `env`, if there is one."""
        text = self.env.read_text(errors="replace") if self.env.exists() else ""
        for line in text.splitlines():
            if line.startswith(f"export {KEY}"):
                return next(iter(shlex.split(line.removeprefix(f"export {KEY}"))), None)
        return None

    def write_env(self, url: str, key: str) -> None:
        """For the official SDKs and our own commands. A shell will read it, so nothing in it may be more than text."""
        place, key = shlex.quote(url), shlex.quote(key)
        lines = [
            f"DASHSCOPE_HTTP_BASE_URL={place}/api/v1",
            f"{KEY}{key}",
            f"DALANG_URL={place}",
            f"DALANG_API_KEY={key}",
        ]
        write_private(self.env, "".join(f"export {line}\n" for line in lines))


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only from the first byte on."""
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)


class Place(msgspec.Struct, frozen=True):
    """Where a server is, as `server.json` and ready files tell."""

    url: str
    """Of the address it listens on: neighbours need not go by way of a public one."""
    pid: int
    server: str = ""
    """Its name among the servers of the folder."""
    public: str = ""
    """What strangers use, and `env` tells."""


@contextmanager
def ready_only_within(file: Path | None) -> Iterator[None]:
    """A block before and after which no ready file leads to a port where nobody answers."""
    if file is None:
        yield
        return
    file.unlink(missing_ok=True)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def write_place(file: Path, place: Place) -> None:
    write_private(file, msgspec.json.encode(place).decode() + "\n")


def read_place(file: Path) -> Place | None:
    """None when there is none, or when it is damaged."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Place)
    except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
        return None

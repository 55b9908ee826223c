"""The data folder: what lies where, the signing secret, and the file to `source`."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dalang.errors import ConfigError


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

    def forget_running(self) -> None:
        """Unless another server has put itself there meanwhile."""
        if self.running.exists() and msgspec.json.decode(self.running.read_bytes())["pid"] == os.getpid():
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

    def secret(self) -> bytes:
        """What URLs are signed with; made at the first start."""
        file = self.root / "secret"
        if not file.exists():
            made = file.with_name(f"secret.{os.getpid()}")
            write_private(made, secrets.token_hex(32))
            with suppress(FileExistsError):  # of two servers that start together, one makes it
                os.link(made, file)
            made.unlink()
        return bytes.fromhex(file.read_text())

    def known_key(self) -> str | None:
        """The API key in `env`, if there is one."""
        found = (
            re.search(r"^export DASHSCOPE_API_KEY=(\S+)$", self.env.read_text(), re.M) if self.env.exists() else None
        )
        return found[1] if found else None

    def write_env(self, url: str, key: str) -> None:
        write_private(self.env, f"export DASHSCOPE_HTTP_BASE_URL={url}/api/v1\nexport DASHSCOPE_API_KEY={key}\n")


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only from the first byte on."""
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)


def write_ready(file: Path, url: str) -> None:
    """Tells whoever started us, or looks for us, where we are."""
    write_private(file, msgspec.json.encode({"url": url, "pid": os.getpid()}).decode() + "\n")

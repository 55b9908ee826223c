"""The fetch map: addresses that are read from disk, for work offline.

A TOML file of lines `"URL" = "FILE"`, the files relative to its own folder. An address is one of the map only when it
is written there to the letter, query included.
"""

from __future__ import annotations

import contextlib
import shutil
import tomllib
from pathlib import Path

from dalang.errors import ConfigError
from dalang.fetch.refusal import too_large


def read_fetch_map(path: Path) -> dict[str, Path]:
    """URL → file. Raises ConfigError naming the line or the URL that does not fit."""
    try:
        lines = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"Cannot read the fetch map {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The fetch map {path} is not TOML: {error}.") from error
    return {url: _file(path, url, file) for url, file in lines.items()}


def _file(path: Path, url: str, file: object) -> Path:
    if not isinstance(file, str):
        raise ConfigError(f'The fetch map {path}: write each line as "URL" = "FILE", which {url!r} is not.')
    if not url.lower().startswith(("http://", "https://")):
        raise ConfigError(f"The fetch map {path}: {url!r} is never fetched; it must begin with http:// or https://.")
    found = path.parent / file
    if not found.is_file():
        raise ConfigError(f"The fetch map {path}: {url!r} means {found}, which is no file.")
    return found


def copy(url: str, file: Path, target: Path, max_bytes: int) -> None:
    """Leave `file`, which stands for `url`, at the new file `target`.

    Raises InvalidURL where it is over the limit, as its download would, and OSError where it cannot be copied; then no
    partial file stays behind.
    """
    if file.stat().st_size > max_bytes:
        raise too_large(url.partition("?")[0], max_bytes)
    with contextlib.ExitStack() as undo:
        undo.callback(target.unlink, missing_ok=True)
        shutil.copyfile(file, target)
        undo.pop_all()

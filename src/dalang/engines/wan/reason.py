"""What a library said against files, for a sentence that a client may read. Pure."""

from __future__ import annotations

LONGEST = 300
"""Characters: some list every layer."""


def reason(error: BaseException, path: str, name: str) -> str:
    """The error in one line, with `name` in place of `path`: nobody need know this machine's folders."""
    line = " ".join(str(error).replace(path, name).split()) or type(error).__name__
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"

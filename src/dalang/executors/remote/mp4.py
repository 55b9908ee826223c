"""Whether a file that another server sent is an MP4, and all of it (ISO/IEC 14496-12, 4.2: boxes)."""

from __future__ import annotations

import struct
from pathlib import Path

HEAD = struct.Struct(">I4s")
LARGE = struct.Struct(">Q")


def flaw(path: Path) -> str | None:
    """What is wrong with it, in words that go on from "the video"; None when its boxes fill the file."""
    size, at, kinds = path.stat().st_size, 0, list[bytes]()
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(HEAD.size + LARGE.size)
            if len(head) < HEAD.size:
                return "is cut off"
            length, kind = HEAD.unpack_from(head)
            if 1 < length < HEAD.size or (not kinds and kind != b"ftyp"):
                return "is no MP4"
            kinds.append(kind)
            at += _length(length, head, size - at)
            if len(kinds) > 10_000:
                return "has boxes without end"
    if b"moov" not in kinds:
        return "is cut off" if kinds else "is empty"
    return None if at == size else "is cut off"


def _length(length: int, head: bytes, left: int) -> int:
    """Of the whole box: 0 means up to the end of the file, 1 that a larger number follows."""
    if length == 0:
        return left
    if length == 1 and len(head) == HEAD.size + LARGE.size:
        length = LARGE.unpack_from(head, HEAD.size)[0]
    return max(length, HEAD.size)

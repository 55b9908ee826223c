"""What is taken for a whole MP4."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from dalang.executors.remote.mp4 import flaw


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


HEAD, INDEX, FRAMES = box(b"ftyp", b"isom"), box(b"moov", bytes(40)), box(b"mdat", bytes(400))
LARGE = struct.pack(">I4sQ", 1, b"mdat", 16 + 300) + bytes(300)
TO_THE_END = struct.pack(">I4s", 0, b"mdat") + bytes(300)


@pytest.mark.parametrize("content", [HEAD + INDEX + FRAMES, HEAD + FRAMES + INDEX, HEAD + INDEX + LARGE])
def test_boxes_that_fill_the_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(content)
    assert flaw(file) is None


def test_a_last_box_without_a_length_goes_to_the_end(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(HEAD + INDEX + TO_THE_END)
    assert flaw(file) is None


@pytest.mark.parametrize("short", [1, 8, 399, 405])
def test_one_that_is_cut_off(tmp_path: Path, short: int) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes((HEAD + INDEX + FRAMES)[:-short])
    assert flaw(file) == "is cut off"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"<html><body>not found", "is no MP4"),
        (INDEX + HEAD, "is no MP4"),
        (HEAD + FRAMES, "is cut off"),
        (HEAD + struct.pack(">I4s", 2, b"moov") + bytes(100), "is no MP4"),
        (HEAD + box(b"free") * 10_001, "has boxes without end"),
    ],
    ids=["empty", "a page", "no type first", "no index", "lengths too small", "boxes without end"],
)
def test_what_is_none(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(content)
    assert flaw(file) == expected

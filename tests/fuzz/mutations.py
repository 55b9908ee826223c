"""Ways to spoil bytes and JSON. Pure: all chance comes from the generator that is handed in."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

import msgspec

Mutation = Callable[[Random, bytearray, bytes], None]
"""Spoils the second; the third is another file to take from."""

NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 8000, 8001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
"""Where programs err."""

HEADS = (96, 800)
"""Bytes in which most formats say what they are and how large; and what else there is to know."""

MOST = 1 << 20
"""Bytes of a spoilt file: room for repetition, no more."""


def _place(random: Random, data: bytearray) -> int:
    """Mostly in the head."""
    return random.randrange(max(1, min(len(data), random.choice((*HEADS, len(data))))))


def flip_bits(random: Random, data: bytearray, _: bytes) -> None:
    for _n in range(random.choice((1, 1, 2, 8, 64))):
        if data:
            data[_place(random, data)] ^= 1 << random.randrange(8)


def lie(random: Random, data: bytearray, _: bytes) -> None:
    """A size, a count or an offset."""
    at = _place(random, data)
    form = random.choice(("B", ">H", "<H", ">I", "<I"))
    data[at : at + struct.calcsize(form)] = struct.pack(
        form, random.choice(NUMBERS) & ((1 << 8 * struct.calcsize(form)) - 1)
    )


def cut_off(random: Random, data: bytearray, _: bytes) -> None:
    del data[random.randrange(len(data) + 1) :]


def cut_out(random: Random, data: bytearray, _: bytes) -> None:
    at = _place(random, data)
    del data[at : at + _length(random)]


def repeat(random: Random, data: bytearray, _: bytes) -> None:
    at, length = _place(random, data), _length(random)
    data[at:at] = data[at : at + length] * random.choice((1, 2, 50))


def splice(random: Random, data: bytearray, other: bytes) -> None:
    at, start = _place(random, data), random.randrange(len(other))
    data[at : at + random.choice((0, 64, len(data)))] = other[start : start + random.choice((16, 512, len(other)))]


def smear(random: Random, data: bytearray, _: bytes) -> None:
    at, length = _place(random, data), _length(random)
    length = min(length, len(data) - at)
    data[at : at + length] = random.choice((b"\0" * length, b"\xff" * length, random.randbytes(length)))


def _length(random: Random) -> int:
    return random.choice((1, 4, 16, 256, 4096))


BYTES: tuple[Mutation, ...] = (flip_bits, flip_bits, lie, lie, cut_off, cut_out, repeat, splice, smear)


def spoilt(random: Random, data: bytes, other: bytes) -> bytes:
    """One to four mutations; a PNG is often spoilt within, and its checksums made good, lest nothing behind its
    compression is ever reached."""
    spoiling = bytearray(data)
    if random.random() < 0.4:
        spoil_within_png(random, spoiling, other)
        return bytes(spoiling[:MOST])
    for _ in range(random.choice((1, 1, 2, 4))):
        random.choice(BYTES)(random, spoiling, other)
    if random.random() < 0.7:
        mend_png(spoiling)
    return bytes(spoiling[:MOST])


def spoil_within_png(random: Random, data: bytearray, other: bytes) -> None:
    """What one of its chunks holds compressed: pixels, or a colour profile after its name (PNG 1.2, 4.1.3, 4.2.2.4).
    Of any other file, its bytes."""
    chunks = [(at, end) for at, end in png_chunks(data) if data[at + 4 : at + 8] in (b"IDAT", b"iCCP")]
    at, end = random.choice(chunks) if chunks else (0, 0)
    packed = data.find(b"\x78", at + 8, end) if chunks else -1
    try:
        inner = bytearray(zlib.decompress(data[packed:end]) if packed > 0 else b"")
    except zlib.error:  # pixels that go on in the next chunk
        inner = bytearray()
    target = inner or data
    random.choice(BYTES)(random, target, other)
    if inner:
        again = zlib.compress(inner[:MOST])
        data[packed:end] = again
        data[at : at + 4] = struct.pack(">I", packed + len(again) - at - 8)
        mend_png(data)


def mend_png(data: bytearray) -> None:
    """PNG 1.2, section 3.2: length, type, data, CRC of the two before it."""
    for at, end in list(png_chunks(data)):
        data[end : end + 4] = struct.pack(">I", zlib.crc32(data[at + 4 : end]))


def png_chunks(data: bytearray) -> Iterator[tuple[int, int]]:
    """From each one's length to its checksum; none of any other file."""
    at = 8
    while data[:4] == b"\x89PNG" and at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            return
        yield at, end
        at = end + 4


# JSON

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 5, 5.5, 2**31, 2**53, -(2**63), 2**64 - 1, 1e308, -0.0),
    *("", " ", "a", "\0", "\ud7ff\uffff", "字" * 9000, "1280*720", "720p", "http://", "data:,", "oss://", "file:///"),
    *([], {}, [[]], [None], {"": None}, [{}] * 9, {"type": "first_frame"}, "x" * 70_000),
)

RAW = (b"1e400", b"-", b"NaN", b"Infinity", b'"\\ud800"', b"9" * 5000, b"[" * 2000, b'{"a":' * 2000, b"0x10", b"\xff")
"""No value of Python's makes these."""

HOLE = "a hole to put raw bytes into"


def spoilt_body(random: Random, body: bytes, other: bytes) -> bytes:
    """By its structure, or by its bytes."""
    if random.random() < 0.3:
        return spoilt(random, body, other)
    tree = msgspec.json.decode(body)
    for _ in range(random.choice((1, 1, 2, 3))):
        _change(random, tree, msgspec.json.decode(other))
    encoded = msgspec.json.encode(tree)
    hole = msgspec.json.encode(HOLE)
    return encoded.replace(hole, random.choice(RAW)) if hole in encoded else encoded


def _change(random: Random, tree: Any, other: dict[str, Any]) -> None:
    """Somewhere below `tree`."""
    places = list(_places(tree))
    if not places:
        return
    parent, key = random.choice(places)
    match random.randrange(5):
        case 0:
            del parent[key]
        case 1:
            parent[key] = HOLE
        case 2 if isinstance(parent, dict):
            parent[random.choice(("model", "input", "parameters", "media", "prompt", "size", "seed", ""))] = parent.pop(
                key
            )
        case 3:
            parent[key] = random.choice(list(_places(other)))[0]
        case _:
            parent[key] = deepcopy(random.choice(ODD))  # which a later change may go into


def _places(tree: Any) -> Any:
    """Each container with each of its keys."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])

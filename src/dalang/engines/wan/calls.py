"""What the first rank of a shared render tells the others, over a pipe to each."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from dalang.events import read_body
from dalang.weights.setup import Setup


class Meet(msgspec.Struct, frozen=True, tag=True):
    """Once, at first: join the others."""

    rank: int
    size: int
    port: int
    """Of the first rank's store, on the loopback."""
    device: str
    threads: int
    """Of the first rank: with as many, sums come out the same."""


class Load(msgspec.Struct, frozen=True, tag=True):
    number: int
    """To call it by, from then on."""
    setup: Setup


class Drop(msgspec.Struct, frozen=True, tag=True):
    number: int


class Tensor(msgspec.Struct, frozen=True):
    """One that follows, by broadcast."""

    name: str
    """Of the argument."""
    shape: tuple[int, ...]
    dtype: str


class Compute(msgspec.Struct, frozen=True, tag=True):
    """This rank's part of one pass of a transformer."""

    number: int
    expert: int
    """Its place among `Loaded.experts`."""
    tensors: tuple[Tensor, ...]


Call = Meet | Load | Drop | Compute


def read_call(stream: BinaryIO) -> Call | None:
    """The next one; None when the first rank has ended."""
    body = read_body(stream)
    return None if body is None else msgspec.msgpack.decode(body, type=Call)

"""How much memory weights take, told from their files before they are read."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import NamedTuple

import msgspec

from dalang.engines.wan.held import Held

LENGTH = 8
"""Bytes of a safetensors file that say how long its header is, little end first."""
LONGEST = 100_000_000
"""Bytes of a header, as safetensors has it."""
PRECISE = ("vae", "image_encoder")
"""Parts that are kept in float32: in half of it pictures lose detail (diffusers' page of Wan)."""
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
QUANTISED = 1
"""Bytes of a weight in 8 bits."""


class Tensor(msgspec.Struct):
    """An entry of a header."""

    shape: tuple[int, ...] = ()


class Need(NamedTuple):
    """Bytes of weights, at once."""

    device: int
    host: int
    """Of this machine's own memory, beside a GPU."""


def need(parts: Mapping[str, int], held: Held) -> Need:
    """Of `parts`, bytes by name, under the offload of `held`. Layers one by one take next to nothing on the device."""
    whole, largest = sum(parts.values()), max(parts.values(), default=0)
    device = {"none": whole, "model": largest, "group": 0}[held.offload]
    return Need(device, 0 if held.offload == "none" else whole)


def parts(held: Held) -> dict[str, int]:
    """Bytes in memory of each part that has weights; none for files that are no weights, of which a load will tell."""
    counts: dict[str, int] = {}
    for file in sorted(Path(held.folder).glob("*/*.safetensors")):
        counts[file.parent.name] = counts.get(file.parent.name, 0) + _count(file)
    return {name: count * _bytes(name, held) for name, count in counts.items()}


def _count(file: Path) -> int:
    """Numbers in a safetensors file, by its header."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(LENGTH), "little")
        header = stream.read(min(length, LONGEST))
    try:
        tensors = msgspec.json.decode(header, type=dict[str, Tensor])
    except msgspec.DecodeError:
        return 0
    return sum(prod(tensor.shape) for name, tensor in tensors.items() if name != "__metadata__")


def _bytes(part: str, held: Held) -> int:
    if part in PRECISE:
        return BYTES["float32"]
    return QUANTISED if held.quantisation == "fp8" and part.startswith("transformer") else BYTES[held.dtype]

"""How much memory weights take, told from their files before they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import NamedTuple

from dalang.engines.wan.held import Held

HEADER = 8
"""Bytes of a safetensors file that say how long its header is, little end first."""
PRECISE = ("vae", "image_encoder")
"""Parts that are kept in float32: in half of it pictures lose detail (diffusers' page of Wan)."""
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
QUANTISED = 1
"""Bytes of a weight in 8 bits."""


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
    """Bytes in memory of each part that has weights."""
    folders = sorted(path for path in Path(held.folder).iterdir() if path.is_dir())
    counts = {folder.name: sum(map(_count, folder.glob("*.safetensors"))) for folder in folders}
    return {name: count * _bytes(name, held) for name, count in counts.items() if count}


def _count(file: Path) -> int:
    """Numbers in a safetensors file, by its header."""
    with file.open("rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(HEADER), "little")))
    return sum(prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")


def _bytes(part: str, held: Held) -> int:
    if part in PRECISE:
        return BYTES["float32"]
    return QUANTISED if held.quantisation == "fp8" and part.startswith("transformer") else BYTES[held.dtype]

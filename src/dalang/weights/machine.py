"""What this machine has to render with, asked without loading torch."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec

ASK_SECONDS = 20.0
"""For a driver that has to wake its GPUs first."""

QUERY = ("--query-gpu=uuid,name,memory.total,driver_version,mig.mode.current", "--format=csv,noheader,nounits")

LISTED = re.compile(r"GPU \d+: .*\(UUID: (?P<gpu>[^)]+)\)|\s+MIG \S*?(?P<size>\d+)gb\S*\s.*\(UUID: (?P<mig>[^)]+)\)")
"""`GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-…)`, and below it `  MIG 1g.10gb     Device  0: (UUID: MIG-…)`"""

SHARED = ("[N/A]", "[Not Supported]")
"""The memory of a GPU that has none of its own, as in a DGX Spark."""

MIB = 1 << 20


class Gpu(msgspec.Struct, frozen=True):
    """A GPU, or an instance of one that is divided."""

    id: str
    """Its UUID, as CUDA_VISIBLE_DEVICES takes it: `GPU-…`, of an instance `MIG-…`."""
    name: str
    gigabytes: float
    driver: str


class Gpus(msgspec.Struct, frozen=True):
    found: tuple[Gpu, ...]
    fault: str | None = None
    """A sentence, where none were found."""


class Machine(msgspec.Struct, frozen=True):
    cores: int
    ram: float | None
    """GB; None where the system does not say."""
    gpus: Gpus


def machine() -> Machine:
    return Machine(os.cpu_count() or 1, _ram(), find_gpus())


def find_gpus() -> Gpus:
    """As the NVIDIA driver's own command tells."""
    try:
        return _read(_ask(*QUERY))
    except FileNotFoundError:
        return Gpus((), "There is no nvidia-smi: no NVIDIA GPU, or no driver for it.")
    except subprocess.TimeoutExpired:
        return Gpus((), f"nvidia-smi gave no answer within {ASK_SECONDS:g} s: the driver hangs.")
    except subprocess.CalledProcessError as error:
        said = (error.stdout or error.stderr or "").strip().splitlines()
        return Gpus((), f"nvidia-smi failed: {said[0] if said else error.returncode}")
    except (OSError, ValueError) as error:
        return Gpus((), f"nvidia-smi cannot be understood: {error}")


def _ask(*arguments: str) -> str:
    done = subprocess.run(
        ["nvidia-smi", *arguments], capture_output=True, text=True, timeout=ASK_SECONDS, check=True, errors="replace"
    )
    return done.stdout


def _read(text: str) -> Gpus:
    """Raises ValueError for what is no such table."""
    rows = [_row(line) for line in filter(str.strip, text.splitlines())]
    instances = _instances() if any(divided for _, divided in rows) else {}
    found = [one for gpu, divided in rows for one in (_parts(gpu, instances) if divided else [gpu])]
    return Gpus(tuple(found), None if found else "nvidia-smi tells of no GPU that is free to use.")


def _row(line: str) -> tuple[Gpu, bool]:
    """A GPU, and whether it is divided."""
    uuid, rest = line.split(",", 1)
    name, memory, driver, mig = (cell.strip() for cell in rest.rsplit(",", 3))
    ram = _ram() if memory in SHARED else None
    return Gpu(uuid.strip(), name, ram or round(int(memory) * MIB / 1e9, 1), driver), mig == "Enabled"


def _parts(gpu: Gpu, instances: dict[str, list[tuple[str, int]]]) -> list[Gpu]:
    """None, where nobody has made one yet: nothing can use such a GPU."""
    parts = instances.get(gpu.id, [])
    return [Gpu(uuid, f"{gpu.name}, an instance of {size} GB", size, gpu.driver) for uuid, size in parts]


def _instances() -> dict[str, list[tuple[str, int]]]:
    """UUID and GB of each instance, by the UUID of its GPU."""
    instances: dict[str, list[tuple[str, int]]] = {}
    for line in filter(None, map(LISTED.match, _ask("-L").splitlines())):
        if line["gpu"]:
            instances[line["gpu"]] = []
        elif instances:
            instances[next(reversed(instances))].append((line["mig"], int(line["size"])))
    return instances


def _ram() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):  # Windows has no such call
        return None


def room(folder: Path) -> float:
    """Free GB where `folder` is, or would be made."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return round(shutil.disk_usage(there).free / 1e9, 1)

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

QUERY = ("--query-gpu=name,memory.total,driver_version,mig.mode.current", "--format=csv,noheader,nounits")

MIG = re.compile(r"\s+MIG\s+\S*?(\d+)gb")
"""`  MIG 1g.10gb     Device  0: (UUID: …)`"""

UUID = re.compile(r"\(UUID: ((?:GPU|MIG)-[^)]+)\)")

MIB = 1 << 20


class Gpu(msgspec.Struct, frozen=True):
    """A GPU, or an instance of one that is divided."""

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


def gpu_ids() -> list[str]:
    """As CUDA_VISIBLE_DEVICES names them: by their UUIDs, and of one that is divided its instances."""
    try:
        listed = _ask("-L")
    except (OSError, subprocess.SubprocessError):
        return []
    parts: dict[str, list[str]] = {}
    for uuid in UUID.findall(listed):
        if uuid.startswith("GPU"):
            parts[uuid] = []
        elif parts:
            parts[next(reversed(parts))].append(uuid)
    return [name for gpu, instances in parts.items() for name in instances or [gpu]]


def _ask(*arguments: str) -> str:
    done = subprocess.run(
        ["nvidia-smi", *arguments], capture_output=True, text=True, timeout=ASK_SECONDS, check=True, errors="replace"
    )
    return done.stdout


def _read(text: str) -> Gpus:
    """Raises ValueError for what is no such table."""
    found: list[Gpu] = []
    for line in filter(str.strip, text.splitlines()):
        name, memory, driver, mig = (cell.strip() for cell in line.rsplit(",", 3))
        if mig == "Enabled":
            found += [Gpu(f"{name}, an instance of {size} GB", size, driver) for size in _instances(len(found))]
        else:
            found.append(Gpu(name, round(int(memory) * MIB / 1e9, 1), driver))
    return Gpus(tuple(found), None if found else "nvidia-smi tells of no GPU that is free to use.")


def _instances(before: int) -> list[int]:
    """GB of each instance of all divided GPUs; nothing once they have been told."""
    return [] if before else [int(found[1]) for found in map(MIG.match, _ask("-L").splitlines()) if found]


def _ram() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):  # Windows has no such call
        return None


def room(folder: Path) -> float:
    """Free GB where `folder` is, or would be made."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return round(shutil.disk_usage(there).free / 1e9, 1)

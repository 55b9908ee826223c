"""What a machine is found to be able to render, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from dalang.weights.checkpoint import Checkpoint, Speed
from dalang.weights.fit import Fit
from dalang.weights.machine import Machine

INSTALL = "pip install 'dalang[wan]'"

NEEDED = ("torch", "diffusers", "transformers", "accelerate", "safetensors")
"""Without these no weights are rendered."""

EASE: tuple[Fit, ...] = ("full", "offload model", "quantised", "offload group")


class Found(msgspec.Struct, frozen=True):
    """One checkpoint, on this machine."""

    name: str
    kinds: tuple[str, ...]
    is_here: bool
    gigabytes: float
    """On disk."""
    fits: Fit
    published: tuple[Speed, ...]
    """Of such GPUs; measured by others."""


class Folder(msgspec.Struct, frozen=True):
    path: str
    free: float
    """GB."""
    is_writable: bool


class Diagnosis(msgspec.Struct, frozen=True):
    python: str
    machine: Machine
    packages: Mapping[str, str | None]
    """Version by name; None: not installed."""
    speech: bool
    """Whether espeak-ng is there, with which the animatic speaks."""
    data: Folder
    weights: Folder
    server: str
    """A sentence: where it runs, or whether it could."""
    checkpoints: tuple[Found, ...]
    routes: bool
    """Whether the settings lead models to weights."""
    next: tuple[str, ...] = ()


def advice(found: Diagnosis) -> tuple[str, ...]:
    """What to do next, in this order; the last may be lines of settings."""
    return tuple(_advice(found))


def _advice(found: Diagnosis) -> Iterator[str]:
    yield from _folders((found.data, found.weights))
    if not found.machine.gpus.found:
        yield "Without a GPU the animatic draws; open weights would take hours a clip."
        return
    torch = found.packages["torch"]
    if any(found.packages[name] is None for name in NEEDED):
        yield INSTALL
    elif torch and torch.endswith("+cpu"):
        yield f"torch {torch} is built for the processor: install the build for your driver, as pytorch.org says."
    yield from _weights(found)


def _folders(folders: Iterable[Folder]) -> Iterator[str]:
    for folder in folders:
        if not folder.is_writable:
            yield f"{folder.path} cannot be written: give it to the user who serves, or name another folder."


def _weights(found: Diagnosis) -> Iterator[str]:
    here = [row for row in found.checkpoints if row.is_here and row.fits != "not"]
    if not here:
        yield from _to_pull(found)
    elif not found.routes:
        yield "\n".join(("[routes]", *_routes(here)))


def _to_pull(found: Diagnosis) -> Iterator[str]:
    fitting = [row for row in found.checkpoints if row.fits != "not"]
    if not fitting:
        yield "No checkpoint fits: a GPU of 12 GB, or more RAM to offload into, would take the smallest."
        return
    best = min(fitting, key=lambda row: (EASE.index(row.fits) > 1, -row.gigabytes))
    if best.gigabytes > found.weights.free:
        yield f"{best.name} needs {best.gigabytes:g} GB of disk: make room, or set `weights` to a larger one."
    yield f"dalang pull {best.name}"


def _routes(here: Sequence[Found]) -> Iterator[str]:
    """A line for each kind of video, with the largest checkpoint that makes it."""
    for kind in ("t2v", "i2v", "kf2v"):
        able = [row for row in here if kind in row.kinds]
        if able:
            best = max(able, key=lambda row: row.gigabytes)
            yield f'"*-{kind}*" = {{ engine = "wan", checkpoint = "{best.name}" }}'


class Cell(NamedTuple):
    """A checkpoint's row in the table."""

    name: str
    makes: str
    here: str
    disk: str
    fits: str
    published: str


def cells(row: Found) -> Cell:
    said = "; ".join(f"{speed.seconds:g} s at {speed.tier}" + _times(speed.gpus) for speed in row.published)
    here = "here" if row.is_here else "-"
    return Cell(row.name, ", ".join(row.kinds), here, f"{row.gigabytes:g}", row.fits, said or "-")


def _times(gpus: int) -> str:
    return f" on {gpus}" if gpus > 1 else ""


def sources(rows: Iterable[Found]) -> list[str]:
    """Who published what the table says."""
    said = {f"{speed.gpu}: {speed.source}" for row in rows for speed in row.published}
    return sorted(said)


def found(checkpoint: Checkpoint, is_here: bool, fits: Fit, said: tuple[Speed, ...]) -> Found:
    return Found(checkpoint.name, checkpoint.kinds, is_here, checkpoint.gigabytes, fits, said)

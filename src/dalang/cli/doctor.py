"""`dalang doctor`: what this machine can render, and what to do next. Nothing is loaded, changed or fetched."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import socket
from importlib import metadata
from pathlib import Path

import msgspec

from dalang.cli.destination import is_alive
from dalang.cli.diagnosis import NEEDED, Cell, Diagnosis, Folder, Found, advice, cells, found, sources
from dalang.cli.pull import add_places, settings_of
from dalang.cli.table import table
from dalang.config import Config
from dalang.home import Home, read_place
from dalang.weights.checkpoint import checkpoints, find_checkpoint
from dalang.weights.fit import fit, published
from dalang.weights.listing import INDEX
from dalang.weights.machine import Gpu, Machine, machine, room

PACKAGES = (*NEEDED, "peft", "ftfy", "huggingface-hub")
"""Of the extra `wan`."""

KERNELS = ("flash-attn", "sageattention", "xformers")
"""That profiles may ask for; told only where they are."""


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang doctor",
        description="What this machine can render, how the open weights fit, and what to do next.",
    )
    parser.add_argument("--json", action="store_true", help="print all of it as JSON")
    add_places(parser)
    return parser


def run(arguments: argparse.Namespace) -> int:
    diagnosis = examine(settings_of(arguments))
    print(msgspec.json.format(msgspec.json.encode(diagnosis)).decode() if arguments.json else report(diagnosis))
    return 0


def examine(settings: Config) -> Diagnosis:
    this = machine()
    diagnosis = Diagnosis(
        python=platform.python_version(),
        machine=this,
        packages=packages(),
        speech=shutil.which("espeak-ng") is not None,
        data=folder(Path(settings.data)),
        weights=folder(settings.weights_folder),
        server=server(settings),
        checkpoints=tuple(examined(settings, this)),
        routes=any(route.checkpoint and route.engine not in settings.remotes for route in settings.routes.values()),
    )
    return msgspec.structs.replace(diagnosis, next=advice(diagnosis))


def packages() -> dict[str, str | None]:
    """Version by name, of those that are needed and those that are there."""
    versions = {name: version(name) for name in (*PACKAGES, *KERNELS)}
    return {name: told for name, told in versions.items() if told or name in PACKAGES}


def version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def folder(path: Path) -> Folder:
    """One that is not there yet is as writable as the one in which it would be made."""
    there = next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())
    return Folder(str(path), room(path), os.access(there, os.W_OK))


def server(settings: Config) -> str:
    place = read_place(Home(Path(settings.data)).running)
    if place and is_alive(place.url):
        return f"One runs on this data folder: {place.url}."
    where = f"{settings.host}:{settings.port}"
    return f"None runs; {where} is {'free' if is_free(settings.host, settings.port) else 'taken by another program'}."


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def examined(settings: Config, this: Machine) -> list[Found]:
    """Every checkpoint, by the weakest of the GPUs, since any of them may be given a task."""
    gpus = this.gpus.found
    gpu: Gpu | None = min(gpus, key=lambda one: one.gigabytes, default=None)
    names = dict.fromkeys((*checkpoints(), *settings.checkpoints))
    rows = [find_checkpoint(name, settings.checkpoints) for name in names]
    here = {row.name: (settings.weights_folder / row.name / INDEX).is_file() for row in rows}
    return [found(row, here[row.name], fit(row, gpu, this.ram), published(row, gpu, len(gpus))) for row in rows]


def report(diagnosis: Diagnosis) -> str:
    head = Cell("checkpoint", "makes", "here", "GB on disk", "fits", "published, a clip")
    said = [f"Published, not measured here: {source}" for source in sources(diagnosis.checkpoints)]
    parts = [
        table(("", ""), list(facts(diagnosis))).strip(),
        table(head, [cells(row) for row in diagnosis.checkpoints]),
        "\n".join(["How they fit is estimated from the size of the weights.", *said]),
        "\n".join(["Next:", *(indented(step) for step in diagnosis.next)]) if diagnosis.next else "Nothing is missing.",
    ]
    return "\n\n".join(parts)


def indented(step: str) -> str:
    return "\n".join(f"  {line}" for line in step.splitlines())


def facts(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    this = diagnosis.machine
    gpus = [f"{gpu.name}, {gpu.gigabytes:g} GB, driver {gpu.driver}" for gpu in this.gpus.found]
    ram = "" if this.ram is None else f", {this.ram:g} GB of RAM"
    installed = [f"{name} {told or 'missing'}" for name, told in diagnosis.packages.items()]
    return [
        *(("GPU", line) for line in gpus or [this.gpus.fault or "none"]),
        ("machine", f"{this.cores} cores{ram}, Python {diagnosis.python}"),
        ("packages", ", ".join(installed)),
        ("speech", "espeak-ng" if diagnosis.speech else "espeak-ng is missing: the animatic says nothing"),
        ("data", place(diagnosis.data)),
        ("weights", place(diagnosis.weights)),
        ("server", diagnosis.server),
    ]


def place(folder: Folder) -> str:
    return f"{folder.path}, {folder.free:g} GB free{'' if folder.is_writable else ', not writable'}"

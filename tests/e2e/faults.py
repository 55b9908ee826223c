"""Every way in which an engine can fail, and what becomes of its task."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.e2e.running import Server


class Fault(NamedTuple):
    engine: str
    code: str
    sentence: str
    """How it begins."""
    attempts: int


FAILED = "inference internal error. "
NO_ROOM = "Failed to upload result. "
TIMEOUT = "An internal timeout error has occured during execution"

FAULTS = {
    "hangs": Fault("hangs:Hangs", "InternalError.Algo", FAILED + "The worker made no progress for 1 s.", 3),
    "dies": Fault("dies:Dies", "InternalError.Algo", FAILED + "The worker died: SIGKILL.", 3),
    "raises": Fault("raises:Raises", "InternalError.Algo", FAILED + "KeyError: 'no such weight'", 3),
    "stops short": Fault("stops_short:StopsShort", "InternalError.Algo", FAILED + "The engine drew a clip", 3),
    "fills the disk": Fault("fills_disk:FillsDisk", "InternalError.Upload", NO_ROOM + "No space left", 1),
    "outgrows its limit": Fault("outgrows_limit:OutgrowsLimit", "InternalError.Upload", NO_ROOM + "File too", 1),
    "takes too long": Fault("ignores_cancel:IgnoresCancel", "InternalError.Timeout", TIMEOUT, 1),
}

SETTINGS = {"hangs": {"lease": "1s"}, "takes too long": {"render_limit": "3s"}}


class Case(NamedTuple):
    server: Server
    task: str
    """The one that meets the engine's trick."""


def begin(folder: Path) -> dict[str, Case]:
    """A server for each fault, and its task on it: side by side, since most of the time is waiting."""
    with ThreadPoolExecutor(len(FAULTS)) as threads:
        return dict(zip(FAULTS, threads.map(lambda name: begin_one(folder, name), FAULTS), strict=True))


def begin_one(folder: Path, name: str) -> Case:
    engine = f"tests.engines.{FAULTS[name].engine}"
    server = Server(folder / name, engine=engine, **SETTINGS.get(name, {})).start()
    return Case(server, server.create())

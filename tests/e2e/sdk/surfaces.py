"""The faces of the official SDK, in the versions that count."""

from __future__ import annotations

from typing import NamedTuple


class Surface(NamedTuple):
    """One face of one version of the SDK."""

    version: str
    face: str

    def __str__(self) -> str:
        return f"{self.version} {self.face}"


CLASSIC = [Surface(version, face) for version in ("1.25.8", "2.0.2") for face in ("sync", "aio")]
CLIENTS = [Surface("2.0.2", face) for face in ("client", "aio client")]
SURFACES = CLASSIC + CLIENTS
FILMING = [*CLASSIC, CLIENTS[0]]
"""Those that make all films; the other client object sends what the first one sends."""

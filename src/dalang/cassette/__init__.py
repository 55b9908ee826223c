"""Record and replay: what was asked of the cloud, or of another Dalang, kept as a folder and answered from it again.

A recorder stands before the real service and keeps each exchange; a replay stands before our own app and answers what
is on the cassette. Keys and signatures never reach the folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from dalang.api.edge import Edge
    from dalang.cassette.replay import Replay


def open_replay(app: ASGIApp, edge: Edge) -> Replay | None:
    """Before `app`, of the cassette that the settings name. None where they name none; then nothing of it is loaded.
    Raises ConfigError."""
    if edge.config.replay is None:
        return None
    from dalang.cassette.folder import read_cassette
    from dalang.cassette.replay import Replay

    return Replay(app, read_cassette(Path(edge.config.replay)), edge.config.replay_miss, edge.absolute)

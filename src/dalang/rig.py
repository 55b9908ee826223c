"""What differs between a server at work and one in test mode: the parts that a test must have its hands on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from starlette.types import ASGIApp

from dalang.api.app import create_app
from dalang.api.edge import Edge, draw_seed
from dalang.cassette import open_replay
from dalang.clock import Clock
from dalang.config import Config
from dalang.executors import Executor
from dalang.fetch.addresses import Resolve
from dalang.home import Home
from dalang.storage.local import LocalStorage
from dalang.store.sqlite import SQLiteStore


class Rig(Protocol):
    """`testbed.bed.Testbed` is the other kind."""

    @property
    def clock(self) -> Clock: ...
    @property
    def store(self) -> SQLiteStore: ...
    @property
    def storage(self) -> LocalStorage: ...

    def draw_seed(self) -> int:
        """Of a video whose caller gave none."""

    def executor(self, inner: Executor) -> Executor:
        """Where attempts run, if `inner` does the work."""

    def files(self, mapping: dict[str, Path]) -> dict[str, Path]:
        """The files that stand for addresses; `mapping` are those of the operator."""

    def resolver(self, allow: Sequence[str], setting: str) -> Resolve | None:
        """The one for who may reach what `setting` allows; None: the system's."""

    def app(self, edge: Edge) -> ASGIApp: ...


class PlainRig:
    """Of a server at work. Raises ConfigError for a folder for tests."""

    def __init__(self, config: Config, home: Home, clock: Clock) -> None:
        home.refuse_if_for_tests()
        self.clock = clock
        self.store = SQLiteStore(home.database, clock, config.retention_ms)
        self.storage = LocalStorage(home.files, home.secret(), clock)

    def draw_seed(self) -> int:
        return draw_seed()

    def executor(self, inner: Executor) -> Executor:
        return inner

    def files(self, mapping: dict[str, Path]) -> dict[str, Path]:
        return mapping

    def resolver(self, allow: Sequence[str], setting: str) -> Resolve | None:
        return None

    def app(self, edge: Edge) -> ASGIApp:
        app = create_app(edge)
        return open_replay(app, edge) or app


def make_rig(config: Config, home: Home, clock: Clock) -> Rig:
    """Raises ConfigError."""
    if not config.test:
        return PlainRig(config, home, clock)
    from dalang.testbed.bed import Testbed  # not loaded where nobody tests

    return Testbed(config, home, clock)

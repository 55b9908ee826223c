"""All of test mode in one server: its parts, how they meet, and the way back to the beginning."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from starlette.types import ASGIApp

from dalang.api.app import create_app
from dalang.api.edge import Edge
from dalang.cassette import open_replay
from dalang.clock import Clock
from dalang.config import Config
from dalang.executors import Executor
from dalang.fetch.addresses import Resolve, parse_allow
from dalang.home import Home
from dalang.ids import is_id
from dalang.models import MAX_SEED
from dalang.storage.local import LocalStorage
from dalang.task import Task
from dalang.testbed import controls, magic
from dalang.testbed.app import TestApp
from dalang.testbed.clock import TestClock
from dalang.testbed.executor import StagedExecutor
from dalang.testbed.faults import Faults
from dalang.testbed.journal import Journal
from dalang.testbed.media import Media, offline
from dalang.testbed.stages import Stages
from dalang.testbed.store import StagedStore

SEED = 0
"""Of the seeds that are drawn from the start, and after each reset."""


class Testbed:
    """The rig of a server in test mode. Raises ConfigError for a folder that is not for tests."""

    __test__ = False  # for pytest, which takes the name for a suite

    def __init__(self, config: Config, home: Home, clock: Clock) -> None:
        home.reserve_for_tests()
        self.clock = TestClock(clock)
        self.faults = Faults()
        self.journal = Journal()
        self.media = Media(home.media)
        self.store = StagedStore(home.database, self.clock, config.retention_ms, durable=False)
        self.store.director = self
        self.storage = LocalStorage(home.files, home.secret(), self.clock, durable=False)
        self.stages = Stages(self.clock, self.store)
        self._random = random.Random(SEED)

    # Where the server asks

    def draw_seed(self) -> int:
        return self._random.randint(0, MAX_SEED)

    def executor(self, inner: Executor) -> Executor:
        return StagedExecutor(inner, self.stages)

    def files(self, mapping: dict[str, Path]) -> dict[str, Path]:
        return self.media.stand_for(mapping)

    def resolver(self, allow: Sequence[str], setting: str) -> Resolve:
        return offline(parse_allow(allow, setting))

    def app(self, edge: Edge) -> ASGIApp:
        """With controls and declared faults, watched; what is replayed is befallen too."""
        self._edge = edge
        app = create_app(edge, controls.routes(self))
        self._replay = open_replay(app, edge)
        return TestApp(self._replay or app, self.faults, self.journal, self._find, self.stages.polled, self.clock)

    def _find(self, task_id: str) -> Task | None:
        return self.store.get(task_id) if is_id(task_id) else None

    @property
    def is_held(self) -> bool:
        return self.stages.is_held

    def enter(self, task: Task) -> Task:
        """Raises InvalidParameter for magic in the prompt that is none."""
        transition = magic.read(task.request.prompt).transition(self.stages.transition)
        return self.stages.enter(task, self.faults.for_task(task), transition)

    def made(self, task: Task) -> None:
        self.journal.order(task.request_id, task.id, task.request)

    def forget(self, task_id: str) -> None:
        self.stages.forget(task_id)

    # Where tests ask

    def seed(self, seed: int) -> None:
        self._random.seed(seed)

    def move_clock(self, freeze: bool | None, to: int | None, by: int) -> None:
        """Milliseconds."""
        if freeze is not None:
            (self.clock.freeze if freeze else self.clock.go)()
        if to is not None or by:
            self.clock.set((self.clock() if to is None else to) + by)
        self.store.touch()

    async def reset(self) -> None:
        """Work in hand is given up, since its rows are gone."""
        self.faults.clear()
        self.journal.clear()
        self.stages.reset()
        self.media.clear()
        self.clock.reset()
        self.seed(SEED)
        self._edge.rates.clear()
        if self._replay:
            self._replay.rewind()
        await self.store.reset()
        await self.storage.clear()

"""Attempts that fail or last as a test wants. What is drawn is drawn at once; only the end is held back, and no slot
with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress

from dalang import events
from dalang.errors import ProtocolError, WorkerFault
from dalang.executors import Executor
from dalang.testbed.stages import Stages, sentence_of

BEAT = 1.0
"""Seconds between signs of life of an attempt that is held, lest it counts as hung."""


class StagedExecutor:
    """`inner` does the work."""

    def __init__(self, inner: Executor, stages: Stages) -> None:
        self._inner = inner
        self._stages = stages

    @property
    def idle(self) -> int:
        return self._inner.idle

    @property
    def wanted(self) -> Sequence[str]:
        return self._inner.wanted

    async def start(self, on_idle: Callable[[], None]) -> None:
        await self._inner.start(on_idle)

    async def close(self) -> None:
        await self._inner.close()

    async def run(self, command: events.Command) -> AsyncGenerator[events.Event, None]:
        """Raises ProtocolError or WorkerFault, as `Executor.run` and as declared."""
        assert isinstance(command, events.Render | events.Obtain)
        script = self._stages.running(command.task_id)
        if script.crashes:
            script.crashes -= 1
            raise WorkerFault("The worker died: a test wants it so.")
        outcome: events.Event | None = None
        if script.fail is None:
            async with aclosing(self._inner.run(command)) as happened:
                async for outcome in happened:
                    if isinstance(outcome, events.Progress):
                        yield outcome
        while not script.end.is_open:
            yield events.Progress(0.99)
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await script.end.opened.wait()
        if script.fail:
            raise ProtocolError(sentence_of(script.fail), code=script.fail.code)
        assert outcome is not None
        yield outcome

"""An executor whose slots play what a test wrote, and plays named by what they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from dalang.errors import ProtocolError, WorkerFault
from dalang.events import Command, Event, Inspect, Inspected, Progress, Render, Rendered


async def others_turn() -> None:
    """Everything else that can go on does."""
    await asyncio.sleep(0)


Play = Callable[[Command], AsyncGenerator[Event, None]]


class Stage:
    """Plays `plays` one after the other; the last one stays on."""

    def __init__(self, *plays: Play, slots: int = 1) -> None:
        self._plays = list(plays)
        self.idle = slots
        self.wanted: list[str] = []
        self.commands: list[Command] = []
        self.is_closed = False
        self.was_overbooked = False
        self.on_idle: Callable[[], None] = lambda: None

    async def start(self, on_idle: Callable[[], None]) -> None:
        self.on_idle = on_idle
        on_idle()

    async def close(self) -> None:
        self.is_closed = True

    async def until(self, *, begun: int, idle: int) -> None:
        """`begun` plays were started so far, and `idle` slots wait for more."""
        async with asyncio.timeout(30):
            while (len(self.commands), self.idle) != (begun, idle):
                await others_turn()

    async def run(self, command: Command) -> AsyncGenerator[Event, None]:
        if self.idle <= 0:
            self.was_overbooked = True
            raise AssertionError("a slot is taken only when it is idle")
        self.idle -= 1
        self.commands.append(command)
        play = self._plays.pop(0) if len(self._plays) > 1 else self._plays[0]
        try:
            async for event in play(command):
                yield event
        finally:
            self.idle += 1
            self.on_idle()


async def films(command: Command) -> AsyncGenerator[Event, None]:
    assert isinstance(command, Render)
    yield Progress(0.5)
    write(command.output)
    yield Rendered(("dim light",))


async def inspects(command: Command) -> AsyncGenerator[Event, None]:
    assert isinstance(command, Inspect)
    write(command.target)
    yield Inspected(1104, 816)


async def faults(command: Command) -> AsyncGenerator[Event, None]:
    yield Progress(0.1)
    raise WorkerFault("The worker died: SIGKILL.")


async def objects(command: Command) -> AsyncGenerator[Event, None]:
    yield Progress(0.1)
    raise ProtocolError("Output data may contain inappropriate content.", code="DataInspectionFailed")


async def overfills(command: Command) -> AsyncGenerator[Event, None]:
    yield Progress(0.9)
    raise OSError(28, "No space left on device")


async def errs(command: Command) -> AsyncGenerator[Event, None]:
    yield Progress(0.1)
    raise KeyError("a bug of ours")


async def hangs(command: Command) -> AsyncGenerator[Event, None]:
    yield Progress(0.1)
    await asyncio.Event().wait()


async def drops(command: Command) -> AsyncGenerator[Event, None]:
    """Ends without an answer."""
    yield Progress(0.1)


def write(path: str) -> None:
    Path(path).write_bytes(b"film")

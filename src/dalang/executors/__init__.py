"""The executor seam: where attempts run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol

from dalang.events import Command, Event


class Executor(Protocol):
    """A number of slots, each of which does one command at a time."""

    @property
    def idle(self) -> int:
        """Slots that could start this instant."""

    @property
    def wanted(self) -> Sequence[str]:
        """Names of setups of which idle slots would rather have the next task, one for each such slot."""

    async def start(self, on_idle: Callable[[], None]) -> None:
        """`on_idle` is called whenever a slot becomes idle."""

    async def close(self) -> None: ...

    def run(self, command: Command) -> AsyncGenerator[Event, None]:
        """Progress, and last what came of it. Raises WorkerFault and ProtocolError. Closing the iterator, or canceling
        the task that awaits it, stops the work and frees the slot."""

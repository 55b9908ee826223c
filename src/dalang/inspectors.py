"""Turns at the child processes that decode what strangers sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing
from typing import TypeVar

from dalang.errors import InternalError, InvalidFile, InvalidImage, ProtocolError, WorkerFault
from dalang.events import Event, Inspect, InspectAudio, InspectClip, Inspected, InspectFilm, Obtain
from dalang.executors import Executor

Inspection = Inspect | InspectAudio | InspectClip | InspectFilm
E = TypeVar("E", bound=Event)

TRIES = 2
"""Inspections that may die of one file before the file is held to be the reason."""

SECONDS = {Inspect: 20.0, InspectAudio: 20.0, InspectClip: 180.0, InspectFilm: 180.0}
"""For one file, so that none that hangs a decoder holds up the others for ever; a clip is encoded anew besides."""

UNREADABLE: dict[type[Inspection], ProtocolError] = {
    Inspect: InvalidImage("The picture cannot be decoded."),
    InspectAudio: InvalidFile("The sound cannot be decoded."),
    InspectClip: InvalidFile("The clip cannot be decoded."),
    InspectFilm: InvalidFile("The video cannot be decoded."),
}

log = logging.getLogger("dalang.inspectors")


class Inspectors:
    """`executor` runs inspections; it is started with the first: a server that only ever sees prompts needs none."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._idle = asyncio.Event()
        self._started = False

    async def close(self) -> None:
        await self._executor.close()

    async def ask(self, command: Inspection, answer: type[E], about: Mapping[str, str]) -> E:
        """`about` goes into what is logged. Raises the child's ProtocolError, or one that says that the file cannot be
        decoded."""
        for _ in range(TRIES):
            try:
                return await self._ask_once(command, answer)
            except TimeoutError:  # it would take as long again
                log.warning("inspection took too long", extra=dict(about))
                break
            except WorkerFault as fault:
                log.warning("inspection failed", extra={**about, "reason": str(fault)})
        raise UNREADABLE[type(command)]

    async def screen(self, asked: Obtain) -> None:
        """Leave stills of what another server made. Raises ProtocolError."""
        command = InspectFilm(asked.output, asked.stills)
        about = {"task_id": asked.task.id, "request_id": asked.task.request_id}
        try:
            await self.ask(command, Inspected, about)
        except ProtocolError as error:  # about a file, of which the caller has sent none
            raise InternalError(f"{InternalError.SENTENCE} Another server made it. {error.message}") from error

    async def _ask_once(self, command: Inspection, answer: type[E]) -> E:
        """Raises ProtocolError, WorkerFault or TimeoutError."""
        await self._turn()
        async with asyncio.timeout(SECONDS[type(command)]), aclosing(self._executor.run(command)) as events:
            async for event in events:
                if isinstance(event, answer):
                    return event
        raise WorkerFault("The inspector gave no answer.")

    async def _turn(self) -> None:
        if not self._started:
            self._started = True
            await self._executor.start(self._idle.set)
        while not self._executor.idle:
            self._idle.clear()
            await self._idle.wait()

"""Child processes of this server: warm, replaced when they die, killed when they do not stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence

from dalang import events
from dalang.config import worker_environment
from dalang.errors import ProtocolError, WorkerFault
from dalang.executors.held import Held, after, best, setup_of, wanted

WARM_SECONDS = 900.0
"""How long a worker may take to load: the weights of a large model come from a disk."""

STOP_SECONDS = 1.0
"""How long a worker may take to stop politely."""

STEP_SECONDS = 60.0
"""How long one with weights may: it hears between two steps, and loading them again would take minutes."""

RESPAWN_SECONDS = (0.0, 1.0, 5.0, 30.0)
"""Pauses before a worker is started again that died before it was of use."""

log = logging.getLogger("dalang.executor")


class LocalExecutor:
    """`arguments` are those of `python -m dalang.worker`; `devices` what its processes see of the GPUs
    (CUDA_VISIBLE_DEVICES), slot by slot, where that is not all."""

    def __init__(self, arguments: Sequence[str], slots: int, devices: Sequence[str] = ()) -> None:
        self._arguments = arguments
        self._devices: Sequence[str | None] = devices or (None,) * slots
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._keepers: set[asyncio.Task[None]] = set()
        self._on_idle: Callable[[], None] = lambda: None

    @property
    def idle(self) -> int:
        return len(self._idle)

    @property
    def wanted(self) -> Sequence[str]:
        return wanted([child.held for child in self._idle], time.monotonic())

    async def start(self, on_idle: Callable[[], None]) -> None:
        self._on_idle = on_idle
        for devices in self._devices:
            self._fill_slot(devices)

    async def close(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(child.kill() for child in self._all))

    async def run(self, command: events.Command) -> AsyncGenerator[events.Event, None]:
        if not self._idle:
            raise WorkerFault("The worker died before it was given work.")
        child = self._idle.pop(best([child.held for child in self._idle], setup_of(command)))
        child.held = after(child.held, command, time.monotonic())
        try:
            async for event in child.ask(command):
                yield event
        finally:
            await asyncio.shield(self._give_back(child))

    async def _give_back(self, child: Child) -> None:
        if not child.is_busy or await child.stop():
            self._offer(child)

    def _offer(self, child: Child) -> None:
        if child.is_alive:  # it may have been killed since its last answer
            self._idle.append(child)
            self._on_idle()

    def _fill_slot(self, devices: str | None) -> None:
        keeper = asyncio.create_task(self._keep_slot(devices))
        self._keepers.add(keeper)
        keeper.add_done_callback(self._keepers.discard)

    async def _keep_slot(self, devices: str | None) -> None:
        """A warm child for the life of the executor: when one dies, busy or idle, another takes its place."""
        pauses = iter(RESPAWN_SECONDS)
        pause = next(pauses)
        while True:
            await asyncio.sleep(pause)
            try:
                was_of_use = await self._one_life(devices)
            except OSError as error:  # no process or no memory to be had; later there may be
                log.error("worker not started", extra={"reason": str(error)})
                was_of_use = False
            if was_of_use:
                pauses = iter(RESPAWN_SECONDS)
            pause = next(pauses, pause)

    async def _one_life(self, devices: str | None) -> bool:
        """From birth to death of one child; whether it ever was of use. Raises OSError when none can be started."""
        child = await Child.spawn(self._arguments, devices)
        self._all.add(child)
        is_warm = await child.is_warm()
        if is_warm:
            self._offer(child)
        else:
            await child.kill()
        code = await child.wait()
        self._all.discard(child)
        if child in self._idle:
            self._idle.remove(child)
        was_of_use = child.was_asked
        log.warning("worker ended", extra={"worker": " ".join(self._arguments), "exit": explain_exit(code)})
        return was_of_use


class Child:
    """One worker process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process = process
        self._commands = process.stdin
        self._events = process.stdout
        self.is_busy = False
        self.was_asked = False
        self.held: Held | None = None
        """The weights that it was last given."""

    @classmethod
    async def spawn(cls, arguments: Sequence[str], devices: str | None = None) -> Child:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "dalang.worker", *arguments)
        environment = worker_environment(devices=devices)
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, env=environment))

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def is_warm(self) -> bool:
        """Once it says so; not, when it dies or takes too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WARM_SECONDS):
                return isinstance(await events.read_event(self._events), events.Ready)
        return False

    async def ask(self, command: events.Command) -> AsyncGenerator[events.Event, None]:
        self.is_busy = self.was_asked = True
        self._tell(command)
        while True:
            match await events.read_event(self._events):
                case events.Progress() as event:
                    yield event
                case None:
                    raise WorkerFault(f"The worker died: {explain_exit(await self.kill())}.")
                case events.Failed(code, message, is_fault, trace):
                    self.is_busy = False
                    raise WorkerFault(message, trace) if is_fault else ProtocolError(message, code=code)
                case event:
                    self.is_busy = False
                    yield event
                    return

    def _tell(self, command: events.Command) -> None:
        """Nothing, to a process that is dead: uvloop raises where asyncio would not, and its end is seen by reading."""
        if not self._commands.is_closing():
            self._commands.write(events.pack(command))

    async def stop(self) -> bool:
        """Politely, then by kill; whether the process lives on, idle."""
        with contextlib.suppress(TimeoutError, ConnectionError):
            self._tell(events.Stop())
            async with asyncio.timeout(STEP_SECONDS if self.held else STOP_SECONDS):
                while event := await events.read_event(self._events):
                    if not isinstance(event, events.Progress):
                        self.is_busy = False
                        return True
        await self.kill()
        return False

    async def kill(self) -> int:
        if self.is_alive:
            # Not Process.kill(): it polls, and so may take the exit code away from asyncio's own watcher.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        return await self.wait()

    async def wait(self) -> int:
        """The exit code; negative for a signal."""
        return await self._process.wait()


def explain_exit(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"

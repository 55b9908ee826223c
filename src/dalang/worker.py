"""The worker process: warm, one command at a time, typed events back.

It lives on the pipe: when the server closes it or dies, the worker exits at once, whatever it is doing. The wall around
engines and decoders stands here, so here, and only here, everything is caught.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import BinaryIO

from dalang import events
from dalang.engines import Canceled, Engine, load_engine
from dalang.errors import NO_ROOM, CannotRender, ProtocolError

Work = Callable[[events.Command], events.Event]

REPORT_SECONDS, REPORT_STEP = 0.05, 0.1
"""Progress is told after so long, or so much of the whole: engines may report every frame."""

TRACE = 20_000
"""Characters of a traceback, from its end."""


class Worker:
    """Reads commands in a thread, so that a `Stop`, or the server's death, is noticed in the middle of work."""

    def __init__(self, commands: BinaryIO, answers: BinaryIO) -> None:
        self._commands = commands
        self._answers = answers
        self._inbox: queue.SimpleQueue[events.Command] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._told = self._told_at = 0.0

    def serve(self, work: Work) -> None:
        """Until the pipe closes, which ends the process."""
        threading.Thread(target=self._listen, name="commands", daemon=True).start()
        self._send(events.Ready())
        while True:
            self._send(self._guarded(work, self._inbox.get()))

    def report(self, fraction: float) -> None:
        """Never less than was told before: engine and encoder tell of the same work, one ahead of the other."""
        if self._stopped.is_set():
            raise Canceled
        fraction = max(fraction, self._told)
        now = time.monotonic()
        if now - self._told_at >= REPORT_SECONDS or fraction - self._told >= REPORT_STEP:
            self._told, self._told_at = fraction, now
            self._send(events.Progress(fraction))

    def _listen(self) -> None:
        while command := events.read_command(self._commands):
            if isinstance(command, events.Stop):
                self._stopped.set()
            else:
                self._stopped.clear()
                self._told = 0.0
                self._inbox.put(command)
        os._exit(0)

    def _send(self, event: events.Event) -> None:
        try:
            self._answers.write(events.pack(event))
            self._answers.flush()
        except BrokenPipeError:
            os._exit(0)

    def _guarded(self, work: Work, command: events.Command) -> events.Event:
        try:
            return work(command)
        except Canceled:
            return events.Stopped()
        except ProtocolError as error:
            is_fault = error.code == "InternalError.Algo" and not isinstance(error, CannotRender)
            return events.Failed(error.code, error.message, is_fault=is_fault)
        except OSError as error:
            return _no_room(error) if error.errno in NO_ROOM else _fault(error)
        except (Exception, SystemExit) as error:  # noqa: BLE001  the wall: an engine may raise anything, or want to leave
            return _fault(error)


def _no_room(error: OSError) -> events.Failed:
    return events.Failed("InternalError.Upload", f"Failed to upload result. {error.strerror}.", is_fault=False)


def _fault(error: BaseException) -> events.Failed:
    """The server logs it, where the task and its request are known."""
    trace = "".join(traceback.format_exception(error))[-TRACE:]
    return events.Failed("InternalError.Algo", f"{type(error).__name__}: {error}", is_fault=True, trace=trace)


def renderer(worker: Worker, engine_name: str) -> Work:
    """Warm with one engine; another, that a task was accepted for under other settings, loads when it is asked for."""
    from dalang.media.encode import encode
    from dalang.media.finish import drawable, finished, lengthened, shaped

    engines: dict[str, Engine] = {engine_name: load_engine(engine_name)}

    def render(command: events.Command) -> events.Event:
        assert isinstance(command, events.Render)
        if command.engine not in engines:
            engines[command.engine] = load_engine(command.engine)
        drawn = engines[command.engine].render(drawable(command.request, command.finish), worker.report)
        whole = shaped(lengthened(command.request, command.finish), drawn)
        clip = finished(drawn, whole, command.finish, command.output)
        encode(clip, whole, command.output, worker.report, tags=command.finish.metadata)
        return events.Rendered(clip.warnings, size=drawn.form and drawn.form[:2])

    return render


def inspector() -> Work:
    from dalang.media.decode import MEMORY, limit_memory
    from dalang.media.inspection import INSPECTIONS

    limit_memory(MEMORY)
    return lambda command: INSPECTIONS[type(command)](command)


def main() -> None:
    """`python -m dalang.worker render ENGINE`, or `... inspect`: commands on stdin, events on stdout."""
    # A terminal's Ctrl-C and a service manager's SIGTERM reach the whole group; only the server decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up between events
    worker = Worker(sys.stdin.buffer, answers)
    match sys.argv[1:]:
        case ["render", engine]:
            worker.serve(renderer(worker, engine))
        case ["inspect"]:
            worker.serve(inspector())
        case _:
            sys.exit("usage: python -m dalang.worker render ENGINE | inspect")


if __name__ == "__main__":
    main()

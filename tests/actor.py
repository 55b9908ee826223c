"""A worker process whose work is what the prompt names. Run as a file; starts in a tenth of a real worker's time."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time

from dalang.errors import CannotRender, InternalError, InvalidImage
from dalang.events import Command, Event, Render, Rendered
from dalang.worker import Worker

RAISES = {
    "object": InvalidImage("Too small.", code="InvalidImage.ImageSize"),
    "err": ValueError("a bug"),
    "err in the algorithm": InternalError("Wrong frames.", code="InternalError.Algo"),
    "ask too much": CannotRender("Too large for this GPU."),
    "overfill": OSError(errno.ENOSPC, "No space left on device"),
    "lose a file": FileNotFoundError(errno.ENOENT, "No such file"),
    "run out of memory": MemoryError(),
    "quit": SystemExit(3),
}


def act(worker: Worker, what: str) -> Event:
    if what in RAISES:
        raise RAISES[what]
    if what == "say who you are":
        return Rendered((str(os.getpid()), os.environ.get("CUDA_VISIBLE_DEVICES", "all")))
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "be deaf":
        worker.report(0.1)
        time.sleep(60)
    while what == "go on and on":
        worker.report(0.1)
        time.sleep(0.001)
    for fraction in (0.25, 0.5):
        worker.report(fraction)
    return Rendered(("done",))


def main() -> None:
    worker = Worker(sys.stdin.buffer, sys.stdout.buffer)

    def work(command: Command) -> Event:
        assert isinstance(command, Render)
        return act(worker, command.request.prompt)

    worker.serve(work)


if __name__ == "__main__":
    main()

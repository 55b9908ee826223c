"""Out of memory in a real worker: the task fails once, with what would fit, and the next one is rendered."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
import pytest

from dalang import events
from tests.wan.conftest import MakeRequest, MakeSetup

STARVED = Path(__file__).parent / "starved.py"


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, str(STARVED)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def answer(worker: subprocess.Popen[bytes], command: events.Command) -> events.Event:
    """The first that is more than progress."""
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write(events.pack(command))
    worker.stdin.flush()
    while isinstance(event := receive(worker.stdout), events.Progress | events.Ready):
        pass
    return event


def receive(answers: IO[bytes]) -> events.Event:
    (length,) = struct.unpack("!I", answers.read(4))
    event: events.Event = msgspec.msgpack.decode(answers.read(length), type=events.Event)
    return event


def test_it_fails_for_good_and_the_next_task_in_the_same_worker_runs(
    worker: subprocess.Popen[bytes], setup: MakeSetup, request_of: MakeRequest, tmp_path: Path
) -> None:
    wide = request_of(setup("wan2.1-t2v-1.3b"), width=128)
    failed = answer(worker, events.Render("1", "wan", wide, str(tmp_path / "1.mp4")))
    assert isinstance(failed, events.Failed)
    assert (failed.code, failed.is_fault) == ("InternalError.Algo", False), "it would fail a third time"
    assert "wan2.1-t2v-1.3b did not fit" in failed.message
    assert "with offload model" in failed.message, "it was tried with the next offload"
    narrow = request_of(setup("wan2.1-t2v-1.3b"))
    assert isinstance(answer(worker, events.Render("2", "wan", narrow, str(tmp_path / "2.mp4"))), events.Rendered)
    assert (tmp_path / "2.mp4").stat().st_size > 1000

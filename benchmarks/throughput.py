"""Polls and durable creates a second, held against the floor (`benchmarks/floor.py` says what that is).

One server process on core 0, one load generator on core 1: 64 connections, one request at a time on each. Ours and the
floor take turns within one run; the ratio is the median over the rounds of ours to the floor's beside it. Polls ask for
tasks drawn at random, done ones and waiting ones apart; creates send a prompt of 179 characters and count only once
they are on the disk. The one render slot is held meanwhile by a task that uses no processor. Beside each rate stands
the processor time of an answer, which other work on the machine moves less.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import repeat
from pathlib import Path

from benchmarks.duel import Duel, duel
from benchmarks.load import create, poll
from benchmarks.result import Result
from benchmarks.rows import PROMPT, fill
from benchmarks.running import SERVER_CORE, Running, dalang, floor, running, scratch
from benchmarks.scale import Scale
from dalang.home import Home
from dalang.task import TaskStatus

POLL_GOAL, CREATE_GOAL = 0.6, 0.5

BODY = json.dumps(
    {
        "model": "wan2.6-t2v",
        "input": {"prompt": PROMPT},
        "parameters": {"size": "1280*720", "duration": 5, "seed": 1234567},
    }
).encode()


def measure(scale: Scale) -> Iterator[Result]:
    with ExitStack() as opened:
        folders = [opened.enter_context(scratch()) for _ in range(2)]
        ours = opened.enter_context(running(dalang(folders[0], "benchmarks.engines:Held"), folders[0], SERVER_CORE))
        raw = opened.enter_context(running(floor(folders[1]), folders[1], SERVER_CORE))
        ours.create(BODY)
        for status, kind in ((TaskStatus.SUCCEEDED, "done"), (TaskStatus.PENDING, "waiting")):
            seen = _polls(ours, raw, folders, status, scale)
            yield seen.result(f"polls of {kind} tasks, {scale.rows:,} rows", POLL_GOAL)
        creates = partial(repeat, create(BODY))
        seen = duel(ours, raw, (creates, creates), scale.rounds, scale.press)
        yield seen.result("durable creates", CREATE_GOAL)


def _polls(ours: Running, raw: Running, folders: list[Path], status: TaskStatus, scale: Scale) -> Duel:
    requests = [partial(polls, fill(Home(folder / "data").database, scale.rows, status)) for folder in folders]
    return duel(ours, raw, (requests[0], requests[1]), scale.rounds, scale.press)


def polls(ids: list[str]) -> Iterator[bytes]:
    """Without end, of tasks drawn at random."""
    while True:
        for task_id in random.choices(ids, k=1000):
            yield poll(task_id)

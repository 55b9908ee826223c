"""Whether the server process grows: resident memory (VmRSS, MB of 10^6 bytes) idle, after distinct polls, after tasks.

Idle is a server that is ready and has answered one list call, its worker warm. The tasks are real ones, two seconds
of grey 720p from an engine that takes no time, encoded, stored and published; waiting for them polls too. The worker
processes, which load the codecs, are not counted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from benchmarks.load import poll, press
from benchmarks.result import Result
from benchmarks.rows import PROMPT, fill
from benchmarks.running import Running, dalang, running, scratch
from benchmarks.scale import Scale
from dalang.home import Home
from dalang.task import TaskStatus

MOST, GROWTH = 120.0, 5.0
"""MB."""

SETTLE = 3.0
"""Seconds in which a warm worker says so and the interpreter comes to rest."""

POLLS_LIMIT, TASK_LIMIT = 120.0, 1.0
"""Seconds: for all the polls; for one task on the average."""

AT_ONCE = 50
"""Tasks in the queue while they are rendered."""

BODY = json.dumps(
    {"model": "wan2.6-t2v", "input": {"prompt": PROMPT}, "parameters": {"size": "1280*720", "duration": 2}}
).encode()


def measure(scale: Scale) -> Iterator[Result]:
    with scratch() as folder, running(dalang(folder, "benchmarks.engines:Blank", slots=2), folder) as server:
        ids = fill(Home(folder / "data").database, scale.polls, TaskStatus.SUCCEEDED)
        server.ask("GET", "/api/v1/tasks/")
        time.sleep(SETTLE)
        idle = server.memory()["VmRSS"]
        press(server.port, map(poll, ids), POLLS_LIMIT)
        polled = server.memory()["VmRSS"]
        _render(server, scale.tasks)
        rendered = server.memory()
    yield Result("server memory, idle", f"{idle:.0f} MB", goal=f"≤ {MOST:g} MB", met=idle <= MOST)
    yield _grown(f"after {scale.polls:,} distinct polls", polled, idle)
    yield _grown(f"after {scale.tasks:,} tasks besides", rendered["VmRSS"], idle)
    peak = rendered["VmHWM"]
    yield Result("server memory, the most at any time", f"{peak:.0f} MB", goal=f"≤ {MOST:g} MB", met=peak <= MOST)


def _grown(when: str, now: float, idle: float) -> Result:
    grown = now - idle
    return Result(
        f"server memory {when}",
        f"{now:.0f} MB",
        f"{idle:.0f} MB idle",
        f"{grown:+.1f} MB",
        f"± {GROWTH:g} MB",
        abs(grown) <= GROWTH,
    )


def _render(server: Running, count: int) -> None:
    """Create `count` tasks, never many ahead, and wait until each has SUCCEEDED."""
    end = time.monotonic() + 30 + TASK_LIMIT * count
    waiting: list[str] = []
    for number in range(count):
        waiting.append(server.create(BODY))
        if len(waiting) == AT_ONCE or number == count - 1:
            for task_id in waiting:
                _wait(server, task_id, end)
            waiting.clear()


def _wait(server: Running, task_id: str, end: float) -> None:
    while (status := server.status(task_id)) != "SUCCEEDED":
        if status == "FAILED" or time.monotonic() > end:
            raise RuntimeError(f"task {task_id} is {status}: {server.query(task_id)}")
        time.sleep(0.02)
